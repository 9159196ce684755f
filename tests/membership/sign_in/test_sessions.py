"""Sessions: signed access tokens, refresh tokens good once, reuse ends it all, signing out."""

import asyncio
import base64
import json
from datetime import timedelta

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import FastAPI

from services.membership.sign_in.commands import refresh, sign_in
from services.membership.sign_in.model import RefreshRefused
from services.membership.sign_in.tokens import AccessTokens
from shared import clock
from shared.app import Service
from shared.auth import Principal
from shared.contracts.membership.sign_in import SessionView
from shared.errors import NotSignedIn
from shared.ids import new_id
from shared.keys import new_key
from shared.mongo import Database
from shared.settings import Settings
from tests.support.membership import GATEWAY, a_person, mail_a_code, messages
from tests.support.serving import Client

DAY = timedelta(days=1)


@pytest.fixture(scope="module")
def service(membership: Client, app: FastAPI) -> Service:
    """The running service's parts."""
    service: Service = app.state.service
    return service


@pytest.fixture
async def session(service: Service, database: Database) -> SessionView:
    """Somebody who has just signed in."""
    person = await a_person(database)
    code = await mail_a_code(database, service.secret, person.address, clock.now())
    return await sign_in(database, service.secret, service.extra["signer"], person.address, code, now=clock.now())


async def who(membership: Client, token: str) -> Principal | None:
    """Whom the gateway is told this credential belongs to."""
    answer = await membership.acting_as(GATEWAY).post("/principals", {"credential": token})
    return Principal.model_validate(answer.body["principal"]) if answer.status == 200 else None


def _bytes(text: str) -> bytes:
    return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))


async def test_an_access_token_is_checked_with_the_published_key(
    membership: Client, session: SessionView, settings: Settings
) -> None:
    [key] = (await membership.get("/.well-known/jwks.json")).body["keys"]
    assert "d" not in key
    assert (key["kty"], key["crv"], key["use"], key["alg"]) == ("OKP", "Ed25519", "sig", "EdDSA")
    head, payload, signature = session.access_token.split(".")
    Ed25519PublicKey.from_public_bytes(_bytes(key["x"])).verify(_bytes(signature), f"{head}.{payload}".encode())
    assert json.loads(_bytes(head)) == {"alg": "EdDSA", "typ": "at+jwt", "kid": key["kid"]}
    claims = json.loads(_bytes(payload))
    assert (claims["iss"], claims["aud"], claims["sub"]) == (settings.public_url, "mycelium", session.person_id)
    assert claims["exp"] - claims["iat"] == 15 * 60


async def test_an_access_token_is_good_for_a_quarter_of_an_hour(service: Service, session: SessionView) -> None:
    signer, now = service.extra["signer"], clock.now()
    assert signer.read(session.access_token, now + timedelta(minutes=14)).person_id == session.person_id
    with pytest.raises(NotSignedIn):
        signer.read(session.access_token, now + timedelta(minutes=15, seconds=1))


def _forged(token: str, **changes: object) -> str:
    head, payload, signature = token.split(".")
    claims = {**json.loads(_bytes(payload)), **changes}
    encoded = base64.urlsafe_b64encode(json.dumps(claims).encode()).rstrip(b"=").decode()
    return f"{head}.{encoded}.{signature}"


async def test_a_forged_or_foreign_token_is_nobodys(
    membership: Client, session: SessionView, settings: Settings
) -> None:
    token = session.access_token
    claims = token.split(".")[1]
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"at+jwt"}').rstrip(b"=").decode()
    other_key = AccessTokens(b"k" * 32, settings.public_url).issue(session.person_id, "ses_x", clock.now())
    assert await who(membership, token) is not None
    for bad in (
        _forged(token, sub="per_00000000000000000000000000"),
        f"{unsigned}.{claims}.",
        other_key,
        token[:-2],
        token + "x",
        "a.b.c",
        "....",
        "",
        "é",
        "\x00",
        "x" * 4096,
    ):
        assert await who(membership, bad) is None


async def test_a_token_of_another_issuer_is_nobodys(service: Service, settings: Settings) -> None:
    key = _bytes(settings.signing_key.get_secret_value()) if settings.signing_key else b""
    foreign = AccessTokens(key, "https://elsewhere.example.org").issue("per_x", "ses_x", clock.now())
    with pytest.raises(NotSignedIn):
        service.extra["signer"].read(foreign, clock.now())


async def test_refreshing_gives_new_tokens_for_the_same_session(membership: Client, session: SessionView) -> None:
    answer = await membership.post("/sign-in/refresh", {"refresh_token": session.refresh_token})
    assert answer.status == 200, answer.body
    assert answer.body["refresh_token"] != session.refresh_token
    before, after = await who(membership, session.access_token), await who(membership, answer.body["access_token"])
    assert before is not None
    assert before == after


async def test_a_refresh_token_used_twice_ends_its_session(
    membership: Client, database: Database, session: SessionView
) -> None:
    principal = await who(membership, session.access_token)
    assert principal is not None
    newer = (await membership.post("/sign-in/refresh", {"refresh_token": session.refresh_token})).body
    reused = await membership.post(
        "/sign-in/refresh", {"refresh_token": session.refresh_token}, headers={"idempotency-key": "thief"}
    )
    assert reused.problem() == (401, "refresh_refused", ["refresh_token"])
    assert await who(membership, session.access_token) is None
    assert await who(membership, newer["access_token"]) is None
    answer = await membership.post("/sign-in/refresh", {"refresh_token": newer["refresh_token"]})
    assert answer.problem()[:2] == (401, "refresh_refused")
    [told] = await messages(database, "membership.session_ended", principal.session)
    assert principal.id in told["touches"]


async def test_a_refresh_token_used_twice_at_once_ends_its_session(membership: Client, session: SessionView) -> None:
    body = {"refresh_token": session.refresh_token}
    answers = await asyncio.gather(*(membership.post("/sign-in/refresh", body) for _ in range(4)))
    assert sorted(a.status for a in answers) == [200, 401, 401, 401]
    assert await who(membership, session.access_token) is None


async def test_a_retry_with_the_same_idempotency_key_is_no_second_use(membership: Client, session: SessionView) -> None:
    body, headers = {"refresh_token": session.refresh_token}, {"idempotency-key": session.person_id}
    answers = await asyncio.gather(*(membership.post("/sign-in/refresh", body, headers=headers) for _ in range(4)))
    assert {a.status for a in answers} == {200}
    assert len({a.body["refresh_token"] for a in answers}) == 1
    assert await who(membership, answers[0].body["access_token"]) is not None


async def test_a_session_ends_after_30_idle_days_and_90_in_all(
    service: Service, database: Database, session: SessionView
) -> None:
    signer, start = service.extra["signer"], clock.now()
    with pytest.raises(RefreshRefused):
        await refresh(database, signer, session.refresh_token, now=start + 30 * DAY)
    view = await refresh(database, signer, session.refresh_token, now=start + 29 * DAY)
    view = await refresh(database, signer, view.refresh_token, now=start + 58 * DAY)
    view = await refresh(database, signer, view.refresh_token, now=start + 87 * DAY)
    assert view.refresh_expires_in <= 3 * 24 * 3600
    with pytest.raises(RefreshRefused):
        await refresh(database, signer, view.refresh_token, now=start + 90 * DAY)


async def test_an_unknown_refresh_token_is_refused(membership: Client) -> None:
    for text in ("", "myr_", "x" * 200):
        answer = await membership.post("/sign-in/refresh", {"refresh_token": text})
        assert answer.problem()[:2] == (401, "refresh_refused")


async def test_signing_out_ends_the_session_at_once(
    membership: Client, database: Database, session: SessionView
) -> None:
    principal = await who(membership, session.access_token)
    assert principal is not None
    for _ in range(2):
        answer = await membership.post("/sign-in/sign-out", {"access_token": session.access_token})
        assert (answer.status, answer.body) == (200, {"ended": True})
    assert await who(membership, session.access_token) is None
    answer = await membership.post("/sign-in/refresh", {"refresh_token": session.refresh_token})
    assert answer.problem()[:2] == (401, "refresh_refused")
    assert len(await messages(database, "membership.session_ended", principal.session)) == 1


async def test_only_a_token_of_ours_signs_out(membership: Client, session: SessionView) -> None:
    others = AccessTokens(b"another seed of 32 bytes, no less", "mycelium")
    other = others.issue(new_id("per"), new_id("ses"), clock.now())
    for token in ("", "a.b.c", session.access_token[:-4] + "AAAA", other, new_key(new_id("key"))):
        answer = await membership.post("/sign-in/sign-out", {"access_token": token})
        assert answer.problem()[:2] == (401, "token_refused"), token
    assert await who(membership, session.access_token) is not None


async def test_an_expired_token_ends_its_session(membership: Client, service: Service, session: SessionView) -> None:
    signer = service.extra["signer"]
    claims = signer.read(session.access_token, clock.now())
    old = signer.issue(claims.person_id, claims.session_id, clock.now() - timedelta(hours=1))
    assert (await membership.post("/sign-in/sign-out", {"access_token": old})).status == 200
    assert await who(membership, session.access_token) is None
