"""What an event and a registration say the caller may do is what the service then lets the caller do."""

from collections.abc import Sequence

import pytest

from shared import clock
from shared.auth import Principal
from shared.ids import new_id
from shared.mongo import Database
from tests.support.events import (
    GROUP,
    HUB,
    a_convener,
    a_draft,
    a_hub_key,
    a_person,
    a_steward,
    a_stranger,
    an_event,
    an_operator,
    in_days,
    register,
    seen_event,
)
from tests.support.serving import Client

ORGANISER = a_person()
READS = frozenset({"events:read"})
CALLERS: dict[str, Principal] = {
    "person": a_person(),
    "person who only reads": a_person(scopes=READS),
    "member of the group": a_person(groups={GROUP: HUB}),
    "stranger": a_stranger(),
    "organiser": ORGANISER,
    "organiser who only reads": a_person(id=ORGANISER.id, scopes=READS),
    "convener": a_convener(),
    "steward": a_steward(),
    "key": a_hub_key(),
    "key that only reads": a_hub_key(scopes=READS),
    "another hub's key": a_hub_key(new_id("hub")),
    "operator": an_operator(),
}
STATES = (
    "draft",
    "open",
    "full",
    "for the hub",
    "for the group",
    "started",
    "cancelled",
    "cancelled draft",
    "completed",
)


def may_come(name: str, caller: Principal, state: str) -> bool:
    """Whether the caller could have registered before the event got into this state."""
    if caller.person_id is None or "only reads" in name or "draft" in state:
        return False
    if state == "for the hub":
        return name != "stranger"
    return state != "for the group" or name not in ("person", "stranger")


async def an_event_that_is(
    state: str, events: Client, database: Database, coming: Sequence[Principal] = ()
) -> tuple[str, dict[str, str]]:
    """An event in this state, and the registrations, by person, of those who registered before it got there."""
    steward, about = events.acting_as(a_steward()), {"organiser_ids": [ORGANISER.id], "group_id": GROUP}
    if state in ("draft", "cancelled draft"):
        event_id: str = (await a_draft(events, **about))["id"]
    else:
        seen_by = {"for the hub": "hub", "for the group": "group"}.get(state, "community")
        seats = 1 if state == "full" else None
        event_id = (await an_event(events, **about, visibility=seen_by, capacity=seats))["id"]
    if state == "full":
        await register(events, event_id)
    held = {person.id: (await register(events, event_id, person))["id"] for person in coming}
    if state in ("started", "completed"):
        await database["events"].update_one({"_id": event_id}, {"$set": {"starts_at": in_days(-1)}})
    if state.startswith("cancelled"):
        assert (await steward.post(f"/events/{event_id}/cancel")).status == 200
    if state == "completed":
        assert (await steward.post(f"/events/{event_id}/complete")).status == 200
    return event_id, held


@pytest.mark.parametrize("are_registered", [False, True], ids=["not registered", "registered"])
@pytest.mark.parametrize("state", STATES)
async def test_what_the_viewer_may_do_is_what_the_service_lets_them_do(
    events: Client, database: Database, state: str, are_registered: bool
) -> None:
    coming = [one for name, one in CALLERS.items() if are_registered and may_come(name, one, state)]
    event_id, held = await an_event_that_is(state, events, database, coming)
    for name, caller in reversed(CALLERS.items()):  # who only reads comes before who registers as the same person
        acting, view = events.acting_as(caller), await seen_event(events, event_id, caller)
        updated = await acting.patch(f"/events/{event_id}", {"summary": f"Seen by: {name}"})
        registered = await acting.post(f"/events/{event_id}/registrations")
        if view is None:
            assert (updated.status // 100, registered.status // 100) == (4, 4), name
            continue
        assert view["viewer_registration_id"] == held.get(caller.id), name
        is_new = registered.status == 201 and registered.body["id"] != held.get(caller.id)
        assert view["viewer_can_register"] == is_new, (name, registered.body)
        assert view["viewer_can_update"] == (updated.status == 200), (name, updated.body)
        after = await seen_event(events, event_id, caller)
        assert after is not None
        assert after["viewer_registration_id"] == (registered.body["id"] if is_new else held.get(caller.id)), name
        assert not after["viewer_can_register"], name


@pytest.mark.parametrize("state", ["full", "started", "cancelled", "completed"])
async def test_a_registration_says_who_may_cancel_it(events: Client, database: Database, state: str) -> None:
    people = [one for name, one in CALLERS.items() if may_come(name, one, state)]
    guests = [a_person() for _ in CALLERS]
    _, held = await an_event_that_is(state, events, database, [*people, *guests])
    for (name, caller), guest in zip(reversed(CALLERS.items()), guests, strict=True):
        acting = events.acting_as(caller)
        for registration_id in [held[one] for one in (caller.id, guest.id) if one in held]:
            seen = (await acting.post("/registrations/by-ids", {"ids": [registration_id]})).body
            cancelled = await acting.post(f"/registrations/{registration_id}/cancel")
            if not seen:
                assert cancelled.status in (403, 404), name
                continue
            assert seen[0]["viewer_can_cancel"] == (cancelled.status == 200), (name, cancelled.body)
            if cancelled.status == 200:
                assert not cancelled.body["viewer_can_cancel"]


async def test_a_registration_given_up_is_no_longer_the_viewers(events: Client) -> None:
    person = a_person()
    event = await an_event(events)
    held = await register(events, event["id"], person)
    assert held["viewer_can_cancel"]
    await events.acting_as(person).post(f"/registrations/{held['id']}/cancel")
    seen = await seen_event(events, event["id"], person)
    assert seen is not None
    assert (seen["viewer_registration_id"], seen["viewer_can_register"]) == (None, True)


async def test_each_event_of_a_page_names_the_viewers_registration(events: Client) -> None:
    person, group = a_person(), a_convener(hubs=frozenset({HUB}))
    ids = [(await an_event(events, starts_at=clock.iso(in_days(6.9))))["id"] for _ in range(3)]
    held = [(await register(events, one, person))["id"] for one in ids]
    for caller, wanted in ((person, held), (group, [None] * 3), (a_steward(), [None] * 3)):
        listed = await events.acting_as(caller).get("/events", params={"hub": HUB, "first": 100})
        seen = {one["id"]: one["viewer_registration_id"] for one in listed.body["nodes"]}
        assert [seen[one] for one in ids] == wanted
