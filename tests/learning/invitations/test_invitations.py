"""After an event, one invitation to reflect is opened, however often the event's end is told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.learning.invitations.model import OPEN_FOR
from shared.context import current_cause
from shared.contracts.events.events import EventCompleted, EventVisibility
from shared.ids import new_id
from shared.messaging.envelope import seal
from tests.support.learning import Learning, a_hub_key, a_person, an_operator
from tests.support.waiting import eventually

HUB, OTHER_HUB, GROUP = new_id("hub"), new_id("hub"), new_id("grp")


async def completed(learning: Learning, *, times: int = 1, event: str | None = None, **more: Any) -> str:
    """Tell learning that an event took place, the same message `times` over; gives the event's id."""
    fields = {"hub_id": HUB, "group_id": None, "visibility": EventVisibility.COMMUNITY, **more}
    message = EventCompleted(
        event_id=event or new_id("evt"),
        version=3,
        ended_at=datetime(2026, 3, 5, 16, 30, tzinfo=UTC),
        organiser_ids=[new_id("per")],
        confirmed_count=12,
        **fields,
    )
    identifier, body = seal(message, source="events", cause=current_cause(), subject=message.event_id, hub=HUB)
    for _ in range(times):
        await learning.service.broker.publish(message.type_name(), identifier, body)
    return message.event_id


async def invitations(learning: Learning, event_id: str) -> list[dict[str, Any]]:
    found = learning.service.database["invitations"].find({"event_id": event_id})
    return [row async for row in found]


async def told(learning: Learning, event_id: str) -> list[Any]:
    rows = await invitations(learning, event_id)
    return [message for row in rows for message in await learning.told(row["_id"])]


async def test_an_event_that_took_place_opens_an_invitation(learning: Learning) -> None:
    event_id = await completed(learning)

    async def opened() -> None:
        assert len(await invitations(learning, event_id)) == 1

    await eventually(opened)
    answer = await learning.by(a_person()).get("/invitations", params={"event": event_id})
    (shown,) = answer.body["nodes"]
    assert (shown["event_id"], shown["hub_id"], shown["group_id"]) == (event_id, HUB, None)
    opened_at, closes_at = (datetime.fromisoformat(shown[name]) for name in ("opened_at", "closes_at"))
    assert closes_at - opened_at == OPEN_FOR == timedelta(days=30)
    (message,) = await told(learning, event_id)
    assert (message.type, message.hub, message.reach) == ("learning.reflection_invited.v1", HUB, "hub")
    assert message.data["invitation_id"] == shown["id"]
    assert {event_id, shown["id"]} <= set(message.touched)
    assert message.causation is not None


async def test_a_message_that_comes_twice_opens_one_invitation(learning: Learning) -> None:
    before = learning.service.consumer.counters["duplicate"]
    event_id = await completed(learning, times=2)
    await eventually(lambda: learning.service.consumer.counters["duplicate"] == before + 1)
    assert len(await invitations(learning, event_id)) == 1
    assert len(await told(learning, event_id)) == 1


async def test_an_event_told_of_by_two_messages_opens_one_invitation(learning: Learning) -> None:
    before = learning.service.consumer.counters["handled"]
    event_id = await completed(learning)
    await completed(learning, event=event_id)
    await eventually(lambda: learning.service.consumer.counters["handled"] == before + 2)
    assert len(await invitations(learning, event_id)) == 1
    assert len(await told(learning, event_id)) == 1


MEMBER, NEIGHBOUR, STRANGER = a_person(groups={GROUP: HUB}), a_person(hubs=(HUB,)), a_person(hubs=(OTHER_HUB,))


@pytest.mark.parametrize(
    ("visibility", "reach", "seen_by"),
    [
        (EventVisibility.PUBLIC, "hub", [MEMBER, NEIGHBOUR, STRANGER, a_hub_key(HUB), an_operator()]),
        (EventVisibility.COMMUNITY, "hub", [MEMBER, NEIGHBOUR, STRANGER, a_hub_key(OTHER_HUB), an_operator()]),
        (EventVisibility.HUB, "hub", [MEMBER, NEIGHBOUR, a_hub_key(HUB), an_operator()]),
        (EventVisibility.GROUP, "internal", [MEMBER]),
    ],
)
async def test_an_invitation_is_seen_by_who_may_see_the_event(
    learning: Learning, visibility: EventVisibility, reach: str, seen_by: list[Any]
) -> None:
    event_id = await completed(learning, group_id=GROUP, visibility=visibility)

    async def opened() -> None:
        assert len(await told(learning, event_id)) == 1

    await eventually(opened)
    assert (await told(learning, event_id))[0].reach == reach
    ids = [row["_id"] for row in await invitations(learning, event_id)]
    unseen = {"public": [], "community": [], "hub": [STRANGER, a_hub_key(OTHER_HUB)]}.get(
        visibility, [NEIGHBOUR, STRANGER, a_hub_key(HUB), an_operator()]
    )
    for reader, count in [*((one, 1) for one in seen_by), *((one, 0) for one in unseen)]:
        listed = (await learning.by(reader).get("/invitations", params={"event": event_id})).body["nodes"]
        by_id = (await learning.by(reader).post("/invitations/by-ids", {"ids": ids})).body
        assert len(listed) == count, reader
        assert by_id == listed, reader


async def test_invitations_are_listed_by_hub_and_group_page_by_page(learning: Learning) -> None:
    hub, group = new_id("hub"), new_id("grp")
    events = [await completed(learning, hub_id=hub, group_id=group if n == 0 else None) for n in range(3)]

    async def opened() -> None:
        assert [len(await invitations(learning, event)) for event in events] == [1, 1, 1]

    await eventually(opened)
    client = learning.by(a_person())
    first = (await client.get("/invitations", params={"hub": hub, "first": 2})).body
    rest = (await client.get("/invitations", params={"hub": hub, "first": 2, "after": first["cursors"][-1]})).body
    assert {node["event_id"] for node in first["nodes"] + rest["nodes"]} == set(events)
    assert (first["has_next"], rest["has_next"]) == (True, False)
    for params, expected in (
        ({"group": group}, events[:1]),
        ({"group": [group, new_id("grp")], "hub": hub}, events[:1]),
        ({"event": events[1:]}, events[1:]),
        ({"event": events, "group": group}, events[:1]),
    ):
        found = (await client.get("/invitations", params=params)).body["nodes"]
        assert {node["event_id"] for node in found} == set(expected), params
        assert found == sorted(found, key=lambda node: (node["opened_at"], node["id"]), reverse=True)


async def test_a_closed_invitation_is_not_listed_but_read_by_its_id(learning: Learning) -> None:
    event_id = await completed(learning)

    async def opened() -> None:
        assert len(await invitations(learning, event_id)) == 1

    await eventually(opened)
    past = datetime.now(UTC) - timedelta(seconds=1)
    await learning.service.database["invitations"].update_one({"event_id": event_id}, {"$set": {"closes_at": past}})
    client, ids = learning.by(a_person()), [row["_id"] for row in await invitations(learning, event_id)]
    assert (await client.get("/invitations", params={"event": event_id})).body["nodes"] == []
    (closed,) = (await client.post("/invitations/by-ids", {"ids": ids})).body
    assert datetime.fromisoformat(closed["closes_at"]) < datetime.now(UTC)


async def test_unknown_and_malformed_ids_are_left_out_of_a_batch(learning: Learning) -> None:
    ids = [new_id("inv"), new_id("ent"), "", "inv_", "x" * 10_000, "\0"]
    answer = await learning.by(a_person()).post("/invitations/by-ids", {"ids": ids})
    assert (answer.status, answer.body) == (200, [])


async def test_a_batch_has_a_limit(learning: Learning) -> None:
    answer = await learning.by(a_person()).post("/invitations/by-ids", {"ids": [new_id("inv")] * 501})
    assert answer.problem() == (422, "too_long", ["ids"])


async def test_documents_of_older_and_newer_versions_can_be_read(learning: Learning) -> None:
    event_id = await completed(learning)

    async def opened() -> None:
        assert len(await invitations(learning, event_id)) == 1

    await eventually(opened)
    other_version = {"$unset": {"group_id": ""}, "$set": {"field_of_a_newer_version": 1}}
    await learning.service.database["invitations"].update_one({"event_id": event_id}, other_version)
    answer = await learning.by(a_person()).get("/invitations", params={"event": event_id})
    assert [node["group_id"] for node in answer.body["nodes"]] == [None]
