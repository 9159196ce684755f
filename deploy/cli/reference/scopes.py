"""The scopes: what each opens, and which route needs which."""

from collections.abc import Iterator

from deploy.features import FEATURES
from shared.auth import PERSON_SCOPES, SCOPES
from shared.enums import Scope
from shared.routing import RouteAccess

HEAD = """\
# Scopes

A scope opens a route; which hubs and groups it opens it for is decided by where the caller belongs. An API key is given
its scopes when it is made, never more than its maker has. A signed-in person has those marked here; one who is steward
of a hub also has `hub:admin` and `webhooks:manage`, for the hubs they are steward of and those below. In GraphQL the
scopes are the enum `Scope`: `events:write` is `EVENTS_WRITE` there.
"""
ROUTES_HEAD = """\

## Which route needs which scope

The routes of the services, as their features declare them. A caller without the scope is refused with `scope_missing`
before the body is read; `community:admin` opens all. *anybody*: also without a credential. *signed in*: any person or
key. *only for …*: that part of Mycelium itself.
"""


def scopes_page() -> str:
    """`docs/reference/scopes.md`."""
    return "\n".join([HEAD, *_scopes(), ROUTES_HEAD, *_routes(), ""])


def _scopes() -> Iterator[str]:
    yield "| scope | opens | every person |"
    yield "|---|---|---|"
    for scope in Scope:
        yield f"| `{scope}` | {scope.description} | {'yes' if scope in PERSON_SCOPES else ''} |"


def _routes() -> Iterator[str]:
    yield "| service | feature | route | needs |"
    yield "|---|---|---|---|"
    for service, features in FEATURES.items():
        for feature in features:
            for route in feature.routes or ():
                yield f"| {service} | {feature.name} | `{route.method} {route.path}` | {_needs(route)} |"


def _needs(route: RouteAccess) -> str:
    return f"`{route.needs}`" if route.needs in SCOPES else f"*{route.needs}*"
