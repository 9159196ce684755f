"""What an entry says the caller can do is what the mutations let the caller do."""

from typing import Any

import pytest

from shared.auth import Principal
from shared.ids import new_id
from tests.support.cells import cells
from tests.support.learning import Learning, a_hub_key, a_person, a_steward, an_operator

HUB, GROUP, TRUST = new_id("hub"), new_id("grp"), new_id("org")
AUTHOR = a_person(groups={GROUP: HUB}, organisations=(TRUST,))
READ_ONLY = frozenset({"learning:read"})
CALLERS: dict[str, Principal] = {
    "author": AUTHOR,
    "author who left group and hub": AUTHOR.model_copy(update={"groups": {}, "hubs": frozenset()}),
    "author with a session that only reads": AUTHOR.model_copy(update={"scopes": READ_ONLY}),
    "member of the group": a_person(groups={GROUP: HUB}),
    "steward of the hub": a_steward(HUB),
    "operator": an_operator(),
    "key of the hub": a_hub_key(HUB),
    "key with the author's id": a_hub_key(HUB).model_copy(update={"id": AUTHOR.id}),
}
ATTRIBUTIONS = ("named", "organisation", "anonymous")


async def an_entry_of_the_author(learning: Learning, attribution: str, *, withdrawn: bool = False) -> str:
    more = {"organisation_id": TRUST} if attribution == "organisation" else {}
    entry = await learning.share(AUTHOR, audience="community", hub_id=HUB, attribution=attribution, **more)
    if withdrawn:
        assert (await learning.by(AUTHOR).post(f"/entries/{entry['id']}/withdraw")).status == 200
    identifier: str = entry["id"]
    return identifier


async def views(learning: Learning, caller: Principal, entry_id: str) -> list[dict[str, Any]]:
    """The entry as each way of reading shows it to the caller."""
    client = learning.by(caller)
    alone = await client.get(f"/entries/{entry_id}")
    batch = (await client.post("/entries/by-ids", {"ids": [entry_id]})).body
    listed = (await client.get("/entries", params={"first": 100})).body["nodes"]
    return [
        *([alone.body] if alone.status == 200 else []),
        *batch,
        *(node for node in listed if node["id"] == entry_id),
    ]


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
@cells(("name", "withdrawn"), [(name, withdrawn) for name in CALLERS for withdrawn in (False, True)])
async def test_viewer_can_update_says_what_the_mutations_do(
    learning: Learning, attribution: str, name: str, withdrawn: bool
) -> None:
    caller = CALLERS[name]
    entry_id = await an_entry_of_the_author(learning, attribution, withdrawn=withdrawn)
    seen = await views(learning, caller, entry_id)
    said = {view["viewer_can_update"] for view in seen}
    assert len(said) <= 1
    revised = await learning.by(caller).patch(f"/entries/{entry_id}", {"title": f"Said by {name}"})
    taken_back = await learning.by(caller).post(f"/entries/{entry_id}/withdraw")
    assert (revised.status == 200) == (True in said), revised.body
    assert (taken_back.status == 200 and not withdrawn) == (True in said), taken_back.body


@pytest.mark.parametrize("attribution", ATTRIBUTIONS)
async def test_what_others_are_told_does_not_depend_on_who_wrote_it(learning: Learning, attribution: str) -> None:
    entry_id = await an_entry_of_the_author(learning, attribution)
    others = [caller for name, caller in CALLERS.items() if "author" not in name]
    seen = [view for caller in others for view in await views(learning, caller, entry_id)]
    assert len(seen) == 3 * len(others)
    assert all(view == seen[0] for view in seen)
    assert (seen[0]["is_mine"], seen[0]["viewer_can_update"]) == (False, False)


async def test_each_answer_to_the_author_says_what_the_author_can_do_next(learning: Learning) -> None:
    entry = await learning.share(AUTHOR, attribution="anonymous")
    client, path = learning.by(AUTHOR), f"/entries/{entry['id']}"
    revised = (await client.patch(path, {"title": "Said otherwise"})).body
    withdrawn = (await client.post(f"{path}/withdraw")).body
    assert [one["viewer_can_update"] for one in (entry, revised, withdrawn)] == [True, True, False]
