"""Routes that declare who may call them. The scope is checked before the body is read.

    routes = Routes("events")

    @routes.post("/events/{event_id}/publish", needs="events:write")
    async def publish_event(caller: Caller, database: Db, event_id: EventId) -> EventView: ...

A route without `needs` is a type error. `docs/reference/scopes.md` is generated from these declarations, and a proof
calls every route without its scope.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from typing import Any, ClassVar, TypeVar

from fastapi import APIRouter, Request, Response
from starlette.routing import Match
from starlette.types import Scope as ConnectionScope

from shared.auth import Principal, ScopeName
from shared.errors import NotAllowed, NotSignedIn
from shared.idempotency import OnceRoute
from shared.problems import MEDIA_TYPE, SCHEMA_REFERENCE

_NO_ID = "by-ids"

F = TypeVar("F", bound=Callable[..., Any])


class Access(StrEnum):
    """Who may call a route that needs no scope."""

    ANYBODY = "anybody"
    """Every caller, with or without a credential."""
    SIGNED_IN = "signed in"
    """Any person or key, with any scopes."""


@dataclass(frozen=True)
class OnlyFor:
    """A route that only one part of Mycelium may call: the `gateway` or a service. Its token names it."""

    part: str

    def __str__(self) -> str:
        return f"only for {self.part}"


Needs = ScopeName | Access | OnlyFor


@dataclass(frozen=True)
class RouteAccess:
    """One row of the table of routes: a route and who may call it."""

    method: str
    path: str
    needs: Needs


class Routes:
    """A feature's routes. Each one declares what it `needs`; all but GET accept `Idempotency-Key`."""

    def __init__(self, tag: str) -> None:
        self.router = APIRouter(tags=[tag])
        self.table: list[RouteAccess] = []

    def get(self, path: str, *, needs: Needs, status: int = 200) -> Callable[[F], F]:
        """Declare a route that reads."""
        return self._route("GET", path, needs, status)

    def post(self, path: str, *, needs: Needs, status: int = 200, leave_out_defaults: bool = False) -> Callable[[F], F]:
        """Declare a route that creates something (`status` 201) or does something.

        `leave_out_defaults`: fields with their default are left out of the answer, so that an older caller, which
        does not know a new field, still accepts it.
        """
        return self._route("POST", path, needs, status, leave_out_defaults)

    def patch(self, path: str, *, needs: Needs, status: int = 200) -> Callable[[F], F]:
        """Declare a route that changes the fields that are sent."""
        return self._route("PATCH", path, needs, status)

    def delete(self, path: str, *, needs: Needs, status: int = 200) -> Callable[[F], F]:
        """Declare a route that deletes or ends something."""
        return self._route("DELETE", path, needs, status)

    def __iter__(self) -> Iterator[RouteAccess]:
        return iter(self.table)

    def _route(
        self, method: str, path: str, needs: Needs, status: int, leave_out_defaults: bool = False
    ) -> Callable[[F], F]:
        def add(endpoint: F) -> F:
            self.table.append(RouteAccess(method, path, needs))
            self.router.add_api_route(
                path,
                endpoint,
                methods=[method],
                status_code=status,
                response_model_exclude_defaults=leave_out_defaults,
                responses=_answers(method, path, needs),
                openapi_extra=_security(needs),
                route_class_override=_guarded(needs),
            )
            return endpoint

        return add


def admit(principal: Principal, needs: Needs) -> None:
    """Raise `NotSignedIn` or `NotAllowed` when the caller may not call a route with these `needs`."""
    if needs is Access.ANYBODY:
        return
    if principal.kind == "anonymous":
        raise NotSignedIn
    if isinstance(needs, OnlyFor):
        if principal.kind != "service" or principal.id != needs.part:
            raise NotAllowed(code="scope_missing", message="Only another part of Mycelium itself may ask this.")
    elif not isinstance(needs, Access):
        principal.require(needs)


class _GuardedRoute(OnceRoute):
    needs: ClassVar[Needs]

    def matches(self, scope: ConnectionScope) -> tuple[Match, ConnectionScope]:
        """As in any route, but `by-ids` never matches as an id: `GET /events/by-ids` answers 405, not 404."""
        match, found = super().matches(scope)
        if _NO_ID in found.get("path_params", {}).values():
            return Match.NONE, {}
        return match, found

    def get_route_handler(self) -> Any:
        handle = super().get_route_handler()
        needs = self.needs

        async def guarded(request: Request) -> Response:
            admit(request.app.state.service.caller(request), needs)
            response: Response = await handle(request)
            return response

        return guarded


@cache
def _guarded(needs: Needs) -> type[OnceRoute]:
    return type("GuardedRoute", (_GuardedRoute,), {"needs": needs})


def _security(needs: Needs) -> dict[str, Any]:
    return {"security": [] if needs is Access.ANYBODY else [{"internalToken": []}], "x-needs": str(needs)}


def _answers(method: str, path: str, needs: Needs) -> dict[int | str, dict[str, Any]]:
    """The problems a route can answer with (RFC 9457), for its OpenAPI document."""
    answers = {413: "The body is too large.", 422: "Some fields cannot be used.", 503: "A part is away. Try again."}
    is_open = needs is Access.ANYBODY
    if not is_open or method != "GET":
        answers |= {401: "There is no credential, or it is not accepted."}
    if not isinstance(needs, Access):
        answers |= {403: "The caller lacks the scope, or may not do this."}
    if not is_open or "{" in path or method != "GET":
        answers |= {404: "There is nothing here that the caller may see."}
    if isinstance(needs, OnlyFor):
        answers |= {410: "It was here, and is over."}
    if method != "GET":
        answers |= {408: "The body did not come in time.", 409: "The present state does not allow it."}
        answers |= {429: "Too many."}
    return {
        status: {"description": description, "content": {MEDIA_TYPE: {"schema": SCHEMA_REFERENCE}}}
        for status, description in sorted(answers.items())
    }
