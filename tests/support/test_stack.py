"""The product in the test's event loop, with tiny applications."""

import sys
import types
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import aiosmtplib
import pytest
from fastapi import FastAPI, Request, Response

from shared.settings import Settings
from tests.support.namespaces import settings_for
from tests.support.stack import running_stack

LIFE: list[str] = []


def create_app(settings: Settings) -> FastAPI:
    """An application that records its startup and shutdown and returns its settings."""

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        LIFE.append("start")
        yield
        LIFE.append("end")

    app = FastAPI(lifespan=lifespan)

    @app.get("/readyz")
    async def ready() -> Response:
        return Response()

    @app.post("/graphql")
    async def graphql(request: Request) -> dict[str, str]:
        return {"key": request.headers["authorization"], "events": settings.events_url, "smtp": settings.smtp_url}

    return app


@pytest.fixture
def tiny() -> Iterator[str]:
    """The name under which the tiny application can be imported."""
    module = types.ModuleType("tiny_application")
    module.create_app = create_app  # type: ignore[attr-defined]
    sys.modules[module.__name__] = module
    LIFE.clear()
    yield module.__name__
    del sys.modules[module.__name__]


@pytest.fixture
def unused() -> Settings:
    """Settings whose database and broker are never used."""
    return settings_for("t", "mongodb://127.0.0.1:1", "amqp://127.0.0.1:1")


async def test_parts_start_on_free_ports_know_of_each_other_and_end(
    tiny: str, unused: Settings, tmp_path: Path
) -> None:
    modules = {"events": tiny, "gateway": tiny}
    async with running_stack(unused, tmp_path, modules=modules) as stack:
        answer = await stack.ask("{ hubs }", key="k")
        assert answer == {"key": "Bearer k", "events": stack.url("events"), "smtp": stack.settings.smtp_url}
        assert stack.url("events") != stack.gateway
        assert LIFE == ["start", "start"]
    assert LIFE == ["start", "start", "end", "end"]


async def test_a_service_can_be_down_for_a_while(tiny: str, unused: Settings, tmp_path: Path) -> None:
    async with running_stack(unused, tmp_path, modules={"events": tiny}) as stack:
        async with stack.without("events"):
            assert LIFE == ["start", "end"]
        await stack.wait_ready("events")
        assert LIFE == ["start", "end", "start"]


async def test_an_application_that_does_not_start_fails_the_test_and_not_the_run(
    tiny: str, unused: Settings, tmp_path: Path
) -> None:
    async def breaks() -> None:
        raise RuntimeError("no")

    @asynccontextmanager
    async def lifespan(app: FastAPI) -> AsyncIterator[None]:
        await breaks()
        yield

    sys.modules[tiny].create_app = lambda settings: FastAPI(lifespan=lifespan)  # type: ignore[attr-defined]
    with pytest.raises(RuntimeError, match="events did not start"):
        async with running_stack(unused, tmp_path, modules={"events": tiny}):
            pass


async def test_mail_is_caught(unused: Settings, tmp_path: Path) -> None:
    async with running_stack(unused, tmp_path, modules={}) as stack:
        port = int(stack.settings.smtp_url.rpartition(":")[2])
        text = "From: a@example.org\r\nTo: Ada <ada@example.org>\r\nSubject: Your code\r\n\r\nWXYZ\r\n"
        await aiosmtplib.send(
            text, sender="a@example.org", recipients=["ada@example.org"], port=port, hostname="127.0.0.1"
        )
        [mail] = stack.mails_to("ada@example.org")
        assert mail["Subject"] == "Your code"
        assert stack.mails_to("bob@example.org") == []
