"""Makes one attempt: a POST to a vetted address. A failure outside of us is an outcome, not an exception.

The connection goes to the vetted address itself; the host's name serves only for the `Host` header, for TLS
and for the pool, so no name is ever looked up here. Connections are kept by address, port, TLS and name.
"""

import asyncio
import socket
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from types import TracebackType
from typing import NoReturn, Self

import aiohttp
from aiohttp.abc import AbstractResolver
from yarl import URL

from services.notify.deliveries.bounded import AnswerTooLong, BoundedConnector, HeadTooLong
from services.notify.deliveries.guard import Guard, Target
from services.notify.deliveries.lookups import LookupPutOff
from shared.errors import Invalid

TOTAL_LIMIT = timedelta(seconds=15)
CONNECT_LIMIT = timedelta(seconds=5)
"""The limit for one address. When a host has several, the next one is tried."""

KEPT_ALIVE = timedelta(seconds=4)
"""Less than a usual server's patience (5 s and more): we should not send into a connection just closed."""

REPLY_LIMIT = 16 * 1024
TEXT_LIMIT = 200
ADDRESSES_TRIED = 4


@dataclass(frozen=True, slots=True)
class Outcome:
    """The result of an attempt. Without an answer `status` is `None` and `error` a sentence that says why.

    An `error` beside a `status` says that the reply's body was cut short; the status stands. `reply` is the
    first 16 kB of the body as sent, never decompressed. `retry_after` is the receiver's header as it came. `put_off`:
    nothing was tried, because we had no means to look the name up.
    """

    status: int | None
    reason: str
    milliseconds: int
    reply: bytes
    error: str | None
    retry_after: str | None = None
    put_off: bool = False

    @property
    def reply_text(self) -> str:
        """The reply as text; what is not UTF-8 shows as U+FFFD."""
        return self.reply.decode("utf-8", "replace")


class Sender:
    """Sends webhooks where `guard` lets them go. Make it in the running loop, and close it.

    There is no limit on connections here, so that no receiver waits for another: whoever calls bounds what is
    under way for one endpoint. `tls` replaces the system's trust in certificates.
    """

    def __init__(
        self, guard: Guard, *, tls: ssl.SSLContext | None = None, total_limit: timedelta = TOTAL_LIMIT
    ) -> None:
        self._guard = guard
        self._total_limit = total_limit
        self._session = aiohttp.ClientSession(
            connector=BoundedConnector(
                ssl=tls or ssl.create_default_context(),
                resolver=_NoLookUps(),
                use_dns_cache=False,
                limit=0,
                limit_per_host=0,
                keepalive_timeout=KEPT_ALIVE.total_seconds(),
            ),
            headers={"User-Agent": "Mycelium-Webhooks/1", "Accept": "*/*", "Accept-Encoding": "identity"},
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_connect=CONNECT_LIMIT.total_seconds()),
            auto_decompress=False,
            trust_env=False,
            read_bufsize=REPLY_LIMIT,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self.close()

    async def close(self) -> None:
        """Close the connections that are kept."""
        await self._session.close()

    async def post(self, url: str, headers: Mapping[str, str], body: bytes, *, hub_id: str = "") -> Outcome:
        """Vet `url` for this hub and POST `body` there, once. `headers` come beside our own, and `Host` is ours.

        Never raises for what the receiver, its name or the network does; cancelling passes through.
        """
        started = time.perf_counter()
        answer = _Answer()
        error: str | None = None
        put_off = False
        try:
            async with asyncio.timeout(self._total_limit.total_seconds()):
                target = await self._guard.vet(url, hub_id=hub_id)
                await self._exchange(target, headers, body, answer)
        except LookupPutOff as later:
            error, put_off = later.message, True
        except Invalid as refused:
            error = refused.message
        except (aiohttp.ClientError, OSError) as failure:  # TimeoutError is an OSError
            error = self._sentence(failure, answered=answer.status is not None)
        return Outcome(
            status=answer.status,
            reason=answer.reason,
            milliseconds=round((time.perf_counter() - started) * 1000),
            reply=bytes(answer.reply),
            error=error,
            retry_after=answer.retry_after,
            put_off=put_off,
        )

    async def _exchange(self, target: Target, headers: Mapping[str, str], body: bytes, answer: "_Answer") -> None:
        addresses = target.addresses[:ADDRESSES_TRIED]
        for address in addresses:
            try:
                await self._exchange_at(address, target, headers, body, answer)
                return
            # Nothing was sent yet, so trying the next address is still the same attempt.
            except (aiohttp.ClientConnectorError, aiohttp.ConnectionTimeoutError):
                if address == addresses[-1]:
                    raise

    async def _exchange_at(
        self, address: str, target: Target, headers: Mapping[str, str], body: bytes, answer: "_Answer"
    ) -> None:
        url = target.url
        place = f"[{address}]" if ":" in address else address
        response = await self._session.post(
            URL(f"{url.scheme}://{place}:{url.port}{url.path_and_query}", encoded=True),
            data=body,
            headers={**headers, "Host": url.authority},
            server_hostname=None if url.is_literal else url.host,
            allow_redirects=False,
        )
        try:
            answer.status = response.status
            answer.reason = _text(response.reason)
            answer.retry_after = _text(response.headers.get("Retry-After")) or None
            while len(answer.reply) < REPLY_LIMIT:
                chunk = await response.content.read(REPLY_LIMIT - len(answer.reply))
                if not chunk:
                    break
                answer.reply += chunk
        finally:
            # Keeps the connection when the body has ended, closes it when more would come.
            response.release()

    def _sentence(self, failure: Exception, *, answered: bool) -> str:
        """One of a fixed set of sentences: an exception's own text may hold what the receiver sent."""
        match failure:
            case aiohttp.ConnectionTimeoutError():
                return "No connection could be made in time."
            case TimeoutError():
                return f"No full answer within {self._total_limit.total_seconds():g} seconds."
            case HeadTooLong():
                return "The head of the answer was too long."
            case AnswerTooLong():
                return "The answer was too long."
            case _ if answered:
                return "The answer broke off."
            case aiohttp.ClientConnectorCertificateError():
                return "The receiver's certificate is not valid for this host."
            case ssl.SSLError():
                return "No secure connection could be made."
            case aiohttp.ClientConnectorError(os_error=ConnectionRefusedError()):
                return "The connection was refused."
            case aiohttp.ClientConnectorError():
                return "No connection could be made."
            case aiohttp.ClientResponseError():
                return "The answer was not HTTP."
            case _:
                return "The connection was closed before an answer came."


@dataclass(slots=True)
class _Answer:
    """The part of the answer that has arrived. It is kept when the rest does not arrive."""

    status: int | None = None
    reason: str = ""
    reply: bytearray = field(default_factory=bytearray)
    retry_after: str | None = None


class _NoLookUps(AbstractResolver):
    """Replaces aiohttp's resolver. We connect to addresses, so a lookup here is a fault of ours."""

    async def resolve(self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET) -> NoReturn:
        raise OSError(f"names are not looked up while sending: {host}")

    async def close(self) -> None:
        pass


def _text(value: str | None) -> str:
    """A header's text, short and storable: aiohttp makes stray bytes surrogates, which nothing can encode."""
    return (value or "").encode("utf-8", "surrogateescape").decode("utf-8", "replace")[:TEXT_LIMIT]
