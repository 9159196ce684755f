"""Fixtures every test may ask for: the real parts, settings that point at them, and the product running on them."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from typing import TYPE_CHECKING, Any

import pytest

# Whatever takes long to import is imported by the fixture that needs it, so that a pure test runs in a moment.
if TYPE_CHECKING:
    from shared.settings import Settings
    from tests.support.acting import Community
    from tests.support.parts import Parts
    from tests.support.receiver import Receiver
    from tests.support.stack import Stack
    from tests.support.workers import HandedParts, SharedParts

SHARED_PARTS: pytest.StashKey[SharedParts] = pytest.StashKey()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--break outbox`: break that promise on purpose, to see the proofs notice."""
    parser.addoption(
        "--break", dest="breakage", default="", help="break this promise on purpose: tests/proofs/breakage.py"
    )


def pytest_configure(config: pytest.Config) -> None:
    """Break what was asked for, here and in every process the tests start."""
    chosen = config.getoption("breakage")
    if not chosen and "MYCELIUM_TEST_BREAK" not in os.environ:
        return
    from tests.proofs import breakage

    if chosen and chosen not in breakage.CHOICES:
        raise pytest.UsageError(f"--break takes one of: {', '.join(breakage.CHOICES)}")
    if chosen:
        os.environ[breakage.VARIABLE] = chosen
    breakage.apply()


@pytest.hookimpl(optionalhook=True)
def pytest_configure_node(node: Any) -> None:
    """With `-n`: begin to start the parts all workers share, and tell each of them where it will find them."""
    from tests.support.workers import KEY, SharedParts

    stash = node.config.stash
    if SHARED_PARTS not in stash:
        stash[SHARED_PARTS] = SharedParts()
        stash[SHARED_PARTS].start()
    node.workerinput[KEY] = str(stash[SHARED_PARTS].written)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """With `-n`: whole files, or folders that share a running product, go to one worker."""
    from tests.support.scheduling import Groups

    return Groups(config, log)


def pytest_unconfigure(config: pytest.Config) -> None:
    """End what all workers shared."""
    if SHARED_PARTS in config.stash:
        config.stash[SHARED_PARTS].stop()


@pytest.fixture(scope="session")
def parts(request: pytest.FixtureRequest) -> Iterator[Parts | HandedParts]:
    """The MongoDB and RabbitMQ of this run; only what the chosen tests use is started, side by side."""
    if hasattr(request.config, "workerinput"):
        from tests.support.workers import handed_to

        yield handed_to(request.config)
        return
    from tests.support.parts import Parts

    wanted = {name for item in request.session.items for name in getattr(item, "fixturenames", ())}
    started = Parts()
    try:
        started.start(mongo="mongo_url" in wanted, amqp="amqp_url" in wanted)
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="session")
def mongo_url(parts: Parts | HandedParts) -> str:
    """A MongoDB replica set that takes writes."""
    return parts.mongo_url()


@pytest.fixture(scope="session")
def amqp_url(parts: Parts | HandedParts) -> str:
    """A RabbitMQ broker that answers."""
    return parts.amqp_url()


@pytest.fixture(scope="module")
def namespace(request: pytest.FixtureRequest) -> Iterator[str]:
    """A short name of this module's own, put before its databases, exchange and queues (dropped at its end)."""
    from tests.support.namespaces import clear, new_namespace

    name = new_namespace()
    items = [item for item in request.session.items if item.getparent(pytest.Module) is request.node]
    used = {fixture for item in items for fixture in getattr(item, "fixturenames", ())}
    # Asked for here, so that they outlive what uses the namespace.
    mongo_url = request.getfixturevalue("mongo_url") if "mongo_url" in used else None
    amqp_url = request.getfixturevalue("amqp_url") if "amqp_url" in used else None
    yield name
    if mongo_url is not None:
        clear(name, mongo_url, amqp_url)


@pytest.fixture(scope="module")
def settings(namespace: str, mongo_url: str, amqp_url: str) -> Settings:
    """Settings for one module's services, on the run's real parts and in the module's own namespace."""
    from tests.support.namespaces import settings_for

    return settings_for(namespace, mongo_url, amqp_url)


@pytest.fixture(scope="session")
async def stack(mongo_url: str, amqp_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    """The whole product, running for all the tests that ask for it; they share it and keep out of each other's way."""
    from tests.support.namespaces import clear, new_namespace, settings_for
    from tests.support.stack import running_stack

    namespace = new_namespace()
    settings = settings_for(namespace, mongo_url, amqp_url)
    try:
        async with running_stack(settings, tmp_path_factory.mktemp("mail")) as running:
            yield running
    finally:
        clear(namespace, mongo_url, amqp_url)


@pytest.fixture(scope="session")
async def community(stack: Stack) -> Community:
    """A hub with a key and a group on that stack, and people when a test wants them."""
    from tests.support.founding import found_community

    return await found_community(stack, stack.app("membership").state.service.database)


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """A real HTTP server that records the webhooks it is sent."""
    from tests.support.receiver import a_receiver

    async with a_receiver() as started:
        yield started
