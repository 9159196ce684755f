"""The whole product in the test's event loop: four services, the gateway and a mail catcher."""

import email
import email.policy
import importlib
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import aiohttp

from deploy.local.mail import catch_mail
from deploy.local.ports import free_ports
from gateway.connections import Connection
from shared.settings import Settings
from tests.support.server import Served, wait_ready

# In the order in which they start; they stop in reverse order.
MODULES = {
    "membership": "services.membership.app",
    "events": "services.events.app",
    "learning": "services.learning.app",
    "notify": "services.notify.app",
    "gateway": "gateway.app",
}


class Front:
    """The product as a client sees it: its GraphQL address, and the folder with its caught mail."""

    def __init__(self, graphql: str, mail: Path, http: aiohttp.ClientSession) -> None:
        self.graphql = graphql
        self.mail = mail
        self.http = http

    async def ask(
        self,
        query: str,
        variables: Mapping[str, Any] | None = None,
        *,
        key: str | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> dict[str, Any]:
        """Send a GraphQL operation; `key` is an API key or access token. Returns the answer, including errors."""
        sent = {**({"Authorization": f"Bearer {key}"} if key else {}), **(headers or {})}
        body = {"query": query, "variables": dict(variables or {})}
        async with self.http.post(self.graphql, json=body, headers=sent) as response:
            answer: dict[str, Any] = await response.json(content_type=None)
            return answer

    def mails_to(self, address: str) -> list[EmailMessage]:
        """The caught mails to an address, oldest first."""
        found = (path.read_bytes() for path in sorted(self.mail.glob("*.eml")))
        mails = [email.message_from_bytes(raw, policy=email.policy.default) for raw in found]
        return [mail for mail in mails if address.lower() in str(mail["To"]).lower()]


class Stack(Front):
    """A running product. Everything goes through real HTTP, a real database and a real broker.

    `settings` are what its parts were started with; `http` is a client for the test; `mail` is the folder of caught
    mail.
    """

    def __init__(self, settings: Settings, mail: Path, http: aiohttp.ClientSession, modules: Mapping[str, str]) -> None:
        super().__init__(f"{settings.public_url}/graphql", mail, http)
        self.settings = settings
        self.gateway = settings.public_url
        self._modules = modules
        self._served: dict[str, Served] = {}

    def url(self, name: str) -> str:
        """The URL of a service or the gateway."""
        return self.gateway if name == "gateway" else self.settings.service_url(name)

    def app(self, name: str) -> Any:
        """The running application of a service, or the gateway's; its parts are at `.state.service`."""
        return self._served[name].app

    async def start(self, name: str) -> None:
        """Start one application on its port in the settings, and wait until it is ready."""
        module = importlib.import_module(self._modules[name])
        http = Connection if name == "gateway" else "httptools"
        served = Served(name, module.create_app(self.settings), int(self.url(name).rpartition(":")[2]), http)
        await served.start()
        self._served[name] = served

    async def stop(self, name: str) -> None:
        """Shut one application down, as a deployment would."""
        await self._served.pop(name).stop()

    async def stop_all(self) -> None:
        """Shut down all running applications, the last started first."""
        for name in reversed(list(self._served)):
            await self.stop(name)

    @asynccontextmanager
    async def without(self, name: str) -> AsyncIterator[None]:
        """Stop that service for the block; afterwards start it again and wait until it is ready."""
        await self.stop(name)
        try:
            yield
        finally:
            await self.start(name)
            await self.wait_ready(name)

    async def wait_ready(self, name: str) -> None:
        """Wait until `GET /readyz` answers 200."""
        await wait_ready(self.http, self.url(name))


@asynccontextmanager
async def running_stack(
    settings: Settings, folder: Path, *, modules: Mapping[str, str] = MODULES
) -> AsyncIterator[Stack]:
    """Run the product on the settings' database, broker and namespace while the block runs.

    It uses free ports; its mail is caught in `folder`.
    """
    services = [name for name in modules if name != "gateway"]
    gateway_port, *ports = free_ports(0, *(0 for _ in services))
    async with AsyncExitStack() as ends:
        smtp_port = await ends.enter_async_context(catch_mail(folder))
        urls = {f"{name}_url": f"http://127.0.0.1:{port}" for name, port in zip(services, ports, strict=True)}
        urls |= {"public_url": f"http://127.0.0.1:{gateway_port}", "smtp_url": f"smtp://127.0.0.1:{smtp_port}"}
        # Close idle connections before uvicorn does (5 s): otherwise a request may use one that is just closing.
        connector = aiohttp.TCPConnector(keepalive_timeout=3)
        http = await ends.enter_async_context(
            aiohttp.ClientSession(connector=connector, timeout=aiohttp.ClientTimeout(total=30))
        )
        stack = Stack(settings.model_copy(update=urls), folder, http, modules)
        ends.push_async_callback(stack.stop_all)
        for name in modules:
            await stack.start(name)
        for name in modules:
            await stack.wait_ready(name)
        yield stack
