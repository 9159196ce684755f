"""The rules of signing in, without a database: how often codes are asked for, and how long codes and sessions last."""

from datetime import timedelta

import pytest

from services.membership.sign_in.codes import ALPHABET, LENGTH, address_hash, new_code, normal_code
from services.membership.sign_in.model import (
    CODE_LASTS,
    REFRESH_LASTS,
    REQUESTS,
    REQUESTS_WITHIN,
    ROWS_KEPT,
    SESSION_LASTS,
    CodeRequest,
    RateLimit,
    RequestOver,
    open_session,
    refresh_token,
)
from shared.ids import new_id
from tests.support.membership_models import NOW

SECRET = b"s" * 32
MOMENT = timedelta(microseconds=1)


def a_request(person_id: str | None = None) -> CodeRequest:
    """A request for a code, made now."""
    return CodeRequest(
        id=new_id("sir"), address_hash="hash", person_id=person_id, asked_at=NOW, expires_at=NOW + ROWS_KEPT
    )


def test_a_code_is_the_same_however_it_is_typed() -> None:
    code = new_code()
    assert len(code) == LENGTH
    assert set(code) <= set(ALPHABET)
    assert normal_code(f" {code[:4].lower()}-{code[4:]} ") == code


def test_an_address_is_kept_as_a_hash_that_needs_the_secret() -> None:
    assert address_hash(SECRET, "a@example.org") == address_hash(SECRET, "a@example.org")
    assert address_hash(SECRET, "a@example.org") != address_hash(b"t" * 32, "a@example.org")


def test_an_address_asks_only_so_often_within_a_quarter_of_an_hour() -> None:
    limit: RateLimit | None = RateLimit(id="hash", expires_at=NOW)
    for _ in range(REQUESTS):
        assert limit is not None
        limit = limit.count(NOW)
    assert limit is not None
    assert limit.count(NOW + REQUESTS_WITHIN - MOMENT) is None
    later = limit.count(NOW + REQUESTS_WITHIN)
    assert later is not None
    assert later.asked == [NOW + REQUESTS_WITHIN]


def test_a_code_signs_in_once_and_for_ten_minutes() -> None:
    request = a_request(new_id("per")).with_code(SECRET, "ABCDEFGH", NOW)
    assert request.opened_by(SECRET, "abcd-efgh", NOW + CODE_LASTS - MOMENT)
    assert not request.opened_by(SECRET, "ABCDEFGH", NOW + CODE_LASTS)
    assert not request.opened_by(SECRET, "ABCDEFGJ", NOW)
    assert not request.use(NOW).opened_by(SECRET, "ABCDEFGH", NOW)


def test_no_code_is_made_for_nobody_nor_too_late_nor_after_use() -> None:
    with pytest.raises(RequestOver):
        a_request().with_code(SECRET, "ABCDEFGH", NOW)
    with pytest.raises(RequestOver):
        a_request(new_id("per")).with_code(SECRET, "ABCDEFGH", NOW + CODE_LASTS)
    with pytest.raises(RequestOver):
        a_request(new_id("per")).use(NOW).with_code(SECRET, "ABCDEFGH", NOW)


def test_a_session_lasts_until_its_end_or_until_it_is_ended() -> None:
    session = open_session(new_id("per"), NOW)
    assert session.is_live(NOW + SESSION_LASTS - MOMENT)
    assert not session.is_live(NOW + SESSION_LASTS)
    assert not session.ended(NOW).is_live(NOW)


def test_a_refresh_token_lasts_no_longer_than_its_session() -> None:
    session = open_session(new_id("per"), NOW)
    assert refresh_token(session, "myr_x", NOW).valid_until == NOW + REFRESH_LASTS
    late = NOW + SESSION_LASTS - timedelta(days=1)
    token = refresh_token(session, "myr_x", late)
    assert token.valid_until == session.expires_at
    assert "myr_x" not in token.model_dump_json()
