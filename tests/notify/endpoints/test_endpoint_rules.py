"""The rules of an endpoint, without anything around it."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.endpoints.model import FAILING_AT_MOST, MOST_SECRETS, Endpoint, SealedSecret, SecretsStillOverlap
from shared.contracts.notify.endpoints import DisabledReason, EndpointChanges, EndpointStatus

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def an_endpoint(**about: object) -> Endpoint:
    fields: dict[str, object] = {
        "id": "whe_1",
        "hub_id": "hub_1",
        "url": "https://example.org/",
        "description": None,
        "topics": (),
        "secrets": (SealedSecret(sealed=b"first"),),
        "failing_since": NOW - timedelta(days=1),
        "created_at": NOW,
    }
    return Endpoint.model_validate({**fields, **about})


def test_a_new_address_wipes_the_failures_of_the_old_one() -> None:
    assert an_endpoint().edited(EndpointChanges(url="https://example.org/2")).failing_since is None
    assert an_endpoint().edited(EndpointChanges(url="https://example.org/")).failing_since is not None


@pytest.mark.parametrize(
    ("before", "after", "is_wiped"),
    [
        (EndpointStatus.DISABLED, EndpointStatus.ENABLED, True),
        (EndpointStatus.PAUSED, EndpointStatus.ENABLED, True),
        (EndpointStatus.ENABLED, EndpointStatus.ENABLED, False),
        (EndpointStatus.ENABLED, EndpointStatus.PAUSED, False),
        (EndpointStatus.ENABLED, EndpointStatus.DISABLED, False),
    ],
)
def test_being_enabled_again_is_a_fresh_start(before: EndpointStatus, after: EndpointStatus, is_wiped: bool) -> None:
    edited = an_endpoint(status=before).edited(EndpointChanges(status=after))
    assert edited.status is after
    assert (edited.failing_since is None) is is_wiped


def test_an_endpoint_has_failed_too_long_after_five_days_and_not_before() -> None:
    since = NOW - FAILING_AT_MOST
    assert an_endpoint(failing_since=since).has_failed_too_long(NOW)
    assert not an_endpoint(failing_since=since + timedelta(seconds=1)).has_failed_too_long(NOW)
    assert not an_endpoint(failing_since=None).has_failed_too_long(NOW)


def test_rotating_again_never_lengthens_the_life_of_an_old_secret() -> None:
    once = an_endpoint().with_secret(b"second", timedelta(hours=1), NOW)
    twice = once.with_secret(b"third", timedelta(days=1), NOW)
    assert [(secret.sealed, secret.expires_at) for secret in twice.secrets] == [
        (b"third", None),
        (b"second", NOW + timedelta(days=1)),
        (b"first", NOW + timedelta(hours=1)),
    ]
    later = NOW + timedelta(hours=1)
    assert [secret.sealed for secret in twice.live_secrets(later)] == [b"third", b"second"]
    assert [secret.sealed for secret in twice.with_secret(b"fourth", timedelta(0), later).secrets] == [b"fourth"]


def test_at_most_so_many_secrets_sign_at_once_and_one_that_ended_makes_room() -> None:
    endpoint = an_endpoint()
    for number in range(MOST_SECRETS - 1):
        endpoint = endpoint.with_secret(b"%d" % number, timedelta(hours=1), NOW)
    assert len(endpoint.live_secrets(NOW)) == MOST_SECRETS
    with pytest.raises(SecretsStillOverlap):
        endpoint.with_secret(b"one more", timedelta(hours=1), NOW)
    later = NOW + timedelta(hours=1)
    assert [one.sealed for one in endpoint.with_secret(b"one more", timedelta(0), later).secrets] == [b"one more"]


def test_an_endpoint_says_why_it_is_disabled_and_no_longer_once_it_is_enabled() -> None:
    failing = an_endpoint().disabled(DisabledReason.FAILING)
    assert (failing.status, failing.disabled_reason) == (EndpointStatus.DISABLED, DisabledReason.FAILING)
    enabled = failing.edited(EndpointChanges(status=EndpointStatus.ENABLED))
    assert (enabled.status, enabled.disabled_reason, enabled.failing_since) == (EndpointStatus.ENABLED, None, None)
    stopped = an_endpoint().edited(EndpointChanges(status=EndpointStatus.DISABLED))
    assert stopped.disabled_reason is DisabledReason.STOPPED
    assert failing.edited(EndpointChanges(status=EndpointStatus.DISABLED)).disabled_reason is DisabledReason.FAILING
