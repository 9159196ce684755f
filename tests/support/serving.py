"""A small client for a service that runs in the test's event loop."""

import contextlib
import io
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from shared.auth import InternalTokens, Principal
from shared.settings import Settings, decode_secret
from tests.support.server import Served, wait_ready


def a_session() -> aiohttp.ClientSession:
    """A session for any number of concurrent calls. It closes idle connections before uvicorn does (after 5 s)."""
    return aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=2))


@dataclass(frozen=True)
class Answer:
    """A response: status, headers, and the body, parsed if it is JSON."""

    status: int
    headers: dict[str, str]
    body: Any

    def problem(self) -> tuple[int, str, list[Any]]:
        """The status, and the code and path of the first problem, for assertions on refusals."""
        problems = self.body["problems"]
        return self.status, problems[0]["code"], problems[0]["path"]


@dataclass
class Client:
    """Calls one service as a principal, with an internal token as the gateway would send it."""

    url: str
    service: str
    settings: Settings
    principal: Principal | None = None
    session: aiohttp.ClientSession = field(default_factory=a_session)

    def acting_as(self, principal: Principal | None) -> "Client":
        """A client of the same service for another principal (`None`: anonymous)."""
        return Client(self.url, self.service, self.settings, principal, self.session)

    async def call(
        self,
        method: str,
        path: str,
        body: Any = None,
        *,
        raw: bytes | None = None,
        headers: dict[str, str] | None = None,
        params: Any = None,
    ) -> Answer:
        """Send JSON (or `raw` bytes) and return the answer."""
        sent = {"content-type": "application/json"} if body is not None or raw is not None else {}
        if self.principal is not None:
            tokens = InternalTokens(decode_secret(self.settings.secret), "gateway")
            sent["authorization"] = f"Bearer {tokens.issue(self.principal, self.service)}"
        encoded = raw if raw is not None else json.dumps(body).encode() if body is not None else None
        data = None if encoded is None else io.BytesIO(encoded)
        async with self.session.request(
            method, self.url + path, data=data, headers={**sent, **(headers or {})}, params=params
        ) as answer:
            content = await answer.read()
            is_json = "json" in answer.headers.get("content-type", "")
            return Answer(
                answer.status,
                {k.lower(): v for k, v in answer.headers.items()},
                json.loads(content) if is_json and content else content,
            )

    async def get(self, path: str, **more: Any) -> Answer:
        """GET."""
        return await self.call("GET", path, **more)

    async def post(self, path: str, body: Any = None, **more: Any) -> Answer:
        """POST."""
        return await self.call("POST", path, {} if body is None and "raw" not in more else body, **more)

    async def patch(self, path: str, body: Any, **more: Any) -> Answer:
        """PATCH."""
        return await self.call("PATCH", path, body, **more)

    async def delete(self, path: str, **more: Any) -> Answer:
        """DELETE."""
        return await self.call("DELETE", path, **more)


@contextlib.asynccontextmanager
async def a_client(
    app: Any, service: str, settings: Settings, *, ready: str | None = "/readyz"
) -> AsyncIterator[Client]:
    """Run an application while the block runs; yields a client for it."""
    served = Served(service, app)
    await served.start()
    try:
        client = Client(served.url, service, settings)
        async with client.session:
            if ready is not None:
                await wait_ready(client.session, served.url, ready)
            yield client
    finally:
        await served.stop()
