"""No entry is put into an archived hub or group until it is restored; what is there can be read and changed."""

import pytest

from services.learning.archived.model import EntryHostArchived, check_not_archived
from shared.context import current_cause
from shared.contracts.membership.groups import GroupArchived, GroupRestored
from shared.contracts.membership.hubs import HubArchived, HubRestored
from shared.ids import new_id
from shared.messaging.envelope import Message, seal
from tests.support.learning import Learning, a_person, an_entry
from tests.support.waiting import eventually


async def heard(learning: Learning, message: Message, archived_id: str) -> None:
    """Publish a message of membership twice, and wait until learning has taken it in."""
    identifier, body = seal(message, source="membership", cause=current_cause(), subject=archived_id)
    for _ in range(2):
        await learning.service.broker.publish(message.type_name(), identifier, body)

    async def is_known() -> bool:
        return await learning.service.database["archived"].find_one({"_id": archived_id}) is not None

    await eventually(is_known)


async def test_no_entry_comes_into_an_archived_group(learning: Learning) -> None:
    hub, group, other_group = new_id("hub"), new_id("grp"), new_id("grp")
    author = a_person(groups={group: hub, other_group: hub})
    client = learning.by(author)
    inside = await learning.share(author, audience="group", group_id=group)
    outside = await learning.share(author, audience="group", group_id=other_group)
    await heard(learning, GroupArchived(group_id=group, hub_id=hub, version=2), group)
    before = await learning.counts()
    refused = (409, "host_archived", ["group_id"])
    for audience in ("group", "community", "me"):
        sent = an_entry(audience=audience, group_id=group)
        assert (await client.post("/entries", sent)).problem() == refused
    assert (await client.patch(f"/entries/{outside['id']}", {"group_id": group})).problem() == refused
    assert await learning.counts() == before
    assert (await client.get(f"/entries/{outside['id']}")).body == outside
    assert (await client.post("/entries", an_entry(audience="group", group_id=other_group))).status == 201
    assert (await client.patch(f"/entries/{inside['id']}", {"title": "Mended"})).body["title"] == "Mended"
    assert (await client.patch(f"/entries/{inside['id']}", {"audience": "me"})).body["audience"] == "me"
    assert (await client.post(f"/entries/{inside['id']}/withdraw")).status == 200


async def test_no_entry_comes_into_an_archived_hub(learning: Learning) -> None:
    hub, other_hub = new_id("hub"), new_id("hub")
    author = a_person(hubs=(hub, other_hub))
    entry = await learning.share(author, audience="hub", hub_id=other_hub)
    await heard(learning, HubArchived(hub_id=hub, version=2), hub)
    refused = (409, "host_archived", ["hub_id"])
    client = learning.by(author)
    assert (await client.post("/entries", an_entry(audience="hub", hub_id=hub))).problem() == refused
    assert (await client.patch(f"/entries/{entry['id']}", {"hub_id": hub})).problem() == refused
    assert (await client.post("/entries", an_entry(audience="community"))).status == 201


async def test_entries_come_into_what_was_restored_also_when_the_news_comes_in_the_wrong_order(
    learning: Learning,
) -> None:
    hub, group = new_id("hub"), new_id("grp")
    author = a_person(hubs=(hub,), groups={group: hub})
    await heard(learning, GroupRestored(group_id=group, hub_id=hub, version=3), group)
    await heard(learning, HubArchived(hub_id=hub, version=2), hub)

    async def noted(message: Message) -> None:
        about = {"type": message.type_name()}
        before = await learning.service.database["inbox"].count_documents(about)

        async def is_noted() -> bool:
            return bool(await learning.service.database["inbox"].count_documents(about) > before)

        identifier, body = seal(message, source="membership", cause=current_cause(), subject=hub)
        await learning.service.broker.publish(message.type_name(), identifier, body)
        await eventually(is_noted)

    await noted(GroupArchived(group_id=group, hub_id=hub, version=2))
    await noted(HubRestored(hub_id=hub, version=3))
    client = learning.by(author)
    assert (await client.post("/entries", an_entry(audience="group", group_id=group))).status == 201
    assert (await client.post("/entries", an_entry(audience="hub", hub_id=hub))).status == 201


def test_the_problem_names_the_field_that_holds_the_archived_id() -> None:
    group, hub = new_id("grp"), new_id("hub")
    check_not_archived({"group_id": group, "hub_id": None}, {hub})
    with pytest.raises(EntryHostArchived) as refused:
        check_not_archived({"group_id": group, "hub_id": hub}, {hub})
    assert refused.value.path == ("hub_id",)
