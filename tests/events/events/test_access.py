"""Who may see and change which events: every door asks the same rule."""

import itertools

import pytest

from services.events.access import can_change, can_see
from services.events.events import store
from services.events.events.model import Event
from shared.auth import ANONYMOUS, Principal
from shared.contracts.events.events import EventKind, EventStatus, EventVisibility
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
    event_body,
    in_days,
    register,
    seen_event,
)
from tests.support.serving import Client

LINK = "https://meet.example.org/room"
ROUTES = [
    ("POST", "/events", "events:write"),
    ("GET", "/events", "events:read"),
    ("POST", "/events/by-ids", "events:read"),
    ("GET", "/events/{id}", "events:read"),
    ("PATCH", "/events/{id}", "events:write"),
    ("POST", "/events/{id}/publish", "events:write"),
    ("POST", "/events/{id}/cancel", "events:write"),
    ("POST", "/events/{id}/complete", "events:write"),
    ("POST", "/events/{id}/registrations", "events:write"),
    ("POST", "/registrations/{reg}/cancel", "events:write"),
    ("GET", "/registrations", "events:read"),
    ("POST", "/registrations/by-ids", "events:read"),
]
BODIES: dict[str, dict[str, list[str]]] = {"/events/by-ids": {"ids": []}, "/registrations/by-ids": {"ids": []}}


@pytest.mark.parametrize(("method", "path", "scope"), ROUTES)
async def test_every_door_needs_its_scope(events: Client, method: str, path: str, scope: str) -> None:
    event = await an_event(events)
    at = path.format(id=event["id"], reg=new_id("reg"))
    body = None if method == "GET" else event_body() if path == "/events" else BODIES.get(path, {})
    nobody = await events.acting_as(None).call(method, at, body)
    assert (nobody.status, nobody.body["code"]) == (401, "not_signed_in")
    rest = a_steward().model_copy(update={"scopes": a_steward().scopes - {scope}})
    without = await events.acting_as(rest).call(method, at, body)
    assert (without.status, without.body["code"]) == (403, "scope_missing")


@pytest.mark.parametrize(
    "change",
    [
        ("PATCH", "/events/{id}", {"title": "Mine now"}),
        ("POST", "/events/{id}/publish", {}),
        ("POST", "/events/{id}/cancel", {}),
        ("POST", "/events/{id}/complete", {}),
        ("GET", "/registrations?event={id}", None),
        ("POST", "/events/{id}/registrations", {"person_id": new_id("per")}),
    ],
)
async def test_what_is_not_yours_and_what_is_not_there_answer_alike(
    events: Client, change: tuple[str, str, object]
) -> None:
    method, path, body = change
    theirs, nowhere = (await an_event(events))["id"], new_id("evt")
    for principal in (a_person(), a_hub_key(new_id("hub"))):
        caller = events.acting_as(principal)
        answers = [await caller.call(method, path.format(id=one), body) for one in (theirs, nowhere, "nonsense")]
        if path.startswith("/registrations"):
            answers.pop()  # a filter that is no id at all is a mistake to be told of
        for answer in answers:
            assert (answer.status, answer.body["code"]) == (404, "not_found")
            assert answer.body["title"] == answers[0].body["title"]


@pytest.mark.parametrize(
    ("maker", "where", "path"),
    [
        (a_person, {}, ["hub_id"]),
        (a_stranger, {}, ["hub_id"]),
        (lambda: a_hub_key(new_id("hub")), {}, ["hub_id"]),
        (a_steward, {"hub_id": new_id("hub")}, ["hub_id"]),
        (a_person, {"group_id": GROUP}, ["group_id"]),
        (a_convener, {"group_id": GROUP, "hub_id": new_id("hub")}, ["hub_id"]),
        (a_convener, {}, ["hub_id"]),
    ],
)
async def test_an_event_is_made_only_for_a_hub_or_group_one_looks_after(
    events: Client, database: Database, maker: object, where: dict[str, str], path: list[str]
) -> None:
    before = await database["events"].count_documents({})
    answer = await events.acting_as(maker()).post("/events", event_body(**where))  # type: ignore[operator]
    assert answer.problem() == (404, "not_found", path)
    assert await database["events"].count_documents({}) == before


async def test_an_event_does_not_move_to_a_hub_one_does_not_look_after(events: Client, database: Database) -> None:
    organiser = a_person()
    event = await an_event(events, organiser_ids=[organiser.id])
    path = f"/events/{event['id']}"
    for principal in (organiser, a_steward()):
        answer = await events.acting_as(principal).patch(path, {"hub_id": new_id("hub")})
        assert answer.problem() == (404, "not_found", ["hub_id"])
    assert (await events.acting_as(organiser).patch(path, {"group_id": GROUP})).problem()[2] == ["group_id"]
    another = new_id("hub")
    await database["hubs"].insert_one({"_id": another})
    assert (await events.acting_as(an_operator()).patch(path, {"hub_id": another})).status == 200


async def test_a_draft_is_registered_for_by_nobody_who_cannot_see_it(events: Client) -> None:
    draft = await a_draft(events)
    answer = await events.acting_as(a_person()).post(f"/events/{draft['id']}/registrations")
    assert answer.status == 404


async def test_the_link_is_shown_to_who_has_a_seat_and_who_looks_after_it(events: Client) -> None:
    organiser, seated, waiting = a_person(), a_person(), a_person()
    event = await an_event(events, capacity=1, online_url=LINK, organiser_ids=[organiser.id])
    seat = await register(events, event["id"], seated)
    await register(events, event["id"], waiting)
    for principal, shown in (
        (organiser, LINK),
        (a_steward(), LINK),
        (an_operator(), LINK),
        (a_hub_key(), LINK),
        (seated, LINK),
        (waiting, None),
        (a_person(), None),
        (a_hub_key(new_id("hub")), None),
    ):
        caller = events.acting_as(principal)
        by_id = (await caller.post("/events/by-ids", {"ids": [event["id"]]})).body[0]
        alone = (await caller.get(f"/events/{event['id']}")).body
        listed = (await caller.get("/events", params={"hub": HUB, "first": 100})).body["nodes"]
        assert by_id["online_url"] == alone["online_url"] == shown
        assert [one["online_url"] for one in listed if one["id"] == event["id"]] == [shown]
    await events.acting_as(seated).post(f"/registrations/{seat['id']}/cancel")
    after = [await seen_event(events, event["id"], person) for person in (seated, waiting)]
    assert [one and one["online_url"] for one in after] == [None, LINK]


READ_ONLY = frozenset({"events:read"})


async def test_a_key_that_only_reads_sees_no_more_than_a_reader(events: Client) -> None:
    reader = events.acting_as(a_hub_key(scopes=READ_ONLY))
    draft = await a_draft(events, online_url=LINK)
    for_group = await an_event(events, group_id=GROUP, visibility="group", online_url=LINK)
    shown = await an_event(events, visibility="hub", online_url=LINK)
    seat = await register(events, shown["id"])
    for hidden in (draft, for_group):
        assert (await reader.get(f"/events/{hidden['id']}")).problem() == (404, "not_found", [])
        assert (await reader.post("/events/by-ids", {"ids": [hidden["id"]]})).body == []
        asked = await reader.get("/events", params={"hub": HUB, "from": hidden["starts_at"], "first": 100})
        assert hidden["id"] not in [one["id"] for one in asked.body["nodes"]]
    assert (await reader.get(f"/events/{shown['id']}")).body["online_url"] is None
    assert (await reader.get("/registrations", params={"event": shown["id"]})).problem()[:2] == (404, "not_found")
    assert (await reader.post("/registrations/by-ids", {"ids": [seat["id"]]})).body == []
    keeper = events.acting_as(a_hub_key())
    assert (await keeper.get(f"/events/{draft['id']}")).body["online_url"] == LINK
    listed = await keeper.get("/registrations", params={"event": shown["id"]})
    assert [one["id"] for one in listed.body["nodes"]] == [seat["id"]]


EVERYBODY: list[Principal] = [
    a_person(),
    a_stranger(),
    a_steward(),
    a_convener(),
    a_person(groups={GROUP: HUB}),
    a_stranger(steward_of=frozenset({new_id("hub")})),
    a_hub_key(),
    a_hub_key(new_id("hub")),
    an_operator(),
    ANONYMOUS,
    a_hub_key(scopes=READ_ONLY),
    an_operator().model_copy(update={"scopes": READ_ONLY}),
]


def all_sorts_of_events() -> list[Event]:
    """One of each: visibility, in a group or not, published or not, cancelled or not, organised by whom."""
    return [
        Event(
            **event_body(starts_at=in_days(1), ends_at=in_days(2), kind=EventKind.LAUNCH),
            id=new_id("evt"),
            summary=None,
            description=None,
            place=None,
            online_url=None,
            access_information=None,
            capacity=None,
            themes=[],
            languages=[],
            visibility=visibility,
            group_id=group,
            status=status,
            published_at=in_days(-1) if published else None,
            organiser_ids=[organiser.id],
            created_at=in_days(-2),
        )
        for visibility, group, (status, published), organiser in itertools.product(
            EventVisibility,
            (None, GROUP, new_id("grp")),
            (
                (EventStatus.DRAFT, False),
                (EventStatus.CANCELLED, False),
                (EventStatus.PUBLISHED, True),
                (EventStatus.COMPLETED, True),
            ),
            (EVERYBODY[0], EVERYBODY[1]),
        )
    ]


async def test_a_list_shows_just_what_the_rule_lets_one_see(database: Database) -> None:
    kinds = all_sorts_of_events()
    await database["events"].insert_many([store.EVENTS.document(event) for event in kinds])
    ids = [event.id for event in kinds]
    for principal in EVERYBODY:
        listed = {event.id for event in await store.by_ids(database, principal, ids)}
        assert listed == {event.id for event in kinds if can_see(principal, event)}, principal


def test_the_rule_in_words() -> None:
    person, stranger, steward, convener, member, _, key, other_key, operator, nobody, *read_only = EVERYBODY
    by_nobody = [event for event in all_sorts_of_events() if event.organiser_ids == [person.id]]
    published = [event for event in by_nobody if event.published_at is not None]
    for event in by_nobody:
        assert can_change(person, event)
        assert can_change(steward, event)
        assert can_change(key, event)
        assert can_change(operator, event)
        assert can_change(convener, event) == (event.group_id == GROUP)
        assert not any(can_change(other, event) for other in (stranger, member, other_key, nobody, *read_only))
    for event in published:
        open_to_all = event.visibility in ("public", "community")
        assert can_see(stranger, event) == open_to_all
        assert can_see(other_key, event) == open_to_all
        in_group = event.visibility == "group" and event.group_id == GROUP
        assert can_see(member, event) == (open_to_all or event.visibility == "hub" or in_group)
    for event in by_nobody:
        if event not in published:
            assert not any(can_see(other, event) for other in (stranger, member, other_key, nobody, *read_only))
