"""The committed reference is the one the code makes, and holds together."""

import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema_rs
import pytest

from deploy.cli.reference.asyncapi import asyncapi
from deploy.cli.reference.documents import documents, stale
from deploy.cli.reference.messages import messages_page
from deploy.cli.reference.problems import problems
from deploy.cli.reference.schemas import data_schema, envelope_schema, messages, public_messages
from shared.faults import CODES
from shared.settings import SERVICES

ROOT = Path(__file__).parents[2]
WANTED = documents()


def references(part: Any) -> Iterator[str]:
    """Every `$ref` in a document."""
    if isinstance(part, dict):
        if isinstance(part.get("$ref"), str):
            yield part["$ref"]
        for value in part.values():
            yield from references(value)
    elif isinstance(part, list):
        for value in part:
            yield from references(value)


@pytest.mark.parametrize("path", WANTED, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_committed_document_is_current(path: Path) -> None:
    assert path.exists(), "run `make docs`"
    assert path.read_text() == WANTED[path], "run `make docs`"


def test_nothing_lies_there_that_is_no_longer_made() -> None:
    assert stale(WANTED) == []


def test_every_public_message_has_a_schema_of_its_own() -> None:
    folder = ROOT / "docs" / "reference" / "schemas"
    assert {path.stem for path in folder.iterdir()} == {*public_messages(), "notify.webhook_pinged.v1", "envelope"}
    assert "### `notify.webhook_pinged` (to one endpoint)" in messages_page()


@pytest.mark.parametrize("schema", [*map(data_schema, messages().values()), envelope_schema()], ids=lambda s: s["$id"])
def test_a_schema_is_one(schema: dict[str, Any]) -> None:
    jsonschema_rs.meta.validate(schema)


def test_the_asyncapi_document_holds_together() -> None:
    document = asyncapi()
    assert document["asyncapi"].startswith("3.")
    for reference in references(document):
        at: Any = document
        for step in reference.removeprefix("#/").split("/"):
            at = at[step]
    sent = {name for name, operation in document["operations"].items() if operation["action"] == "send"}
    assert sent == {f"{type_.split('.')[0]}_sends_{type_}" for type_ in messages()}


def test_the_asyncapi_document_says_who_listens() -> None:
    operations = asyncapi()["operations"]
    assert "learning_receives_events.event_completed.v1" in operations
    assert "membership_receives_learning.entry_shared.v1" in operations
    assert {f"notify_receives_{type_}" for type_ in public_messages()} <= set(operations)


def test_problems_are_gathered_from_every_part_and_by_both_ways_of_raising() -> None:
    found = {(one.code, one.kind) for one in problems(ROOT)}
    assert ("changed_meanwhile", "Conflict") in found  # a class with a code
    assert ("scope_missing", "NotAllowed") in found  # a code given where it is raised
    assert {*SERVICES, "gateway", "everyone"} <= {part for one in problems(ROOT) for part in one.part.split(", ")}


def test_every_code_that_is_raised_or_answered_is_in_the_page() -> None:
    page = WANTED[ROOT / "docs" / "reference" / "problems.md"]
    written = {
        code
        for folder in ("shared", "services", "gateway")
        for path in (ROOT / folder).rglob("*.py")
        for code in re.findall(r'(?:code(?: = |=)"|problem_response\(\d+, "|\bfault\(\s*")([a-z_]+)"', path.read_text())
    }
    assert {"hub_unknown", "event_too_long", "method_not_allowed", "not_a_slug"} <= written
    assert {code for code in (*written, *CODES) if f"| `{code}` |" not in page} == set()


def test_the_check_notices_what_was_changed_and_what_was_left(tmp_path: Path) -> None:
    for folder in ("shared", "services", "gateway", "deploy", "docs"):
        shutil.copytree(ROOT / folder, tmp_path / folder)  # compiled files too, or each would be compiled anew

    def reference(*words: str, seed: str = "1") -> tuple[int, str]:
        done = subprocess.run(
            [sys.executable, "-m", "deploy.cli.reference", *words],
            cwd=tmp_path,
            env={**os.environ, "PYTHONPATH": str(tmp_path), "PYTHONHASHSEED": seed},
            stdout=subprocess.PIPE,
            text=True,
            check=False,
        )
        return done.returncode, done.stdout

    def written() -> dict[Path, bytes]:
        return {path: path.read_bytes() for path in (tmp_path / "docs" / "reference").rglob("*") if path.is_file()}

    assert reference()[0] == 0
    current = written()
    (tmp_path / "docs/reference/scopes.md").write_text("changed")
    (tmp_path / "docs/reference/schemas/old.v1.json").write_text("left")
    code, said = reference("--check", seed="2")
    assert code == 1
    assert "docs/reference/scopes.md" in said
    assert "docs/reference/schemas/old.v1.json" in said
    assert len(said.splitlines()) == 2, "the order of sets must not show in what is written"
    assert reference(seed="3")[0] == 0
    assert written() == current
