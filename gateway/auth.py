"""Who is calling: membership tells whom the credential of a request belongs to, and the gateway remembers it for 30 s.

A credential that is malformed, unknown, expired or revoked is an error for the whole request: its caller never becomes
anonymous. Messages of membership remove what is remembered. It is used only while they are known to arrive.
"""

import asyncio
import hashlib
import time
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from gateway.services import Services
from shared import clock
from shared.auth import Principal
from shared.errors import NotSignedIn
from shared.keys import looks_like_key, parse_key
from shared.messaging.envelope import Envelope
from shared.metrics import Counters

REMEMBERED_SECONDS = 30.0
MOST_REMEMBERED = 4096
MAX_LENGTH = 8192
HEARD = ("membership.#",)  # the messages that may change what a credential opens
EVERYTHING = "*"
_HUBS = "hubs"  # in `depends_on`, for an answer that holds a hub and all hubs below it
_NEW_HUB = "membership.hub_created"


class CredentialRefused(NotSignedIn):
    """The text is not a credential, or not a valid one any more."""

    code = "credential_refused"
    message = "This credential is not accepted. Sign in again, or use another key."


class TwoCredentials(CredentialRefused):
    """The request has both headers, and may mean either."""

    code = "two_credentials"
    message = "Send one credential: in `Authorization` or in `X-Api-Key`, not in both."


class KeyInBrowser(CredentialRefused):
    """A page of another origin sent an API key, which every visitor of that page can read."""

    code = "key_in_browser"
    message = "An API key stays on a server. From a page in a browser, send the signed-in person's access token."


def credential_of(headers: Mapping[str, str]) -> str | None:
    """The access token or API key in `Authorization` (RFC 6750, section 2.1) or `X-Api-Key`; None when there is none.

    Raises `CredentialRefused` for anything that cannot be one, `TwoCredentials` when both headers are there,
    `KeyInBrowser` for a key from a page of another origin.
    """
    bearer, key = headers.get("authorization"), headers.get("x-api-key")
    if bearer is None and key is None:
        return None
    if bearer is not None and key is not None:
        raise TwoCredentials
    if bearer is not None:
        kind, _, rest = bearer.partition(" ")
        credential = rest.strip() if kind.lower() == "bearer" else ""
    else:
        credential = (key or "").strip()
        if not looks_like_key(credential):
            raise CredentialRefused
    if not _could_be_one(credential):
        raise CredentialRefused
    if looks_like_key(credential) and _is_from_another_page(headers):
        raise KeyInBrowser
    return credential


def _is_from_another_page(headers: Mapping[str, str]) -> bool:
    """Whether a page of another origin sent this. Browsers add `Origin` to every POST of a page (Fetch standard,
    section 3.2). A page can set neither `Origin` nor `Sec-Fetch-Site`, which helps where a proxy changes `Host`."""
    origin = headers.get("origin")
    if origin is None or headers.get("sec-fetch-site") == "same-origin":
        return False
    return origin.partition("://")[2].lower() != headers.get("host", "").lower()


def _could_be_one(credential: str) -> bool:
    """A key with a right checksum, or three parts as a signed token has them (RFC 7515, section 3.1)."""
    if not 0 < len(credential) <= MAX_LENGTH or not credential.isascii() or not credential.isprintable():
        return False
    if looks_like_key(credential):
        return parse_key(credential) is not None
    parts = credential.split(".")
    return len(parts) == 3 and all(parts)


@dataclass(frozen=True)
class _Known:
    principal: Principal
    until: float
    depends_on: frozenset[str]


@dataclass
class _Asking:
    """A running question to membership, and the ids in the messages that arrived meanwhile."""

    answer: asyncio.Task[_Known]
    overtaken_by: set[str] = field(default_factory=set)


class Credentials:
    """Resolves credentials. `hears`: whether the messages of membership are arriving now."""

    def __init__(self, services: Services, hears: Callable[[], bool]) -> None:
        self._services = services
        self.hears = hears
        self._memory = _Memory()
        self._asking: dict[bytes, _Asking] = {}
        self.counters = Counters()

    async def resolve(self, credential: str) -> Principal:
        """The principal it belongs to. Raises `CredentialRefused`, and `ServiceUnavailable` without membership."""
        digest = _digest(credential)
        known = self._memory.find(digest) if self.hears() else None
        if known is not None:
            self.counters.add("remembered")
            return known.principal
        asking = self._asking.get(digest)
        if asking is None or asking.overtaken_by:
            asking = self._begin_asking(digest, credential)
        # Shielded: the first request may be cancelled while others wait for the same answer.
        return (await asyncio.shield(asking.answer)).principal

    def _begin_asking(self, digest: bytes, credential: str) -> _Asking:
        """Ask membership. A request after a change does not use an earlier question, whose answer is not kept."""
        if digest in self._asking:
            self._asking[digest].overtaken_by.add(EVERYTHING)
        overtaken_by: set[str] = set()
        task = asyncio.create_task(self._ask(digest, credential, overtaken_by))
        asking = self._asking[digest] = _Asking(task, overtaken_by)
        task.add_done_callback(lambda _: self._answered(digest, asking))
        return asking

    def _answered(self, digest: bytes, asking: _Asking) -> None:
        if self._asking.get(digest) is asking:
            del self._asking[digest]
        if not asking.answer.cancelled():
            asking.answer.exception()  # retrieved here, since all requests that waited may be gone

    async def _ask(self, digest: bytes, credential: str, overtaken_by: set[str]) -> _Known:
        self.counters.add("asked")
        try:
            answer = await self._services.membership.recognise(self._services.gateway(), credential)
        except NotSignedIn:
            self.counters.add("refused")
            self._memory.drop(digest)
            raise CredentialRefused from None
        known = _Known(
            principal=Principal.model_validate(answer["principal"]),
            until=time.monotonic() + _seconds_good(answer.get("expires_at")),
            depends_on=frozenset(answer["depends_on"]),
        )
        # A message that came meanwhile may have made the answer old: use it, but do not keep it.
        if self.hears() and EVERYTHING not in overtaken_by and overtaken_by.isdisjoint(known.depends_on):
            self._memory.keep(digest, known)
        return known

    def hear(self, envelope: Envelope) -> None:
        """Remove what a message of membership may have changed."""
        ids = {envelope.subject, *envelope.touched, *(v for v in envelope.data.values() if isinstance(v, str))}
        if envelope.topic == _NEW_HUB:
            ids.add(_HUBS)
        self._drop(ids)

    def forget_all(self) -> None:
        """Remove everything. To be called when messages may have been missed."""
        self._drop({EVERYTHING})

    def forget(self, credential: str) -> None:
        """Remove one credential, whose rights were just changed through this gateway."""
        digest = _digest(credential)
        self._memory.drop(digest)
        if digest in self._asking:
            self._asking[digest].overtaken_by.add(EVERYTHING)

    def forget_about(self, ids: Iterable[str]) -> None:
        """Remove what depends on any of these ids, which were just changed through this gateway."""
        self._drop(set(ids))

    def _drop(self, ids: set[str]) -> None:
        for asking in self._asking.values():
            asking.overtaken_by |= ids
        self._memory.drop_depending_on(ids)


class _Memory:
    """The answers used most recently, by credential and by the ids they depend on."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._dependent: dict[str, set[bytes]] = {}

    def find(self, digest: bytes) -> _Known | None:
        """The answer for a credential, if it is still valid."""
        known = self._known.get(digest)
        if known is None:
            return None
        if time.monotonic() >= known.until:
            self.drop(digest)
            return None
        self._known.move_to_end(digest)
        return known

    def keep(self, digest: bytes, known: _Known) -> None:
        """Remember an answer. The least recently used is removed when there are too many."""
        self.drop(digest)
        self._known[digest] = known
        for each in known.depends_on:
            self._dependent.setdefault(each, set()).add(digest)
        while len(self._known) > MOST_REMEMBERED:
            self.drop(next(iter(self._known)))

    def drop(self, digest: bytes) -> None:
        """Remove one answer."""
        known = self._known.pop(digest, None)
        for each in known.depends_on if known is not None else ():
            dependent = self._dependent[each]
            dependent.discard(digest)
            if not dependent:
                del self._dependent[each]

    def drop_depending_on(self, ids: set[str]) -> None:
        """Remove all answers that depend on one of these ids."""
        if EVERYTHING in ids:
            self._known.clear()
            self._dependent.clear()
        for each in ids & self._dependent.keys():
            for digest in list(self._dependent.get(each, ())):
                self.drop(digest)


def _digest(credential: str) -> bytes:
    return hashlib.sha256(credential.encode()).digest()


def _seconds_good(expires_at: str | None) -> float:
    """How long an answer may be used: 30 s, or until the credential itself ends."""
    if expires_at is None:
        return REMEMBERED_SECONDS
    left = (datetime.fromisoformat(expires_at) - clock.now()).total_seconds()
    return min(REMEMBERED_SECONDS, left)
