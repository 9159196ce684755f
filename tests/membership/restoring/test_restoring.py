"""An archived hub or group can be opened again, from the top down."""

from shared.contracts.membership.memberships import Role
from shared.mongo import Database
from tests.support.membership import (
    a_group,
    a_hub,
    a_hub_key,
    a_member,
    a_person,
    acting,
    an_operator,
    messages,
    somebody,
)
from tests.support.serving import Client


async def test_an_archived_group_is_restored_with_its_members_and_people_join_it_again(
    membership: Client, database: Database
) -> None:
    group = await a_group(database, await a_hub(database))
    convener = membership.acting_as(await acting(database, await a_member(database, group, Role.CONVENER)))
    assert (await convener.post(f"/groups/{group.id}/archive")).status == 200
    restored = await convener.post(f"/groups/{group.id}/restore")
    assert restored.status == 200, restored.body
    assert (restored.body["archived_at"], restored.body["member_count"], restored.body["version"]) == (None, 1, 3)
    assert (await convener.post(f"/groups/{group.id}/restore")).body == restored.body
    [told] = await messages(database, "membership.group_restored", group.id)
    assert told["data"] == {"group_id": group.id, "hub_id": group.hub_id, "version": 3}
    joining = membership.acting_as(await acting(database, await a_person(database)))
    assert (await joining.post(f"/groups/{group.id}/members", {})).status == 201


async def test_hubs_are_restored_from_the_top_down_and_each_group_by_itself(
    membership: Client, database: Database
) -> None:
    top = await a_hub(database)
    below = await a_hub(database, top)
    group = await a_group(database, below)
    operator = membership.acting_as(an_operator())
    for path in (f"/groups/{group.id}", f"/hubs/{below.id}", f"/hubs/{top.id}"):
        assert (await operator.post(f"{path}/archive")).status == 200
    refused = await operator.post(f"/groups/{group.id}/restore")
    assert refused.problem() == (409, "hub_above_archived", ["group_id"])
    refused = await operator.post(f"/hubs/{below.id}/restore")
    assert refused.problem() == (409, "hub_above_archived", ["hub_id"])
    for path in (f"/hubs/{top.id}", f"/hubs/{below.id}"):
        restored = await operator.post(f"{path}/restore")
        assert (restored.status, restored.body["archived_at"], restored.body["version"]) == (200, None, 3)
    assert (await operator.get(f"/groups/by-slug/{group.slug}")).body["archived_at"] is not None
    assert (await operator.post(f"/groups/{group.id}/restore")).body["archived_at"] is None
    [told] = await messages(database, "membership.hub_restored", below.id)
    assert told["data"] == {"hub_id": below.id, "version": 3}
    assert top.id in told["touches"]


async def test_only_who_looks_after_a_hub_or_group_restores_it(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    member = await acting(database, await a_member(database, group, hub=hub))
    operator = membership.acting_as(an_operator())
    for path in (f"/groups/{group.id}", f"/hubs/{hub.id}"):
        assert (await operator.post(f"{path}/archive")).status == 200
    other_key = a_hub_key(await a_hub(database))
    for caller in (somebody(), member, other_key):
        assert (await membership.acting_as(caller).post(f"/groups/{group.id}/restore")).status == 404
        assert (await membership.acting_as(caller).post(f"/hubs/{hub.id}/restore")).status in (403, 404)
    key = membership.acting_as(a_hub_key(hub))
    assert (await key.post(f"/hubs/{hub.id}/restore")).status == 200
    assert (await key.post(f"/groups/{group.id}/restore")).status == 200
