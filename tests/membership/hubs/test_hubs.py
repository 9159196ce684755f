"""Hubs nest, know all above them, and are opened by who looks after the one above."""

import asyncio

from services.membership.hubs import store
from services.membership.hubs.model import Hub
from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import a_hub, a_hub_key, a_reader, an_operator, messages, somebody
from tests.support.serving import Client


def body(slug: str, **more: object) -> dict[str, object]:
    return {"slug": slug, "name": "North East", "kind": "regional", **more}


async def test_an_operator_opens_a_hub_at_the_root(membership: Client, database: Database) -> None:
    place = {"name": "Newcastle", "latitude": 54.97, "longitude": -1.61}
    answer = await membership.acting_as(an_operator()).post("/hubs", body("at-the-root", summary=" Hi ", place=place))
    assert answer.status == 201, answer.body
    assert answer.body["ancestors"] == []
    assert answer.body["summary"] == "Hi"
    assert answer.body["place"] == place
    [told] = await messages(database, "membership.hub_created", answer.body["id"])
    assert told["hub"] == answer.body["id"]
    assert told["data"]["slug"] == "at-the-root"


async def test_a_hub_below_another_knows_all_above_it_nearest_first(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    middle = await a_hub(database, top)
    key = a_hub_key(top, below=(middle,))
    answer = await membership.acting_as(key).post("/hubs", body("leaf", parent_id=middle.id))
    assert answer.status == 201, answer.body
    assert answer.body["ancestors"] == [middle.id, top.id]


async def test_who_looks_after_a_hub_looks_after_those_opened_below_it_since(
    membership: Client, database: Database
) -> None:
    top = await a_hub(database)
    key = membership.acting_as(a_hub_key(top))
    middle = (await key.post("/hubs", body("just-opened", parent_id=top.id))).body
    answer = await key.post("/hubs", body("below-just-opened", parent_id=middle["id"]))
    assert answer.status == 201, answer.body


async def test_below_a_hub_that_is_not_theirs_nobody_opens_one(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    child = await a_hub(database, top)
    stranger = membership.acting_as(a_hub_key(child))
    for parent in (top.id, new_id("hub")):
        answer = await stranger.post("/hubs", body("not-mine", parent_id=parent))
        assert answer.problem() == (404, "not_found", ["parent_id"])


async def test_only_an_operator_opens_a_hub_at_the_root(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    answer = await membership.acting_as(a_hub_key(top)).post("/hubs", body("rootless"))
    assert answer.problem() == (403, "scope_missing", [])
    answer = await membership.acting_as(a_hub_key(top, "community:admin")).post("/hubs", body("rootless"))
    assert answer.problem() == (403, "parent_needed", ["parent_id"])


async def test_a_slug_is_taken_once(membership: Client) -> None:
    operator = membership.acting_as(an_operator())
    assert (await operator.post("/hubs", body("only-one"))).status == 201
    assert (await operator.post("/hubs", body("only-one"))).problem() == (409, "slug_taken", ["slug"])


async def test_hubs_nest_but_not_without_end(membership: Client, database: Database) -> None:
    deepest = await a_hub(database)
    for _ in range(7):
        deepest = await a_hub(database, deepest)
    answer = await membership.acting_as(an_operator()).post("/hubs", body("too-deep", parent_id=deepest.id))
    assert answer.problem() == (422, "too_deep", ["parent_id"])


async def test_below_gives_the_hub_and_all_beneath_it(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    left, right = await a_hub(database, top), await a_hub(database, top)
    leaf = await a_hub(database, left)
    reader = membership.acting_as(a_reader())
    assert sorted((await reader.get(f"/hubs/{top.id}/below")).body) == sorted([top.id, left.id, right.id, leaf.id])
    assert sorted((await reader.get(f"/hubs/{left.id}/below")).body) == sorted([left.id, leaf.id])
    assert (await reader.get(f"/hubs/{new_id('hub')}/below")).status == 404


async def test_hubs_are_read_by_id_by_slug_and_by_parent_in_pages(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    children = [await a_hub(database, top, name=name) for name in ("Évora", "alpha", "Zeta", "Beta")]
    reader = membership.acting_as(a_reader())
    assert (await reader.get(f"/hubs/by-slug/{top.slug}")).body["id"] == top.id
    assert (await reader.get("/hubs/by-slug/nowhere")).status == 404
    wanted = [children[0].id, "hub_nonsense", new_id("hub"), "\x00", children[1].id]
    found = (await reader.post("/hubs/by-ids", {"ids": wanted})).body
    assert {hub["id"] for hub in found} == {children[0].id, children[1].id}
    names: list[str] = []
    after = None
    for _ in range(2):
        params = {"parent": top.id, "first": "2", **({"after": after} if after else {})}
        page = (await reader.get("/hubs", params=params)).body
        names += [hub["name"] for hub in page["nodes"]]
        after = page["cursors"][-1]
    assert names == ["alpha", "Beta", "Évora", "Zeta"]
    assert not page["has_next"]


async def test_a_cursor_of_another_list_is_refused(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    await a_hub(database, top)
    reader = membership.acting_as(a_reader())
    cursor = (await reader.get("/hubs", params={"parent": top.id})).body["cursors"][0]
    answer = await reader.get("/hubs", params={"after": cursor})
    assert answer.problem() == (422, "bad_cursor", ["after"])


async def test_reading_hubs_needs_a_scope(membership: Client) -> None:
    assert (await membership.get("/hubs")).problem()[:2] == (401, "not_signed_in")
    no_scope = somebody().model_copy(update={"scopes": frozenset({"events:read"})})
    assert (await membership.acting_as(no_scope).get("/hubs")).problem()[:2] == (403, "scope_missing")


async def fill(database: Database, parent: Hub, number: int) -> None:
    """Let so many hubs lie directly below this one."""
    for _ in range(number):
        about = {"id": new_id("hub"), "slug": new_id("hub"), "parent_id": parent.id, "ancestors": parent.lineage}
        await store.add(database, parent.model_copy(update=about))


FULL = (409, "too_many_hubs", ["parent_id"])


async def test_a_region_grows_only_so_far_wherever_below_it(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    region, other = await a_hub(database, top), await a_hub(database, top)
    branch = await a_hub(database, region)
    await fill(database, branch, 48)
    key = membership.acting_as(a_hub_key(region))
    assert (await key.post("/hubs", body("the-fiftieth", parent_id=branch.id))).status == 201
    for caller in (key, membership.acting_as(an_operator())):
        for parent in (branch, region):
            assert (await caller.post("/hubs", body("one-too-many", parent_id=parent.id))).problem() == FULL
    assert await database["hubs"].count_documents({"slug": "one-too-many"}) == 0
    operator = membership.acting_as(an_operator())
    for number, parent in enumerate((top, other)):
        assert (await operator.post("/hubs", body(f"elsewhere-{number}", parent_id=parent.id))).status == 201


async def test_below_a_hub_at_the_top_more_regions_have_room(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    regions = [await a_hub(database, top) for _ in range(8)]
    for region in regions:
        await fill(database, region, 48)
    operator = membership.acting_as(an_operator())
    await fill(database, top, 7)
    assert (await operator.post("/hubs", body("the-last-one", parent_id=regions[0].id))).status == 201
    for parent in (top, regions[0], regions[7]):
        assert (await operator.post("/hubs", body("past-the-last", parent_id=parent.id))).problem() == FULL


async def test_many_who_open_hubs_at_once_do_not_pass_the_limit(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    region = await a_hub(database, top)
    branches = [await a_hub(database, region) for _ in range(2)]
    await fill(database, branches[0], 45)
    operator = membership.acting_as(an_operator())
    answers = await asyncio.gather(
        *(operator.post("/hubs", body(f"at-once-{n}", parent_id=branches[n % 2].id)) for n in range(8))
    )
    assert sorted(answer.status for answer in answers) == [201] * 3 + [409] * 5
    assert await database["hubs"].count_documents({"ancestors": region.id}) == 50
