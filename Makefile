# The commands of this repository. `make` lists them.
.DEFAULT_GOAL := help
BIN := .venv/bin
ARGS ?=
WORKERS ?= 2

# Modules that write a committed file or, with --check, check that it is current.
GENERATORS := $(foreach module,gateway.schema_export deploy.cli.reference,\
	$(if $(wildcard $(subst .,/,$(module)).py $(subst .,/,$(module))/__main__.py),$(module)))

.PHONY: help up down status test test-all test-parts test-parts-stop test-compose test-openapi lint bench docs

help: ## list the commands
	@grep -E '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /  make \1\t/' | expand -t 25

# The virtual environment; made again when one of its sources changes.
.venv/.ready: uv.lock pyproject.toml
	@PYTHON="$(PYTHON)" sh deploy/local/bootstrap.sh

up: .venv/.ready ## run everything here, without Docker (DETACH=1: in the background)
	@$(BIN)/python -m deploy.local up $(if $(filter-out 0 no false,$(DETACH)),--detach)

down: .venv/.ready ## stop what `make up` started
	@$(BIN)/python -m deploy.local down

status: .venv/.ready ## say what runs, and where
	@$(BIN)/python -m deploy.local status

test: .venv/.ready ## run the tests, on two cores, a MongoDB and a RabbitMQ of their own (ARGS=... for pytest)
	$(BIN)/pytest -n $(WORKERS) -m "not slow and not compose" $(ARGS)

test-all: .venv/.ready ## run the tests, the slow proofs too
	$(BIN)/pytest -n $(WORKERS) -m "not compose" $(ARGS)

test-parts: .venv/.ready ## start a MongoDB and a RabbitMQ and leave them running for test runs in this folder
	@$(BIN)/python -m tests.support.standing start

test-parts-stop: .venv/.ready ## stop them, and remove their data
	@$(BIN)/python -m tests.support.standing stop

test-compose: .venv/.ready ## run the compose file on a real Docker engine
	$(BIN)/pytest -m compose tests/compose $(ARGS)

test-openapi: .venv/.ready ## send every service generated requests, valid and invalid, with schemathesis
	$(BIN)/pytest -s -m slow tests/openapi $(ARGS)

lint: .venv/.ready ## check style, types, who may import whom, and that generated files are current
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(foreach module,$(GENERATORS),$(BIN)/python -m $(module) --check && ) true

bench: .venv/.ready ## measure speed and memory
	$(BIN)/python -m bench $(ARGS)

docs: .venv/.ready ## write the generated files again
	$(foreach module,$(GENERATORS),$(BIN)/python -m $(module) && ) true
