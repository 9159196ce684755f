"""Events hears from membership which hubs there are and which groups each has, over the real broker."""

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import pytest

from shared.app import Service
from shared.contracts.membership.groups import GroupArchived, GroupCreated, GroupRestored
from shared.contracts.membership.hubs import HubArchived, HubCreated, HubRestored
from shared.ids import new_id
from shared.messaging.reactions import Subscriptions
from shared.mongo import Database, Transaction
from shared.settings import Settings
from tests.support.events import HUB, a_hub_key, a_person, a_steward, an_event, an_operator, event_body
from tests.support.service import a_running
from tests.support.serving import Client
from tests.support.waiting import eventually


@pytest.fixture
async def membership(settings: Settings) -> AsyncIterator[Service]:
    """What membership tells with: its own outbox and relay."""
    async with a_running("membership", settings, Subscriptions()) as service:
        yield service


async def tell_of_group(membership: Service, group_id: str, hub_id: str, version: int = 1) -> None:
    """Membership says that a group was made."""

    async def work(tx: Transaction) -> None:
        made = GroupCreated(group_id=group_id, hub_id=hub_id, slug="a-group", version=version)
        tx.record(made, subject=group_id, hub=hub_id)

    await membership.database.transaction(work)


async def tell_of_hub(membership: Service, hub_id: str) -> None:
    """Membership says that a hub was made."""

    async def work(tx: Transaction) -> None:
        made = HubCreated(hub_id=hub_id, slug="a-hub", parent_id=None, ancestors=[], version=1)
        tx.record(made, subject=hub_id, hub=hub_id)

    await membership.database.transaction(work)


async def count(database: Database, collection: str, where: dict[str, Any]) -> int:
    """How many documents are as said."""
    return int(await database[collection].count_documents(where))


async def test_no_event_of_one_hub_is_put_among_those_of_another_hubs_group(
    events: Client, membership: Service, database: Database
) -> None:
    theirs, ours = new_id("grp"), new_id("grp")
    await tell_of_group(membership, theirs, new_id("hub"))
    await tell_of_group(membership, ours, HUB)

    async def heard() -> bool:
        return await count(database, "groups", {"_id": {"$in": [theirs, ours]}}) == 2

    await eventually(heard)
    event = await an_event(events)
    for principal in (a_steward(), a_hub_key(), an_operator()):
        caller = events.acting_as(principal)
        made = await caller.post("/events", event_body(group_id=theirs))
        moved = await caller.patch(f"/events/{event['id']}", {"group_id": theirs})
        assert made.problem() == moved.problem() == (404, "not_found", ["group_id"])
        assert (await caller.post("/events", event_body(group_id=ours))).status == 201


async def test_hearing_twice_of_a_group_is_hearing_once(
    events: Client, membership: Service, database: Database
) -> None:
    group = new_id("grp")
    about = {"type": "membership.group_created.v1"}
    before = await count(database, "inbox", about)
    await tell_of_group(membership, group, HUB)
    await tell_of_group(membership, group, HUB)

    async def heard() -> bool:
        return await count(database, "inbox", about) == before + 2

    await eventually(heard)
    assert [row async for row in database["groups"].find({"_id": group})] == [
        {"_id": group, "hub_id": HUB, "version": 1}
    ]


async def test_an_older_word_about_a_group_that_comes_late_changes_nothing(
    events: Client, membership: Service, database: Database
) -> None:
    group = new_id("grp")
    about = {"type": "membership.group_created.v1"}
    before = await count(database, "inbox", about)
    await tell_of_group(membership, group, HUB, version=2)

    async def heard(messages: int) -> bool:
        return await count(database, "inbox", about) == before + messages

    await eventually(lambda: heard(1))
    await tell_of_group(membership, group, new_id("hub"), version=1)
    await eventually(lambda: heard(2))
    assert [row["hub_id"] async for row in database["groups"].find({"_id": group})] == [HUB]


async def test_no_event_is_made_for_a_hub_or_group_that_nobody_has_heard_of(events: Client) -> None:
    event = await an_event(events)
    operator = events.acting_as(an_operator())
    for named, code in (("hub_id", "hub_unknown"), ("group_id", "group_unknown")):
        unheard = {named: new_id(named.removesuffix("_id").replace("group", "grp"))}
        made = await operator.post("/events", event_body(**unheard))
        moved = await operator.patch(f"/events/{event['id']}", unheard)
        assert made.problem() == moved.problem() == (422, code, [named])
    nobodys = await events.acting_as(a_steward()).post("/events", event_body(hub_id=new_id("hub")))
    assert nobodys.problem() == (404, "not_found", ["hub_id"])


async def test_who_has_the_turn_at_an_event_waits_for_no_message_meanwhile(
    events: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("services.events.events.routes.PATIENCE", timedelta(minutes=5))
    event = await an_event(events)
    headers = {"idempotency-key": new_id("req")}
    operator = events.acting_as(an_operator())
    async with asyncio.timeout(30):
        moved = await operator.patch(f"/events/{event['id']}", {"group_id": new_id("grp")}, headers=headers)
    assert moved.problem() == (422, "group_unknown", ["group_id"])


async def test_what_does_not_go_together_is_told_by_the_field_that_was_given(
    events: Client, membership: Service, database: Database
) -> None:
    group, elsewhere = new_id("grp"), new_id("hub")
    await tell_of_hub(membership, elsewhere)
    await tell_of_group(membership, group, HUB)
    operator = events.acting_as(an_operator())
    made = await operator.post("/events", event_body(group_id=group))
    assert made.status == 201, made.body
    moved = await operator.patch(f"/events/{made.body['id']}", {"hub_id": elsewhere})
    assert moved.problem() == (404, "not_found", ["hub_id"])


@pytest.mark.parametrize("headers", [{}, {"idempotency-key": new_id("req")}], ids=["plain", "once"])
async def test_a_hub_and_group_made_a_moment_ago_are_waited_for(
    events: Client, membership: Service, headers: dict[str, str]
) -> None:
    hub, group = new_id("hub"), new_id("grp")
    operator = events.acting_as(an_operator())
    body = event_body(hub_id=hub, group_id=group)
    asked = asyncio.create_task(operator.post("/events", body, headers=headers))
    await tell_of_hub(membership, hub)
    await tell_of_group(membership, group, hub)
    made = await asked
    assert (made.status, made.body.get("group_id")) == (201, group), made.body


async def test_where_the_caller_belongs_needs_no_message_to_be_known(events: Client) -> None:
    """A hub made before this service first listened can still gather: membership says who looks after it."""
    hub = new_id("hub")
    made = await events.acting_as(a_steward(steward_of=frozenset({hub}))).post("/events", event_body(hub_id=hub))
    assert made.status == 201, made.body


async def archive(membership: Service, database: Database, group: str, hub: str) -> None:
    """Membership tells that the group and the hub are archived, and events has taken it in."""

    async def work(tx: Transaction) -> None:
        tx.record(GroupArchived(group_id=group, hub_id=HUB, version=2), subject=group, hub=HUB)
        tx.record(HubArchived(hub_id=hub, version=2), subject=hub, hub=hub)

    await membership.database.transaction(work)

    async def heard() -> bool:
        archived = {"archived": True}
        return (
            await count(database, "groups", archived | {"_id": group})
            + await count(database, "hubs", archived | {"_id": hub})
            == 2
        )

    await eventually(heard)


async def restore(membership: Service, database: Database, group: str, hub: str) -> None:
    """Membership tells that the group and the hub are restored, and events has taken it in."""

    async def work(tx: Transaction) -> None:
        tx.record(GroupRestored(group_id=group, hub_id=HUB, version=3), subject=group, hub=HUB)
        tx.record(HubRestored(hub_id=hub, version=3), subject=hub, hub=hub)

    await membership.database.transaction(work)

    async def heard() -> bool:
        restored = {"version": 3, "archived": {"$exists": False}}
        return (
            await count(database, "groups", restored | {"_id": group})
            + await count(database, "hubs", restored | {"_id": hub})
            == 2
        )

    await eventually(heard)


async def test_no_event_is_made_for_a_hub_or_group_that_is_archived(
    events: Client, membership: Service, database: Database
) -> None:
    group, hub = new_id("grp"), new_id("hub")
    await tell_of_group(membership, group, HUB)
    await tell_of_hub(membership, hub)
    await archive(membership, database, group, hub)
    event = await an_event(events)
    operator = events.acting_as(an_operator())
    for named, identifier in (("hub_id", hub), ("group_id", group)):
        made = await operator.post("/events", event_body(**{named: identifier}))
        moved = await operator.patch(f"/events/{event['id']}", {named: identifier})
        assert made.problem() == moved.problem() == (409, "host_archived", [named])
    steward = await events.acting_as(a_steward()).post("/events", event_body(group_id=group))
    assert steward.problem() == (409, "host_archived", ["group_id"])
    member = events.acting_as(a_person(hubs={hub}, groups={group: HUB}))
    for named, identifier in (("hub_id", hub), ("group_id", group)):
        asked = await member.post("/support-requests", {"kind": "venue", "details": "A room.", named: identifier})
        assert asked.problem() == (409, "host_archived", [named])


async def test_a_draft_is_not_published_in_a_hub_or_group_that_was_archived_since(
    events: Client, membership: Service, database: Database
) -> None:
    group, hub = new_id("grp"), new_id("hub")
    await tell_of_group(membership, group, HUB)
    await tell_of_hub(membership, hub)
    operator = events.acting_as(an_operator())
    drafts = {}
    for named, identifier in (("group_id", group), ("hub_id", hub)):
        made = await operator.post("/events", event_body(**{named: identifier}))
        assert made.status == 201, made.body
        drafts[named] = made.body["id"]
    await archive(membership, database, group, hub)
    for named, draft in drafts.items():
        refused = await operator.post(f"/events/{draft}/publish")
        assert refused.problem() == (409, "host_archived", [named])
        assert (await operator.get(f"/events/{draft}")).body["status"] == "draft"
    await restore(membership, database, group, hub)
    for draft in drafts.values():
        assert (await operator.post(f"/events/{draft}/publish")).body["status"] == "published"
