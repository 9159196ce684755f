"""The rules of API keys, without a database: how long a key lives, what it opens, and which of its secrets work."""

from datetime import datetime, timedelta

import pytest

from services.membership.api_keys.model import (
    LONGEST_LIFE,
    MOST_SECRETS,
    ApiKey,
    KeyExpired,
    KeyRevoked,
    TooManySecrets,
    expect_scopes,
    new_api_key,
    new_key_id,
)
from shared.auth import SCOPES
from shared.contracts.membership.api_keys import ApiKeyStopReason, NewApiKey
from shared.errors import Invalid
from shared.ids import new_id
from tests.support.membership_models import NOW

HOUR = timedelta(hours=1)
MOMENT = timedelta(milliseconds=1)


def a_key(expires_at: datetime | None = None, secret: str = "first") -> ApiKey:
    """A key that a person made now."""
    new = NewApiKey(name="Site", hub_id=new_id("hub"), scopes=["directory:read"], expires_at=expires_at)
    maker = new_id("per")
    return new_api_key(new, new_key_id(), secret, maker, [maker], NOW)


@pytest.mark.parametrize("life", [-HOUR, timedelta(0), LONGEST_LIFE + MOMENT], ids=["past", "now", "too long"])
def test_a_key_ends_in_the_future_within_ten_years(life: timedelta) -> None:
    with pytest.raises(Invalid) as refused:
        a_key(NOW + life)
    assert (refused.value.code, refused.value.path) == ("bad_expiry", ("expires_at",))


@pytest.mark.parametrize("life", [MOMENT, LONGEST_LIFE], ids=["shortest", "longest"])
def test_a_key_lives_until_its_end(life: timedelta) -> None:
    key = a_key(NOW + life)
    assert key.opened_by("first", NOW + life - MOMENT)
    assert key.opened_by("first", NOW + life) is None
    assert (key.stop_reason(NOW), key.stop_reason(NOW + life)) == (None, ApiKeyStopReason.EXPIRED)


def test_a_hubs_key_is_no_operators() -> None:
    expect_scopes(SCOPES, None)
    with pytest.raises(Invalid) as refused:
        expect_scopes(["directory:read", "community:admin"], new_id("hub"))
    assert (refused.value.code, refused.value.path) == ("scope_beyond_hub", ("scopes", 1))


def test_scopes_are_kept_once_and_sorted() -> None:
    assert NewApiKey(name="Site", scopes=["hub:admin", "events:read", "hub:admin"]).scopes == [
        "events:read",
        "hub:admin",
    ]


def test_an_old_secret_works_until_the_overlap_is_over() -> None:
    key = a_key().rotated("second", [], HOUR, NOW)
    old = key.opened_by("first", NOW + HOUR - MOMENT)
    assert old is not None
    assert key.ends_at(old) == NOW + HOUR
    assert key.opened_by("first", NOW + HOUR) is None
    new = key.opened_by("second", NOW + HOUR)
    assert new is not None
    assert key.ends_at(new) is None
    assert (key.rotated_at, key.version) == (NOW, 2)


def test_rotating_again_gives_no_old_secret_more_time() -> None:
    key = a_key().rotated("second", [], HOUR, NOW).rotated("third", [], 24 * HOUR, NOW)
    assert key.opened_by("first", NOW + HOUR) is None
    assert key.opened_by("second", NOW + HOUR)
    sooner = key.rotated("fourth", [], timedelta(0), NOW)
    assert [sooner.opened_by(text, NOW) is not None for text in ("first", "second", "third", "fourth")] == [
        False,
        False,
        False,
        True,
    ]


def test_only_so_many_secrets_work_at_once() -> None:
    key = a_key()
    for number in range(MOST_SECRETS - 1):
        key = key.rotated(f"more {number}", [], HOUR, NOW)
    with pytest.raises(TooManySecrets):
        key.rotated("last", [], HOUR, NOW).rotated("too many", [], HOUR, NOW)
    assert key.rotated("last", [], timedelta(0), NOW).opened_by("last", NOW)


def test_a_revoked_or_expired_key_is_not_rotated() -> None:
    revoked = a_key(NOW + HOUR).revoked(NOW)
    assert revoked.opened_by("first", NOW) is None
    assert revoked.stop_reason(NOW + 2 * HOUR) is ApiKeyStopReason.REVOKED
    with pytest.raises(KeyRevoked):
        revoked.rotated("second", [], HOUR, NOW)
    with pytest.raises(KeyExpired):
        a_key(NOW + HOUR).rotated("second", [], HOUR, NOW + HOUR)


def test_a_key_without_an_end_outlives_one_that_ends() -> None:
    lasting, brief, briefer = a_key(), a_key(NOW + 2 * HOUR), a_key(NOW + HOUR)
    assert lasting.outlives(brief)
    assert brief.outlives(briefer)
    assert not brief.outlives(brief)
    assert not brief.outlives(lasting)
    assert not lasting.outlives(lasting)


def test_a_key_is_shown_without_its_secrets() -> None:
    shown = a_key(secret="very secret").view(None).model_dump_json()
    assert "secret" not in shown
