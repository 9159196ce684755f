"""Every REST route of every service refuses anonymous callers, forged tokens and callers without the scope."""

import base64
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from joserfc import jwt
from joserfc.jwk import OctKey

from deploy.features import FEATURES
from services.events.app import create_app as create_events
from services.learning.app import create_app as create_learning
from services.membership.app import create_app as create_membership
from services.notify.app import create_app as create_notify
from shared.auth import SCOPES, InternalTokens, Principal
from shared.ids import new_id
from shared.routing import Access, OnlyFor, RouteAccess
from shared.settings import SERVICES, Settings, decode_secret
from tests.support.serving import Client, a_client

CREATE = {
    "membership": create_membership,
    "events": create_events,
    "learning": create_learning,
    "notify": create_notify,
}
# Routes that every service has beside its features' routes. They show no data of people.
OPERATIONS = {("GET", path) for path in ("/livez", "/readyz", "/metrics")}
OPEN = {
    (service, route.method, route.path)
    for service, features in FEATURES.items()
    for feature in features
    for route in feature.routes or ()
    if route.needs is Access.ANYBODY
} | {(service, *operation) for service in SERVICES for operation in OPERATIONS}
ALL_IDS = {"events": "evt", "registrations": "reg", "entries": "ent", "endpoints": "whe", "deliveries": "dlv"}


@pytest.fixture(scope="module")
async def clients(settings: Settings) -> AsyncIterator[dict[str, tuple[FastAPI, Client]]]:
    """Run all four services."""
    async with AsyncExitStack() as running:
        yield {
            name: (app, await running.enter_async_context(a_client(app, name, settings)))
            for name, create in CREATE.items()
            for app in [create(settings)]
        }


def doors(app: FastAPI) -> Iterator[tuple[str, str]]:
    """All (method, path) pairs of an application, from its list of routes."""
    seen: set[tuple[str, str]] = set()
    pending = list(app.routes)
    while pending:
        route = pending.pop()
        inner = getattr(route, "routes", None) or getattr(getattr(route, "original_router", None), "routes", None)
        if inner:
            pending.extend(inner)
        if isinstance(route, APIRoute):
            seen |= {(method, route.path) for method in route.methods or ()}
    yield from sorted(seen)


def filled(path: str) -> str:
    """A path with its parameters replaced by well-formed ids."""
    return re.sub(r"\{(\w+)\}", lambda found: new_id(ALL_IDS.get(path.split("/")[1], "hub")), path)


def forged_tokens(settings: Settings, service: str) -> dict[str, str]:
    """Tokens that every route must refuse."""
    secret = decode_secret(settings.secret)
    honest = InternalTokens(secret, "gateway")
    almighty = Principal(kind="client", id="key_x", scopes=frozenset({"community:admin"}), everywhere=True)
    good = honest.issue(almighty, service)
    header = base64.urlsafe_b64encode(b'{"alg":"none"}').rstrip(b"=").decode()
    now = int(time.time())
    claims = {"iss": "gateway", "aud": service, "sub": "key_x", "principal": almighty.model_dump_json()}
    key = OctKey.import_key(honest._key(service).raw_value)
    return {
        "wrong audience": honest.issue(almighty, "another"),
        "wrong key": InternalTokens(b"w" * 32, "gateway").issue(almighty, service),
        "none": f"{header}.{good.split('.')[1]}.",
        "none, signature kept": f"{header}.{good.split('.')[1]}.{good.split('.')[2]}",
        "expired": jwt.encode({"alg": "HS256"}, {**claims, "iat": now - 200, "exp": now - 140}, key),
        "for an hour": jwt.encode({"alg": "HS256"}, {**claims, "iat": now, "exp": now + 3600}, key),
        "rubbish": "rubbish",
    }


@pytest.mark.parametrize("service", SERVICES)
async def test_every_door_is_closed_to_nobody_and_to_forgers(
    clients: dict[str, tuple[FastAPI, Client]], service: str
) -> None:
    app, client = clients[service]
    tried = 0
    for method, path in doors(app):
        if (service, method, path) in OPEN:
            continue
        tried += 1
        answer = await client.acting_as(None).call(method, filled(path), {} if method != "GET" else None)
        assert answer.status == 401, (method, path, "nobody", answer.status)
        for name, token in forged_tokens(client.settings, service).items():
            answer = await client.acting_as(None).call(
                method, filled(path), {} if method != "GET" else None, headers={"authorization": f"Bearer {token}"}
            )
            assert answer.status == 401, (method, path, name, answer.status)
    assert tried >= 5, "the walk over the routes found too few of them"


@pytest.mark.parametrize("service", SERVICES)
async def test_every_route_refuses_all_scopes_but_its_own(
    clients: dict[str, tuple[FastAPI, Client]], service: str
) -> None:
    """A person, a key and another part with all scopes but the needed one get 403 `scope_missing`."""
    _, client = clients[service]
    wrong: list[object] = []
    tried = 0
    for route in routes_of(service):
        for caller in callers_without(route):
            tried += 1
            answer = await client.acting_as(caller).call(route.method, filled(route.path), body_for(route))
            code = answer.body.get("code") if isinstance(answer.body, dict) else answer.body
            if (answer.status, code) != (403, "scope_missing"):
                wrong.append((route.method, route.path, caller.kind, answer.status, code))
    assert wrong == []
    assert tried >= 10


@pytest.mark.parametrize("service", SERVICES)
async def test_the_scope_is_looked_at_before_the_body(clients: dict[str, tuple[FastAPI, Client]], service: str) -> None:
    _, client = clients[service]
    for route in routes_of(service):
        for caller in callers_without(route)[:1]:
            if route.method != "GET":
                answer = await client.acting_as(caller).call(route.method, filled(route.path), raw=b"{not JSON")
                assert (answer.status, answer.body["code"]) == (403, "scope_missing"), route


@pytest.mark.parametrize("service", SERVICES)
async def test_a_service_has_no_route_that_a_feature_did_not_declare(
    clients: dict[str, tuple[FastAPI, Client]], service: str
) -> None:
    app, _ = clients[service]
    assert set(doors(app)) == {(route.method, route.path) for route in routes_of(service)} | OPERATIONS


def routes_of(service: str) -> list[RouteAccess]:
    return [route for feature in FEATURES[service] for route in feature.routes or ()]


def callers_without(route: RouteAccess) -> list[Principal]:
    """Callers who have everything except what the route needs; none for a route that needs no scope."""
    if isinstance(route.needs, Access):
        return []
    scopes = frozenset(SCOPES) - {"community:admin"} - {str(route.needs)}
    person = Principal(kind="person", id=new_id("per"), scopes=scopes)
    key = Principal(kind="client", id=new_id("key"), scopes=scopes, everywhere=True)
    part = Principal(kind="service", id="another part")
    if isinstance(route.needs, OnlyFor):
        operator = key.model_copy(update={"scopes": frozenset(SCOPES)})
        return [person, operator, part]
    return [person, key, part]


def body_for(route: RouteAccess) -> dict[str, list[str]] | None:
    if route.method == "GET":
        return None
    return {"ids": []} if route.path.endswith("/by-ids") else {}
