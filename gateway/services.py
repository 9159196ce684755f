"""The four services over HTTP: a thin client each, on one keep-alive session.

A refusal of a service is raised as the `shared.errors` class of its status. A service that does not answer within 10 s
raises `ServiceUnavailable`, and the same request does not ask it again. The answers of services are passed on as they
are, and not validated again.
"""

import asyncio
import time
from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any
from urllib.parse import urlencode

import aiohttp
import orjson
from yarl import URL

from gateway.errors import AsksTooMuch, ServiceFailed, ServiceUnavailable
from shared.auth import ANONYMOUS, InternalTokens, Principal, service_principal
from shared.context import current_cause
from shared.errors import (
    Conflict,
    Gone,
    Invalid,
    NotAllowed,
    NotFound,
    NotSignedIn,
    ProblemError,
    TooLarge,
    TooMany,
)
from shared.logging import log
from shared.settings import SERVICES, Settings, decode_secret

TIMEOUT = aiohttp.ClientTimeout(total=10, sock_connect=2)
LONGEST_PARAMETER = 2_000
HEADERS_SECONDS = 10.0  # a reused token may be 30 s old and an answer may take 10 s; a token is valid for 60 s
KEEP_ALIVE_SECONDS = 4.0  # less than the 5 s after which uvicorn closes an idle connection
_KINDS: dict[int, type[ProblemError]] = {
    kind.status: kind for kind in (Invalid, NotSignedIn, NotAllowed, NotFound, Conflict, Gone, TooLarge, TooMany)
}
Params = Iterable[tuple[str, str]]
MOST_READ = 16 * 1_048_576
MOST_AT_ONCE = 4


class Reading:
    """Limits what one request reads: the bytes in total, and how many calls to one service run at once."""

    def __init__(self) -> None:
        self.bytes = 0
        self._places = defaultdict[str, asyncio.Semaphore](lambda: asyncio.Semaphore(MOST_AT_ONCE))

    @property
    def is_overspent(self) -> bool:
        """Whether the request has read more than its limit."""
        return self.bytes > MOST_READ

    def place(self, service: str) -> asyncio.Semaphore:
        """The semaphore to hold during a call to this service."""
        return self._places[service]

    def spend(self, size: int) -> None:
        """Count bytes that were read. Raises `AsksTooMuch` beyond the limit."""
        self.bytes += size
        if self.is_overspent:
            raise AsksTooMuch


class Caller:
    """The caller in whose name the services are asked, for one request."""

    def __init__(self, principal: Principal, tokens: InternalTokens, reading: Reading | None = None) -> None:
        self.principal = principal
        self.reading = reading or Reading()
        self._tokens = tokens
        self._headers: dict[str, tuple[float, dict[str, str]]] = {}
        self.waited_in_vain: set[str] = set()
        """Services that did not answer in time. They are not asked again: ten changes would wait ten times."""

    def headers(self, service: str) -> dict[str, str]:
        """The headers that name the caller, the request and the trace to a service.

        They are made again after 10 s: a request with many changes can take longer than a token is valid.
        """
        now = time.time()
        made_at, headers = self._headers.get(service, (0.0, {}))
        if now - made_at > HEADERS_SECONDS:
            cause = current_cause()
            headers = {"x-request-id": cause.correlation, "traceparent": cause.traceparent}
            if self.principal.kind != "anonymous":
                headers["authorization"] = f"Bearer {self._tokens.issue(self.principal, service)}"
            self._headers[service] = now, headers
        return headers


class Service:
    """The HTTP client of one service."""

    def __init__(self, name: str, url: str, session: aiohttp.ClientSession) -> None:
        self.name = name
        self.url = url
        self._session = session

    async def by_ids(self, caller: Caller, collection: str, ids: Sequence[str]) -> list[dict[str, Any]]:
        """The views of things by their ids (at most 500), in any order, without those that the caller may not see."""
        views: list[dict[str, Any]] = await self._ask(
            caller, "POST", f"/{collection}/by-ids", body={"ids": ids}, repeatable=True
        )
        return views

    async def page(self, caller: Caller, collection: str, params: Params) -> dict[str, Any]:
        """A page of a list: `{nodes, cursors, has_next}`."""
        page: dict[str, Any] = await self.get(caller, f"/{collection}", params)
        return page

    async def get(self, caller: Caller, path: str, params: Params = ()) -> Any:
        """Read from a path. Raises `Invalid` for a parameter longer than 2,000 characters."""
        params = list(params)
        for name, value in params:
            if len(value) > LONGEST_PARAMETER:
                raise Invalid(code="too_long", message="This is too long.", path=(name,))
        return await self._ask(caller, "GET", path, params=params, repeatable=True)

    async def send(self, caller: Caller, method: str, path: str, body: Any, idempotency_key: str | None) -> Any:
        """Send a change. It is sent again after a lost connection only with the caller's idempotency key."""
        return await self._ask(
            caller, method, path, body=body, key=idempotency_key, repeatable=idempotency_key is not None
        )

    async def is_alive(self) -> bool:
        """Whether the service answers."""
        try:
            async with self._session.get(f"{self.url}/livez", timeout=aiohttp.ClientTimeout(total=1)) as response:
                return response.status == 200
        except (aiohttp.ClientError, TimeoutError, OSError):
            return False

    async def _ask(
        self,
        caller: Caller,
        method: str,
        path: str,
        *,
        params: Params = (),
        body: Any = None,
        key: str | None = None,
        repeatable: bool,
    ) -> Any:
        """Ask the service, within the limits of the request. Raises `AsksTooMuch` when it has read too much."""
        async with caller.reading.place(self.name):
            caller.reading.spend(0)
            status, content, retry_after = await self._answer_to(
                caller, method, path, params=params, body=body, key=key, repeatable=repeatable
            )
            if method == "GET" or (repeatable and key is None):  # the result of a change is shown, however long it is
                caller.reading.spend(len(content))
        if status < 300:
            return orjson.loads(content) if content else None
        raise self._problem(status, content, retry_after)

    async def _answer_to(
        self,
        caller: Caller,
        method: str,
        path: str,
        *,
        params: Params,
        body: Any,
        key: str | None,
        repeatable: bool,
    ) -> tuple[int, bytes, str | None]:
        if self.name in caller.waited_in_vain:
            raise ServiceUnavailable(self.name)
        headers = caller.headers(self.name)
        if key is not None:
            headers = {**headers, "idempotency-key": key}
        query = urlencode(list(params))
        url = URL(f"{self.url}{path}?{query}" if query else f"{self.url}{path}", encoded=True)
        data = None
        if body is not None:
            headers = {**headers, "content-type": "application/json"}
            data = orjson.dumps(body)
        try:
            try:
                return await self._exchange(method, url, headers, data)
            except (aiohttp.ServerDisconnectedError, aiohttp.ClientOSError) as error:
                if not repeatable or isinstance(error, aiohttp.ClientConnectorError):
                    raise
                return await self._exchange(method, url, headers, data)
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            log.warning("service_unreachable", asked=self.name, error=type(error).__name__)
            if isinstance(error, TimeoutError):
                caller.waited_in_vain.add(self.name)
            raise ServiceUnavailable(self.name) from None

    async def _exchange(
        self, method: str, url: URL, headers: dict[str, str], data: bytes | None
    ) -> tuple[int, bytes, str | None]:
        async with self._session.request(
            method, url, headers=headers, data=data, timeout=TIMEOUT, allow_redirects=False
        ) as response:
            return response.status, await response.read(), response.headers.get("retry-after")

    def _problem(self, status: int, content: bytes, retry_after: str | None) -> ProblemError:
        """The error that a problem document (RFC 9457) stands for."""
        seconds = int(retry_after) if retry_after is not None and retry_after.isdigit() else None
        if status in {502, 503, 504}:
            return ServiceUnavailable(self.name, seconds)
        kind = _KINDS.get(status)
        try:
            document = orjson.loads(content)
            listed = document["problems"] or [{"code": document["code"], "message": document["title"], "path": []}]
            problems = [(each["code"], each["message"], each["path"]) for each in listed]
        except (orjson.JSONDecodeError, KeyError, TypeError):
            kind, problems = None, []
        if kind is None:
            log.error("service_failed", asked=self.name, status=status)
            return ServiceFailed(self.name)
        (code, message, path), *rest = problems
        others = tuple(kind(code=c, message=m, path=p) for c, m, p in rest)
        return kind(code=code, message=message, path=path, retry_after=seconds, others=others)


class Membership(Service):
    """The client of membership, which also tells whom a credential belongs to."""

    async def recognise(self, gateway: Caller, credential: str) -> dict[str, Any]:
        """Whom a credential belongs to: `{principal, expires_at, depends_on}`. Raises `NotSignedIn`."""
        answer: dict[str, Any] = await self._ask(
            gateway, "POST", "/principals", body={"credential": credential}, repeatable=True
        )
        return answer

    async def below(self, caller: Caller, hub_id: str) -> list[str]:
        """A hub's id and those of all hubs below it. Raises `NotFound`."""
        found: list[str] = await self.get(caller, f"/hubs/{hub_id}/below")
        return [hub_id, *(each for each in found if each != hub_id)]

    async def signing_keys(self, nobody: Caller) -> Any:
        """The public keys that access tokens are signed with (RFC 7517)."""
        return await self.get(nobody, "/.well-known/jwks.json")


class Events(Service):
    """The client of events."""


class Learning(Service):
    """The client of learning."""


class Notify(Service):
    """The client of notify."""


class Services:
    """The clients of the four services. `services["events"]` is one of them."""

    def __init__(self, settings: Settings, session: aiohttp.ClientSession) -> None:
        self._session = session
        self.tokens = InternalTokens(decode_secret(settings.secret), "gateway")
        self.membership = Membership("membership", settings.service_url("membership"), session)
        self.events = Events("events", settings.service_url("events"), session)
        self.learning = Learning("learning", settings.service_url("learning"), session)
        self.notify = Notify("notify", settings.service_url("notify"), session)
        self._by_name: dict[str, Service] = {name: getattr(self, name) for name in SERVICES}

    def __getitem__(self, name: str) -> Service:
        return self._by_name[name]

    def gateway(self) -> Caller:
        """The gateway itself as a caller, to ask membership whom a credential belongs to."""
        return Caller(service_principal("gateway"), self.tokens)

    def nobody(self) -> Caller:
        """An anonymous caller, for the routes that are open to everybody."""
        return Caller(ANONYMOUS, self.tokens)

    async def missing(self) -> list[str]:
        """The names of the services that do not answer."""
        alive = await asyncio.gather(*(service.is_alive() for service in self._by_name.values()))
        return [name for name, answers in zip(self._by_name, alive, strict=True) if not answers]

    async def close(self) -> None:
        """Close the connections."""
        await self._session.close()


def open_services(settings: Settings) -> Services:
    """Clients for the services the settings name. Call it in a running event loop."""
    connector = aiohttp.TCPConnector(limit=400, limit_per_host=100, keepalive_timeout=KEEP_ALIVE_SECONDS)
    session = aiohttp.ClientSession(connector=connector, cookie_jar=aiohttp.DummyCookieJar(), timeout=TIMEOUT)
    return Services(settings, session)
