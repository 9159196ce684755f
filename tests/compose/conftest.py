"""One deployment for all the tests here: started with the first of them, taken away with the last."""

from collections.abc import Iterator
from dataclasses import dataclass

import orjson
import pytest

from tests.compose.deployment import Deployment
from tests.support.parts import docker_answers


@dataclass(frozen=True)
class Loaded:
    """The deployment with the demo community, and what the demo printed."""

    deployment: Deployment
    key: str
    hub: str


@pytest.fixture(scope="session")
def deployment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Deployment]:
    """Everything the compose file starts, built from this checkout, and well."""
    if not docker_answers():
        pytest.fail("No Docker engine answers: start one, or say with DOCKER_HOST where it is.", pytrace=False)
    running = Deployment(tmp_path_factory.mktemp("compose"))
    try:
        running.build()
        running.up()
        yield running
    finally:
        running.remove()


@pytest.fixture(scope="session")
def loaded(deployment: Deployment) -> Loaded:
    """The same, with the demo community in it."""
    printed = deployment.compose("--profile", "demo", "run", "--rm", "--no-TTY", "demo")
    made = orjson.loads(printed.splitlines()[-1])
    return Loaded(deployment, made["keys"]["hub"], made["hub"]["id"])
