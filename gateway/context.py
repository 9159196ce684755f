"""The state of one request: its caller, the services, the loader, and how much it has used of its limits."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from gateway.auth import Credentials
from gateway.errors import AsksTooMuch
from gateway.graph.loader import Loader
from gateway.rendering import Budget, Renderer
from gateway.services import Caller, Reading, Services
from shared.auth import ANONYMOUS, Principal
from shared.errors import NotSignedIn, ProblemError, suppressed
from shared.ids import prefix_of

MOST_CALLS = 300
MOST_FIELDS = 50_000
MOST_BYTES = 4_000_000


@dataclass
class Context:
    """One request's context.

    `below`: hubs and the ids of all hubs below them, as far as they were read. `has_expired`: the request carries an
    access token that has expired or was revoked, and its operation is one that needs no valid token.
    """

    services: Services
    credentials: Credentials
    caller: Caller
    loader: Loader
    renderer: Renderer
    credential: str | None = None
    has_expired: bool = False
    idempotency_key: str | None = None
    calls: int = 0
    fields: int = 0
    bytes: int = 0
    mutations: int = 0
    below: dict[str, list[str]] = field(default_factory=dict)
    rendering: Budget = field(default_factory=Budget)

    @property
    def principal(self) -> Principal:
        """The caller of this request."""
        return self.caller.principal

    def spend_call(self) -> None:
        """Count one call for a list. Raises `AsksTooMuch` beyond the limit."""
        self.calls += 1
        if self.calls > MOST_CALLS:
            raise AsksTooMuch

    def spend(self, fields: int, size: int) -> None:
        """Count fields of the answer, and the bytes of their values. Raises `AsksTooMuch` beyond the limits."""
        self.fields += fields
        self.bytes += size
        if self.fields > MOST_FIELDS or self.bytes > MOST_BYTES:
            raise AsksTooMuch

    @property
    def is_overspent(self) -> bool:
        """Whether the request has passed one of its limits."""
        return (
            self.calls > MOST_CALLS
            or self.fields > MOST_FIELDS
            or self.bytes > MOST_BYTES
            or self.caller.reading.is_overspent
        )

    def forget_caller(self, *changed: Any) -> None:
        """Forget who this credential belongs to, and all callers that depend on the ids in `changed`.

        The next request with such a credential asks membership again. `changed`: what was sent and what was answered.
        """
        if self.credential is not None:
            self.credentials.forget(self.credential)
        self.credentials.forget_about(each for one in changed for each in _ids(one))

    async def renew(self, *, ask_again: bool) -> None:
        """After a change: read everything again. With `ask_again`, also ask again what the caller may do now."""
        if ask_again and self.credential is not None:
            try:
                self.caller = await caller_for(self.services, self.credentials, self.credential, self.caller.reading)
            except NotSignedIn:  # the caller has just signed out, or revoked this key
                self.caller = Caller(ANONYMOUS, self.services.tokens, self.caller.reading)
            except ProblemError:
                suppressed("the change is made; the caller stays who it was for the rest of this request")
        self.below.clear()
        self.loader.act_as(self.caller)


def _ids(view: Any) -> Iterator[str]:
    if isinstance(view, str):
        if prefix_of(view) is not None:
            yield view
    elif isinstance(view, Mapping):
        for each in view.values():
            yield from _ids(each)


async def caller_for(
    services: Services, credentials: Credentials, credential: str | None, reading: Reading | None = None
) -> Caller:
    """The caller that a credential belongs to; anonymous without one. Raises what `Credentials.resolve` raises."""
    principal = ANONYMOUS if credential is None else await credentials.resolve(credential)
    return Caller(principal, services.tokens, reading)


def new_context(
    services: Services,
    credentials: Credentials,
    caller: Caller,
    renderer: Renderer,
    *,
    credential: str | None = None,
    has_expired: bool = False,
    idempotency_key: str | None = None,
) -> Context:
    """A fresh context for a request."""
    return Context(
        services=services,
        credentials=credentials,
        caller=caller,
        loader=Loader(services, caller),
        renderer=renderer,
        credential=credential,
        has_expired=has_expired,
        idempotency_key=idempotency_key,
    )
