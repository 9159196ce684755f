"""The page about scopes: what each allows, and which route needs which."""

from collections.abc import Iterator

from deploy.features import FEATURES
from shared.auth import PERSON_SCOPES, SCOPES
from shared.enums import Scope
from shared.routing import RouteAccess

HEAD = """\
# Scopes

A scope allows the calls of some routes. For which hubs and groups it allows them depends on where the caller belongs.
An API key gets its scopes when it is made, and never more than its maker has. A signed-in person has the scopes marked
here. A steward of a hub also has `hub:admin` and `webhooks:manage`, for that hub and all hubs below it. In GraphQL the
scopes are the enum `Scope`: `events:write` is `EVENTS_WRITE` there.
"""
ROUTES_HEAD = """\

## Which route needs which scope

The routes of the services, as their features declare them. A caller without the scope is refused with `scope_missing`
before the body is read; `community:admin` includes all scopes. *anybody*: no credential is needed. *signed in*: any
person or key. *only for …*: only that part of Mycelium may call it.
"""


def scopes_page() -> str:
    """`docs/reference/scopes.md`."""
    return "\n".join([HEAD, *_scopes(), ROUTES_HEAD, *_routes(), ""])


def _scopes() -> Iterator[str]:
    yield "| scope | allows | every person |"
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
