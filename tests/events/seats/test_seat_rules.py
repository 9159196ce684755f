"""The rules of seats, as plain functions: who gets one, who waits, who is next. Nothing is started for them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.events.events.model import Event
from services.events.seats.model import Registration, cancel, promote, promotions_due, status_for_newcomer
from shared.contracts.events.events import EventKind, EventStatus, EventVisibility
from shared.contracts.events.registrations import RegistrationStatus
from shared.ids import new_id

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
CONFIRMED, WAITLISTED = RegistrationStatus.CONFIRMED, RegistrationStatus.WAITLISTED


def an_event(**about: Any) -> Event:
    """A published event, a week from now."""
    fields: dict[str, Any] = {
        "id": new_id("evt"),
        "title": "A workshop",
        "kind": EventKind.WORKSHOP,
        "status": EventStatus.PUBLISHED,
        "visibility": EventVisibility.COMMUNITY,
        "hub_id": new_id("hub"),
        "organiser_ids": [],
        "starts_at": NOW + timedelta(days=7),
        "ends_at": NOW + timedelta(days=7, hours=2),
        "time_zone": "Europe/London",
        "themes": [],
        "languages": [],
        "created_at": NOW,
        "published_at": NOW,
    }
    return Event.model_validate({**fields, **about})


def a_registration(**about: Any) -> Registration:
    """A place in the line."""
    fields: dict[str, Any] = {"id": new_id("reg"), "event_id": new_id("evt"), "person_id": new_id("per"), "line": 1}
    return Registration.model_validate({**fields, "status": WAITLISTED, "registered_at": NOW, **about})


@pytest.mark.parametrize(
    ("capacity", "confirmed", "waiting", "status"),
    [
        (None, 5_000, 0, CONFIRMED),
        (2, 0, 0, CONFIRMED),
        (2, 1, 0, CONFIRMED),
        (2, 2, 0, WAITLISTED),
        (2, 2, 3, WAITLISTED),
        (2, 1, 1, WAITLISTED),
        (None, 1, 1, WAITLISTED),
    ],
)
def test_a_newcomer_gets_a_free_seat_and_overtakes_nobody(
    capacity: int | None, confirmed: int, waiting: int, status: RegistrationStatus
) -> None:
    event = an_event(capacity=capacity, confirmed_count=confirmed, waitlist_count=waiting)
    assert status_for_newcomer(event) is status


@pytest.mark.parametrize(
    ("capacity", "confirmed", "waiting", "at_most", "due"),
    [
        (10, 10, 5, 500, 0),
        (10, 8, 5, 500, 2),
        (10, 8, 1, 500, 1),
        (10, 8, 0, 500, 0),
        (10, 0, 30, 3, 3),
        (10, 0, 30, 0, 0),
        (None, 10, 700, 500, 500),
        (None, 10, 5, 500, 5),
        (10, 12, 5, 500, 0),
    ],
)
def test_as_many_are_promoted_as_seats_are_free_people_wait_and_a_step_may_be_long(
    capacity: int | None, confirmed: int, waiting: int, at_most: int, due: int
) -> None:
    event = an_event(capacity=capacity, confirmed_count=confirmed, waitlist_count=waiting)
    assert promotions_due(event, NOW, at_most) == due


@pytest.mark.parametrize("status", [EventStatus.DRAFT, EventStatus.CANCELLED, EventStatus.COMPLETED])
def test_nobody_is_promoted_at_an_event_that_is_not_published(status: EventStatus) -> None:
    assert promotions_due(an_event(status=status, capacity=5, waitlist_count=3), NOW, 500) == 0


def test_nobody_is_promoted_from_the_moment_the_event_starts() -> None:
    event = an_event(capacity=5, waitlist_count=3)
    assert promotions_due(event, event.starts_at - timedelta(microseconds=1), 500) == 3
    assert promotions_due(event, event.starts_at, 500) == 0


def test_seats_that_are_free_follow_the_capacity_and_are_never_fewer_than_none() -> None:
    assert an_event(capacity=5, confirmed_count=3).free_seats == 2
    assert an_event(capacity=5, confirmed_count=5).free_seats == 0
    assert an_event(capacity=5, confirmed_count=7).free_seats == 0
    assert an_event(capacity=None, confirmed_count=7).free_seats is None


def test_a_seat_given_back_and_given_on_leaves_the_counts_as_they_were() -> None:
    full = an_event(capacity=2, confirmed_count=2, waitlist_count=2)
    after = full.with_counts(confirmed=-1).with_counts(confirmed=1, waiting=-1)
    assert (after.confirmed_count, after.waitlist_count, after.version) == (2, 1, full.version)


def test_who_is_promoted_has_a_seat_since_then_and_keeps_the_place_in_the_line() -> None:
    waits = a_registration(line=7, position=2)
    seated = promote(waits, NOW)
    assert (seated.status, seated.promoted_at, seated.line, seated.version) == (CONFIRMED, NOW, 7, 2)
    assert seated.registered_at == waits.registered_at


def test_what_was_given_up_is_no_seat_and_no_place_any_more() -> None:
    for before in (a_registration(), a_registration(status=CONFIRMED)):
        given_up = cancel(before, NOW)
        assert before.is_active
        assert (given_up.is_active, given_up.cancelled_at, given_up.version) == (False, NOW, 2)


@pytest.mark.parametrize(
    ("relied_on", "left_with", "registered_after", "is_before"),
    [
        (3, 4, timedelta(hours=1), True),
        (4, 4, timedelta(hours=-1), False),
        (5, 4, timedelta(hours=-1), False),
        (None, 4, timedelta(0), True),
        (None, 4, timedelta(seconds=1), False),
        (3, 0, timedelta(seconds=1), False),
        (3, 0, timedelta(seconds=-1), True),
    ],
)
def test_membership_counts_and_only_without_a_count_the_time_say_whether_a_seat_was_taken_before_leaving(
    relied_on: int | None, left_with: int, registered_after: timedelta, is_before: bool
) -> None:
    registration = a_registration(belonging_version=relied_on, registered_at=NOW + registered_after)
    assert registration.was_made_before(NOW, left_with) is is_before
