"""Internal tokens open one service for 60 s, and scopes open doors."""

import base64
import json
import time

import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from shared.auth import ANONYMOUS, InternalTokens, Principal
from shared.errors import NotAllowed, NotFound, NotSignedIn

SECRET = b"s" * 32
ANNE = Principal(
    kind="person",
    id="per_1",
    scopes=frozenset({"events:read"}),
    groups={"grp_1": "hub_1"},
    hubs=frozenset({"hub_1"}),
    convenes=frozenset({"grp_1"}),
)
tokens = InternalTokens(SECRET, "gateway")


def test_a_token_tells_its_service_who_calls() -> None:
    assert InternalTokens(SECRET, "events").verify(tokens.issue(ANNE, "events"), "events") == ANNE


def test_a_token_for_one_service_opens_no_other() -> None:
    with pytest.raises(NotSignedIn):
        tokens.verify(tokens.issue(ANNE, "events"), "learning")


def test_a_token_signed_with_another_secret_is_refused() -> None:
    with pytest.raises(NotSignedIn):
        tokens.verify(InternalTokens(b"x" * 32, "gateway").issue(ANNE, "events"), "events")


@pytest.mark.parametrize("algorithm", ["none", "None", "HS512"])
def test_a_token_with_another_algorithm_is_refused(algorithm: str) -> None:
    _, claims, signature = tokens.issue(ANNE, "events").split(".")
    header = base64.urlsafe_b64encode(json.dumps({"alg": algorithm}).encode()).rstrip(b"=").decode()
    for forged in (f"{header}.{claims}.{signature}", f"{header}.{claims}."):
        with pytest.raises(NotSignedIn):
            tokens.verify(forged, "events")


def forge(**changes: object) -> str:
    now = int(time.time())
    claims: dict[str, object] = {
        "iss": "gateway",
        "aud": "events",
        "sub": "per_1",
        "iat": now,
        "exp": now + 60,
        "principal": ANNE.model_dump_json(),
    }
    key = OctKey.import_key(tokens._key("events").raw_value)
    return jwt.encode({"alg": "HS256"}, {k: v for k, v in {**claims, **changes}.items() if v is not None}, key)


def test_the_forger_of_these_tests_can_make_a_good_one() -> None:
    assert tokens.verify(forge(), "events") == ANNE


@pytest.mark.parametrize(
    "changes",
    [
        {"exp": int(time.time()) - 10, "iat": int(time.time()) - 70},
        {"exp": int(time.time()) + 3600},
        {"exp": None},
        {"iat": None},
        {"aud": "learning"},
        {"aud": None},
        {"principal": "{}"},
        {"principal": None},
    ],
)
def test_a_token_that_expired_lives_too_long_or_lacks_a_claim_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(NotSignedIn):
        tokens.verify(forge(**changes), "events")


def test_doors_are_closed_unless_a_scope_opens_them() -> None:
    ANNE.require("events:read")
    with pytest.raises(NotAllowed):
        ANNE.require("events:write")
    with pytest.raises(NotSignedIn):
        ANONYMOUS.require("events:read")
    Principal(kind="client", id="key_1", scopes=frozenset({"community:admin"})).require("webhooks:manage")


def test_belonging_and_looking_after_are_different_things() -> None:
    assert ANNE.belongs_to_hub("hub_1")
    assert not ANNE.looks_after_hub("hub_1")
    assert ANNE.looks_after("hub_1", "grp_1")
    assert not ANNE.looks_after("hub_1", "grp_2")
    with pytest.raises(NotFound):
        ANNE.require_hub("hub_1")
