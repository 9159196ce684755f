"""Every REST route of every service: closed to nobody, to forged tokens and to callers without the scope."""

import base64
import json
import re
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack

import pytest
from fastapi import FastAPI
from fastapi.routing import APIRoute
from joserfc import jwt
from joserfc.jwk import OctKey

from services.events.app import create_app as create_events
from services.learning.app import create_app as create_learning
from services.membership.app import create_app as create_membership
from services.notify.app import create_app as create_notify
from shared.auth import InternalTokens, Principal
from shared.ids import new_id
from shared.settings import SERVICES, Settings, decode_secret
from tests.support.serving import Client, a_client

CREATE = {
    "membership": create_membership,
    "events": create_events,
    "learning": create_learning,
    "notify": create_notify,
}
# Doors that are open to strangers, each for a reason: one signs in through them, or they show nothing of anybody.
OPEN = {
    ("membership", "POST", "/sign-in/codes"),
    ("membership", "POST", "/sign-in/sessions"),
    ("membership", "POST", "/sign-in/refresh"),
    ("membership", "GET", "/.well-known/jwks.json"),
    *((service, "GET", path) for service in SERVICES for path in ("/livez", "/readyz", "/metrics")),
    *((service, "GET", "/openapi.json") for service in SERVICES),
}
NO_SCOPES = Principal(kind="person", id=new_id("per"))
ALL_IDS = {"events": "evt", "registrations": "reg", "entries": "ent", "endpoints": "whe", "deliveries": "dlv"}


@pytest.fixture(scope="module")
async def clients(settings: Settings) -> AsyncIterator[dict[str, tuple[FastAPI, Client]]]:
    """All four services, running."""
    async with AsyncExitStack() as running:
        yield {
            name: (app, await running.enter_async_context(a_client(app, name, settings)))
            for name, create in CREATE.items()
            for app in [create(settings)]
        }


def doors(app: FastAPI) -> Iterator[tuple[str, str]]:
    """Every (method, path) an application answers, found by walking its routes."""
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
    """A path with well-formed ids in it."""
    return re.sub(r"\{(\w+)\}", lambda found: new_id(ALL_IDS.get(path.split("/")[1], "hub")), path)


def forged_tokens(settings: Settings, service: str) -> dict[str, str]:
    """Tokens that must open nothing."""
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
async def test_no_door_opens_without_a_scope(clients: dict[str, tuple[FastAPI, Client]], service: str) -> None:
    app, client = clients[service]
    for method, path in doors(app):
        if (service, method, path) in OPEN:
            continue
        body: dict[str, list[str]] = {"ids": []} if path.endswith("/by-ids") else {}
        answer = await client.acting_as(NO_SCOPES).call(method, filled(path), body if method != "GET" else None)
        # Signing out is for every person; it changes nothing but the session one came with.
        allowed = {200} if path == "/sign-in/session" else {403, 404, 422}
        assert answer.status in allowed, (method, path, answer.status, answer.body)
        assert answer.status != 422 or "problems" in answer.body


@pytest.mark.parametrize("service", SERVICES)
async def test_every_open_door_is_one_that_exists(clients: dict[str, tuple[FastAPI, Client]], service: str) -> None:
    app, client = clients[service]
    known = set(doors(app)) | {("GET", "/openapi.json")}
    for name, method, path in OPEN:
        if name == service:
            assert (method, path) in known
    assert json.dumps((await client.get("/livez")).status) == "200"
