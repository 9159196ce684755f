"""Who is calling: the credential in a request's headers, resolved once through membership and remembered for 30 s.

A credential that is malformed, unknown, expired or revoked is an error for the whole request, never silently nobody.
What is remembered is dropped by membership's messages; without proof that those are heard, it is not used.
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
_HUBS = "hubs"  # what membership says an answer depends on when it holds a whole subtree
_NEW_HUB = "membership.hub_created"


class CredentialRefused(NotSignedIn):
    """What was sent is no credential, or is not one any more."""

    code = "credential_refused"
    message = "This credential is not accepted. Sign in again, or use another key."


class TwoCredentials(CredentialRefused):
    """Which of the two is meant cannot be known."""

    code = "two_credentials"
    message = "Send one credential: in `Authorization` or in `X-Api-Key`, not in both."


class KeyInBrowser(CredentialRefused):
    """A page of another origin sent an API key, which whoever opens that page can then read."""

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
    """Whether a page sent this that is not our own. Browsers add `Origin` to what a page posts (Fetch standard, section
    3.2). Pages can set neither it nor `Sec-Fetch-Site`, which helps where a proxy changes `Host`."""
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
    """A question to membership under way, and the ids that messages named meanwhile."""

    answer: asyncio.Task[_Known]
    overtaken_by: set[str] = field(default_factory=set)


class Credentials:
    """Resolves credentials. `hears`: whether membership's messages are arriving now."""

    def __init__(self, services: Services, hears: Callable[[], bool]) -> None:
        self._services = services
        self.hears = hears
        self._memory = _Memory()
        self._asking: dict[bytes, _Asking] = {}
        self.counters = Counters()

    async def resolve(self, credential: str) -> Principal:
        """Whose it is. Raises `CredentialRefused`, or `ServiceUnavailable` when membership is not there."""
        digest = _digest(credential)
        known = self._memory.find(digest) if self.hears() else None
        if known is not None:
            self.counters.add("remembered")
            return known.principal
        asking = self._asking.get(digest)
        if asking is None or asking.overtaken_by:
            asking = self._begin_asking(digest, credential)
        # Shielded: whoever asked first may go away while others still wait for the same answer.
        return (await asyncio.shield(asking.answer)).principal

    def _begin_asking(self, digest: bytes, credential: str) -> _Asking:
        """Ask membership. An answer from before a change is not for those who ask after it, and is not kept either."""
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
            asking.answer.exception()  # looked at here, for all who waited may have gone away

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
        # An answer that a message overtook may already be old: use it, do not keep it.
        if self.hears() and EVERYTHING not in overtaken_by and overtaken_by.isdisjoint(known.depends_on):
            self._memory.keep(digest, known)
        return known

    def hear(self, envelope: Envelope) -> None:
        """Drop what a message of membership's may have changed."""
        ids = {envelope.subject, *envelope.touched, *(v for v in envelope.data.values() if isinstance(v, str))}
        if envelope.topic == _NEW_HUB:
            ids.add(_HUBS)
        self._drop(ids)

    def forget_all(self) -> None:
        """Drop everything: after a time in which messages may have been missed."""
        self._drop({EVERYTHING})

    def forget(self, credential: str) -> None:
        """Drop one credential: what it opens has just been changed through this gateway."""
        digest = _digest(credential)
        self._memory.drop(digest)
        if digest in self._asking:
            self._asking[digest].overtaken_by.add(EVERYTHING)

    def forget_about(self, ids: Iterable[str]) -> None:
        """Drop what depends on any of these: something about them has just been changed through this gateway."""
        self._drop(set(ids))

    def _drop(self, ids: set[str]) -> None:
        for asking in self._asking.values():
            asking.overtaken_by |= ids
        self._memory.drop_depending_on(ids)


class _Memory:
    """The most recently used answers, found by credential and by what they depend on."""

    def __init__(self) -> None:
        self._known: OrderedDict[bytes, _Known] = OrderedDict()
        self._dependent: dict[str, set[bytes]] = {}

    def find(self, digest: bytes) -> _Known | None:
        """What is known and still good."""
        known = self._known.get(digest)
        if known is None:
            return None
        if time.monotonic() >= known.until:
            self.drop(digest)
            return None
        self._known.move_to_end(digest)
        return known

    def keep(self, digest: bytes, known: _Known) -> None:
        """Remember it; the least recently used makes room."""
        self.drop(digest)
        self._known[digest] = known
        for each in known.depends_on:
            self._dependent.setdefault(each, set()).add(digest)
        while len(self._known) > MOST_REMEMBERED:
            self.drop(next(iter(self._known)))

    def drop(self, digest: bytes) -> None:
        """Forget one."""
        known = self._known.pop(digest, None)
        for each in known.depends_on if known is not None else ():
            dependent = self._dependent[each]
            dependent.discard(digest)
            if not dependent:
                del self._dependent[each]

    def drop_depending_on(self, ids: set[str]) -> None:
        """Forget all that depend on one of these ids."""
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
