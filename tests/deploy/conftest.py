"""A local stack of tiny applications, for the tests that bring one up."""

import logging
import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.local.control import down
from tests.deploy.throwaway import Run, write_code


@pytest.fixture
def run(tmp_path: Path, mongo_url: str, amqp_url: str) -> Iterator[Run]:
    """A stack on the run's own database and broker."""
    write_code(tmp_path)
    run = Run(tmp_path, {**os.environ, "MYCELIUM_MONGO_URL": mongo_url, "MYCELIUM_AMQP_URL": amqp_url})
    yield run
    run.end()
    down(run.folder)


@pytest.fixture(autouse=True)
def logging_goes_on() -> Iterator[None]:
    """The command line switches logging off in its process, which is the tests' own here."""
    yield
    logging.disable(logging.NOTSET)
