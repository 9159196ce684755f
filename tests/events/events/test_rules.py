"""The rules of events, as plain functions: times, life, audience, access. Nothing is started for them."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.events import access
from services.events.events import rules
from services.events.events.model import AudienceCheck, Event
from services.events.seats.model import Registration
from shared.contracts.events.events import EventKind, EventStatus, EventVisibility, NewEvent
from shared.contracts.events.registrations import RegistrationStatus
from shared.errors import NotFound, ProblemError
from shared.ids import new_id

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
LONDON = ZoneInfo("Europe/London")
# Fixed, because they are part of the names of tests.
HUB, OTHER_HUB, GROUP = (f"{prefix}_{number:026}" for prefix, number in (("hub", 1), ("hub", 2), ("grp", 3)))
PERSON = new_id("per")
DRAFT, PUBLISHED, CANCELLED, COMPLETED = EventStatus
PUBLIC, COMMUNITY, FOR_HUB, FOR_GROUP = EventVisibility


@dataclass(frozen=True)
class Caller:
    """A caller as the rules see one: by default a person who belongs nowhere."""

    person_id: str | None = PERSON
    hubs: frozenset[str] = frozenset()
    groups: Mapping[str, str] = field(default_factory=dict)
    steward_of: frozenset[str] = frozenset()
    convenes: frozenset[str] = frozenset()
    everywhere: bool = False
    writes: bool = True

    def can(self, scope: str) -> bool:
        """Whether it may write."""
        return self.writes


def an_event(**about: Any) -> Event:
    """A published event of the hub, a week from now."""
    fields: dict[str, Any] = {
        "id": new_id("evt"),
        "title": "A workshop",
        "kind": EventKind.WORKSHOP,
        "status": PUBLISHED,
        "visibility": COMMUNITY,
        "hub_id": HUB,
        "group_id": GROUP,
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


def problem(call: Any) -> tuple[str, tuple[str | int, ...]]:
    """The code and the path of the problem that this call raises."""
    with pytest.raises(ProblemError) as raised:
        call()
    return raised.value.code, tuple(raised.value.path)


MEMBER = Caller(hubs=frozenset({HUB}), groups={GROUP: HUB})
STEWARD = Caller(steward_of=frozenset({HUB}))
CONVENER = Caller(groups={GROUP: HUB}, convenes=frozenset({GROUP}))
HUB_KEY = Caller(person_id=None, hubs=frozenset({HUB}), steward_of=frozenset({HUB}))
READING_KEY = Caller(person_id=None, hubs=frozenset({HUB}), steward_of=frozenset({HUB}), writes=False)
OPERATOR = Caller(person_id=None, everywhere=True)
STRANGER = Caller()


@pytest.mark.parametrize(
    ("starts_at", "ends_at", "wrong"),
    [
        ("2026-03-10T12:00:00+00:00", "2026-03-10T12:00:00+00:00", "ends_before_it_starts"),
        ("2026-03-10T12:00:00+00:00", "2026-03-10T11:59:59+00:00", "ends_before_it_starts"),
        ("2026-03-10T12:00:00+02:00", "2026-03-10T10:00:00+00:00", "ends_before_it_starts"),
        ("2026-03-10T12:00:00+02:00", "2026-03-10T11:00:00+00:00", None),
        ("2026-10-25T01:30:00+01:00", "2026-10-25T01:15:00+00:00", None),
        ("2026-03-15T12:00:00+00:00", "2026-04-14T13:00:00+01:00", None),
        ("2026-03-15T12:00:00+00:00", "2026-04-14T13:00:01+01:00", "event_too_long"),
    ],
)
def test_times_are_compared_as_moments_whatever_the_clocks_show(
    starts_at: str, ends_at: str, wrong: str | None
) -> None:
    start, end = datetime.fromisoformat(starts_at), datetime.fromisoformat(ends_at)
    if wrong is None:
        rules.check_times(start, end)
    else:
        assert problem(lambda: rules.check_times(start, end)) == (wrong, ("ends_at",))


def test_an_event_over_the_night_the_clocks_change_is_kept_as_the_moments_that_were_sent() -> None:
    night = {"starts_at": "2026-03-29T00:30:00+00:00", "ends_at": "2026-03-29T02:30:00+01:00"}
    about = {"title": "A night", "kind": "workshop", "hub_id": HUB, "time_zone": "Europe/London"}
    new = NewEvent.model_validate({**about, **night})
    assert new.ends_at - new.starts_at == timedelta(hours=1)
    assert new.starts_at.astimezone(LONDON).hour == 0
    assert new.ends_at.astimezone(LONDON).hour == 2


def test_registration_closes_at_the_moment_the_event_starts_in_every_time_zone() -> None:
    starts_at = datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    event = an_event(starts_at=starts_at, ends_at=starts_at + timedelta(hours=1))
    for zone in ("Europe/London", "Pacific/Auckland", "America/Los_Angeles"):
        here = starts_at.astimezone(ZoneInfo(zone))
        assert event.is_open(here - timedelta(microseconds=1))
        assert not event.is_open(here)


@pytest.mark.parametrize("status", list(EventStatus))
def test_people_register_only_for_what_is_published_and_has_not_started(status: EventStatus) -> None:
    event = an_event(status=status)
    assert event.is_open(NOW) is (status is PUBLISHED)
    assert access.can_register(MEMBER, event, NOW) is (status is PUBLISHED)
    assert not access.can_register(MEMBER, event, event.starts_at)


def test_only_people_who_may_write_register() -> None:
    event = an_event(visibility=PUBLIC)
    assert access.can_register(STRANGER, event, NOW)
    assert not access.can_register(HUB_KEY, event, NOW)
    assert not access.can_register(Caller(writes=False), event, NOW)


@pytest.mark.parametrize("starts_in", [timedelta(0), timedelta(days=-1)])
def test_what_has_begun_is_not_published_and_nothing_is_moved_into_the_past(starts_in: timedelta) -> None:
    draft = an_event(status=DRAFT, published_at=None, starts_at=NOW + starts_in, ends_at=NOW + timedelta(days=1))
    assert problem(lambda: rules.publish(draft, NOW)) == ("starts_in_the_past", ("starts_at",))
    moved: dict[str, object] = {"starts_at": NOW + starts_in}
    assert problem(lambda: rules.change(an_event(), moved, NOW)) == ("starts_in_the_past", ("starts_at",))


def test_an_event_goes_from_draft_to_published_to_completed() -> None:
    draft = an_event(status=DRAFT, published_at=None)
    published = rules.publish(draft, NOW)
    assert (published.status, published.published_at, published.version) == (PUBLISHED, NOW, draft.version + 1)
    assert problem(lambda: rules.complete(draft, draft.starts_at)) == ("not_published", ())
    assert problem(lambda: rules.complete(published, published.starts_at - timedelta(seconds=1))) == ("not_started", ())
    assert rules.complete(published, published.starts_at).status is COMPLETED


@pytest.mark.parametrize("status", [CANCELLED, COMPLETED])
def test_what_is_over_does_not_change_any_more(status: EventStatus) -> None:
    over = an_event(status=status)
    for step in (
        lambda: rules.publish(over, NOW),
        lambda: rules.cancel(over, "Rain"),
        lambda: rules.complete(over, over.ends_at),
        lambda: rules.change(over, {"title": "Another"}, NOW),
    ):
        assert problem(step) == ("event_is_over", ())
    seat = Registration(
        id=new_id("reg"),
        event_id=over.id,
        person_id=PERSON,
        status=RegistrationStatus.CONFIRMED,
        line=1,
        registered_at=NOW,
    )
    assert not access.can_update(STEWARD, over)
    assert not access.can_cancel(MEMBER, seat, over)
    assert access.can_cancel(MEMBER, seat, an_event())


def test_seats_that_are_taken_are_not_taken_away_by_a_smaller_capacity() -> None:
    event = an_event(capacity=10, confirmed_count=4)
    assert rules.change(event, {"capacity": 4}, NOW).capacity == 4
    assert rules.change(event, {"capacity": None}, NOW).capacity is None
    assert problem(lambda: rules.change(event, {"capacity": 3}, NOW)) == ("capacity_below_confirmed", ("capacity",))


def test_only_a_groups_event_is_for_a_group_alone() -> None:
    without = an_event(group_id=None)
    assert problem(lambda: rules.change(without, {"visibility": FOR_GROUP}, NOW)) == ("group_needed", ("visibility",))
    for_group = an_event(visibility=FOR_GROUP)
    assert problem(lambda: rules.change(for_group, {"group_id": None}, NOW)) == ("group_needed", ("visibility",))


@pytest.mark.parametrize(
    ("before", "after", "is_narrower"),
    [
        ({"visibility": PUBLIC}, {"visibility": COMMUNITY}, False),
        ({"visibility": COMMUNITY}, {"visibility": PUBLIC}, False),
        ({"visibility": PUBLIC}, {"visibility": FOR_HUB}, True),
        ({"visibility": COMMUNITY}, {"visibility": FOR_GROUP}, True),
        ({"visibility": FOR_HUB}, {"visibility": FOR_GROUP}, True),
        ({"visibility": FOR_GROUP}, {"visibility": FOR_HUB}, True),
        ({"visibility": FOR_GROUP}, {"visibility": PUBLIC}, False),
        ({"visibility": FOR_HUB}, {"hub_id": OTHER_HUB}, True),
        ({"visibility": FOR_GROUP}, {"group_id": new_id("grp")}, True),
        ({"visibility": FOR_HUB}, {"group_id": None}, False),
        ({"visibility": PUBLIC}, {"hub_id": OTHER_HUB}, False),
        ({"visibility": FOR_HUB, "organiser_ids": [PERSON]}, {"organiser_ids": []}, True),
        ({"visibility": FOR_HUB, "organiser_ids": []}, {"organiser_ids": [PERSON]}, False),
        ({"visibility": PUBLIC, "organiser_ids": [PERSON]}, {"organiser_ids": []}, False),
        ({"visibility": FOR_HUB}, {"title": "Another"}, False),
    ],
)
def test_registered_people_are_checked_when_fewer_may_see_the_event(
    before: dict[str, Any], after: dict[str, Any], is_narrower: bool
) -> None:
    changed = rules.change(an_event(**before), after, NOW)
    assert changed.audience_check == (AudienceCheck() if is_narrower else None)


def test_a_draft_has_nobody_to_check() -> None:
    draft = an_event(status=DRAFT, published_at=None)
    assert rules.change(draft, {"visibility": FOR_HUB}, NOW).audience_check is None


@pytest.mark.parametrize(
    ("visibility", "seen_by"),
    [
        (PUBLIC, {"stranger", "member", "reading key"}),
        (COMMUNITY, {"stranger", "member", "reading key"}),
        (FOR_HUB, {"member", "reading key"}),
        (FOR_GROUP, {"member"}),
    ],
)
def test_a_published_event_is_seen_by_its_audience(visibility: EventVisibility, seen_by: set[str]) -> None:
    event = an_event(visibility=visibility)
    readers = {"stranger": STRANGER, "member": MEMBER, "reading key": READING_KEY}
    assert {name for name, reader in readers.items() if access.can_see(reader, event)} == seen_by


@pytest.mark.parametrize(
    "caller", [STEWARD, CONVENER, HUB_KEY, OPERATOR], ids=["steward", "convener", "key", "operator"]
)
def test_who_looks_after_an_event_sees_it_as_a_draft_and_changes_it(caller: Caller) -> None:
    draft = an_event(status=DRAFT, published_at=None, visibility=FOR_GROUP)
    assert access.can_see(caller, draft)
    assert access.can_change(caller, draft)
    assert access.can_update(caller, draft)


@pytest.mark.parametrize("caller", [STRANGER, MEMBER, READING_KEY], ids=["stranger", "member", "reading key"])
def test_everybody_else_is_told_that_there_is_no_such_draft(caller: Caller) -> None:
    draft = an_event(status=DRAFT, published_at=None, visibility=PUBLIC)
    assert not access.can_see(caller, draft)
    for require in (access.require_seen, access.require_change):
        with pytest.raises(NotFound):
            require(caller, draft)


def test_an_organiser_changes_the_event_unless_they_only_read() -> None:
    event = an_event(visibility=FOR_GROUP, organiser_ids=[PERSON])
    assert access.can_change(STRANGER, event)
    assert not access.can_change(Caller(writes=False), event)
    assert not access.can_change(Caller(person_id=new_id("per")), event)


@pytest.mark.parametrize(
    ("caller", "hub_id", "group_id", "wrong"),
    [
        (STEWARD, HUB, None, None),
        (STEWARD, HUB, GROUP, None),
        (STEWARD, OTHER_HUB, None, "hub_id"),
        (CONVENER, HUB, GROUP, None),
        (CONVENER, HUB, None, "hub_id"),
        (CONVENER, OTHER_HUB, GROUP, "hub_id"),
        (MEMBER, HUB, GROUP, "group_id"),
        (READING_KEY, HUB, None, "hub_id"),
    ],
)
def test_a_host_is_a_hub_or_group_that_the_caller_looks_after(
    caller: Caller, hub_id: str, group_id: str | None, wrong: str | None
) -> None:
    if wrong is None:
        access.require_host(caller, hub_id, group_id)
    else:
        assert problem(lambda: access.require_host(caller, hub_id, group_id)) == ("not_found", (wrong,))
