"""Sharing, revising and withdrawing: what is kept, what is told, and what is refused."""

import asyncio

import pytest

from shared.ids import new_id
from tests.support.learning import Learning, a_hub_key, a_person, a_steward, an_entry

HUB, OTHER_HUB, GROUP, EVENT, TRUST = new_id("hub"), new_id("hub"), new_id("grp"), new_id("evt"), new_id("org")


async def test_a_shared_entry_is_read_as_it_was_written(learning: Learning) -> None:
    author = a_person(groups={GROUP: HUB})
    sent = {
        "kind": "case_study",
        "title": "Ten years without targets",
        "body": "The alliance contract ran for ten years.\n\nNobody counted outputs.",
        "context": {
            "place": {"name": "Plymouth", "latitude": 50.375, "longitude": -4.143},
            "system": "Homelessness support",
            "what_was_tried": "One contract, seven partners.",
            "what_happened": "They shared a budget.",
        },
        "themes": ["trust", "places_as_systems"],
        "audience": "community",
        "attribution": "named",
        "group_id": GROUP,
        "event_id": EVENT,
    }
    answer = await learning.by(author).post("/entries", sent)
    assert answer.status == 201
    read = (await learning.by(a_person()).get(f"/entries/{answer.body['id']}")).body
    assert {name: read[name] for name in sent} == sent
    assert (read["author_id"], read["hub_id"], read["version"], read["revision"]) == (author.id, HUB, 1, 1)
    (message,) = await learning.told(answer.body["id"])
    assert (message.type, message.hub, message.reach) == ("learning.entry_shared.v1", HUB, "hub")
    assert set(message.touched) == {answer.body["id"], HUB, GROUP, EVENT}
    assert author.id not in message.model_dump_json()


@pytest.mark.parametrize(
    ("audience", "reach", "names_group"),
    [
        ("me", "internal", False),
        ("buddy", "internal", False),
        ("group", "internal", True),
        ("hub", "hub", True),
        ("community", "hub", True),
        ("public", "hub", True),
    ],
)
async def test_a_message_reaches_no_further_than_its_entry(
    learning: Learning, audience: str, reach: str, names_group: bool
) -> None:
    entry = await learning.share(a_person(groups={GROUP: HUB}), audience=audience, group_id=GROUP)
    (message,) = await learning.told(entry["id"])
    assert message.reach == reach
    assert (message.data["group_id"], message.data["hub_id"]) == ((GROUP, HUB) if names_group else (None, None))
    assert message.hub == (HUB if names_group else None)
    assert "title" not in message.data


async def test_the_same_idempotency_key_shares_once(learning: Learning) -> None:
    author, before = a_person(), (await learning.counts())["entries"]
    sent, key = an_entry(), {"idempotency-key": "share-once"}
    answers = await asyncio.gather(*(learning.by(author).post("/entries", sent, headers=key) for _ in range(5)))
    assert {answer.status for answer in answers} == {201}
    assert len({answer.body["id"] for answer in answers}) == 1
    assert (await learning.counts())["entries"] == before + 1


async def test_a_theme_that_is_sent_twice_is_kept_once(learning: Learning) -> None:
    entry = await learning.share(a_person(), themes=["trust", "co_production", "trust"])
    assert entry["themes"] == ["trust", "co_production"]


async def test_only_a_person_writes(learning: Learning) -> None:
    answer = await learning.by(a_hub_key(HUB)).post("/entries", an_entry())
    assert (answer.status, answer.body["code"]) == (403, "person_needed")


async def test_a_revision_keeps_what_was_said_before(learning: Learning) -> None:
    author = a_person()
    entry = await learning.share(author, title="First")
    revised = await learning.by(author).patch(f"/entries/{entry['id']}", {"title": "Second", "themes": ["trust"]})
    assert (revised.body["title"], revised.body["revision"], revised.body["version"]) == ("Second", 2, 2)
    assert revised.body["body"] == entry["body"]
    assert revised.body["revised_at"] is not None
    mine = (await learning.by(author).get(f"/entries/{entry['id']}/revisions")).body["nodes"]
    assert [(one["number"], one["title"]) for one in mine] == [(2, "Second"), (1, "First")]
    theirs = (await learning.by(a_person()).get(f"/entries/{entry['id']}/revisions")).body
    assert [one["title"] for one in theirs["nodes"]] == ["Second"]
    assert theirs["has_next"] is False
    older = {"after": theirs["cursors"][0]}
    assert (await learning.by(a_person()).get(f"/entries/{entry['id']}/revisions", params=older)).body["nodes"] == []
    message = (await learning.told(entry["id"]))[-1]
    assert (message.topic, message.data["changed"]) == ("learning.entry_revised", ["themes", "title"])


@pytest.mark.parametrize("params", [{"first": 1}, {"last": 1}, {"last": 2}, {"first": 2, "count": "true"}])
async def test_others_get_the_latest_revision_alone_from_either_end(learning: Learning, params: dict[str, int]) -> None:
    author = a_person()
    entry = await learning.share(author, title="First")
    path = f"/entries/{entry['id']}"
    for title in ("Second", "Third"):
        assert (await learning.by(author).patch(path, {"title": title})).status == 200
    found = (await learning.by(a_person()).get(f"{path}/revisions", params=params)).body
    assert [one["title"] for one in found["nodes"]] == ["Third"]
    assert (found["has_next"], found["has_previous"]) == (False, False)
    assert found["total"] in (None, 1)
    before_first = {"before": (await learning.by(author).get(f"{path}/revisions")).body["cursors"][-1], "last": 2}
    found = (await learning.by(a_person()).get(f"{path}/revisions", params=before_first)).body
    assert [one["title"] for one in found["nodes"]] == ["Third"]


async def test_revising_to_the_same_does_nothing(learning: Learning) -> None:
    author = a_person()
    entry = await learning.share(author)
    same = {name: entry[name] for name in ("title", "body", "kind", "themes", "audience", "context")}
    answer = await learning.by(author).patch(f"/entries/{entry['id']}", same)
    assert answer.body == entry
    assert len(await learning.told(entry["id"])) == 1


async def test_only_its_author_revises_or_withdraws(learning: Learning) -> None:
    author = a_person(hubs=(HUB,))
    for attribution in ("named", "anonymous"):
        entry = await learning.share(author, audience="hub", hub_id=HUB, attribution=attribution)
        for other in (a_person(hubs=(HUB,)), a_steward(HUB)):
            revised = await learning.by(other).patch(f"/entries/{entry['id']}", {"title": "Mine now"})
            withdrawn = await learning.by(other).post(f"/entries/{entry['id']}/withdraw")
            assert (revised.status, revised.body["code"]) == (403, "not_the_author")
            assert (withdrawn.status, withdrawn.body["code"]) == (403, "not_the_author")
        assert (await learning.by(author).get(f"/entries/{entry['id']}")).body == entry


async def test_a_revision_of_an_old_version_is_refused(learning: Learning) -> None:
    author = a_person()
    entry = await learning.share(author)
    first = await learning.by(author).patch(f"/entries/{entry['id']}", {"title": "A", "version": 1})
    second = await learning.by(author).patch(f"/entries/{entry['id']}", {"title": "B", "version": 1})
    assert first.status == 200
    assert second.problem() == (409, "changed_meanwhile", ["version"])


async def test_a_private_entry_is_shared_when_others_may_first_read_it(learning: Learning) -> None:
    author = a_person(groups={GROUP: HUB})
    entry = await learning.share(author, audience="me")
    client = learning.by(author)
    await client.patch(f"/entries/{entry['id']}", {"audience": "group", "group_id": GROUP})
    await client.patch(f"/entries/{entry['id']}", {"audience": "me"})
    await client.patch(f"/entries/{entry['id']}", {"audience": "hub"})
    told = await learning.told(entry["id"])
    assert [(m.topic, m.reach, m.data["group_id"]) for m in told] == [
        ("learning.entry_shared", "internal", None),
        ("learning.entry_shared", "internal", GROUP),
        ("learning.entry_revised", "internal", None),
        ("learning.entry_revised", "hub", GROUP),
    ]


async def test_those_who_could_read_it_are_told_when_it_is_narrowed(learning: Learning) -> None:
    author = a_person(hubs=(HUB,))
    entry = await learning.share(author, audience="community", hub_id=HUB)
    await learning.by(author).patch(f"/entries/{entry['id']}", {"audience": "me"})
    message = (await learning.told(entry["id"]))[-1]
    assert (message.reach, message.hub, message.data["audience"]) == ("hub", HUB, "me")
    assert author.id not in message.model_dump_json()


async def test_both_hubs_are_told_when_an_entry_goes_from_one_to_another(learning: Learning) -> None:
    author = a_person(hubs=(HUB, OTHER_HUB))
    entry = await learning.share(author, audience="hub", hub_id=HUB)
    await learning.by(author).patch(f"/entries/{entry['id']}", {"hub_id": OTHER_HUB})
    told = (await learning.told(entry["id"]))[1:]
    assert {(m.topic, m.reach, m.hub) for m in told} == {
        ("learning.entry_revised", "hub", HUB),
        ("learning.entry_revised", "hub", OTHER_HUB),
    }
    assert [m.data for m in told] == [{**told[0].data, "hub_id": OTHER_HUB, "version": 2}] * 2


async def test_who_has_left_still_narrows_an_entry_and_widens_it_no_more(learning: Learning) -> None:
    author = a_person(groups={GROUP: HUB})
    entry = await learning.share(author, audience="public", group_id=GROUP)
    gone = learning.by(author.model_copy(update={"groups": {}, "hubs": frozenset()}))
    refused = (422, "group_not_yours", ["group_id"])
    for audience, wider in (("community", "public"), ("hub", "group"), ("me", "hub")):
        narrowed = await gone.patch(f"/entries/{entry['id']}", {"audience": audience})
        assert (narrowed.status, narrowed.body.get("audience")) == (200, audience), narrowed.body
        assert (await gone.patch(f"/entries/{entry['id']}", {"audience": wider})).problem() == refused


async def test_withdrawing_erases_the_text_everywhere(learning: Learning) -> None:
    author, word = a_person(), "Pfefferminz"
    context = {"place": {"name": f"{word} town"}, "system": f"{word} system", "what_happened": f"{word} happened"}
    fields = {"title": f"{word} title", "body": f"{word} body", "context": context}
    client = learning.by(author)
    entry = (await client.post("/entries", an_entry(**fields), headers={"idempotency-key": "one"})).body
    await client.patch(f"/entries/{entry['id']}", {"body": f"{word} again"}, headers={"idempotency-key": "two"})
    assert word.encode() in await learning.dump()
    answer = await client.post(f"/entries/{entry['id']}/withdraw", headers={"idempotency-key": "three"})
    assert answer.status == 200
    assert word.encode() not in await learning.dump()
    assert (answer.body["title"], answer.body["body"], answer.body["themes"]) == ("", "", [])
    assert (await client.get(f"/entries/{entry['id']}")).body["withdrawn_at"] is not None
    assert (await client.get(f"/entries/{entry['id']}/revisions")).body["nodes"] == []
    other = learning.by(a_person())
    assert (await other.get(f"/entries/{entry['id']}")).status == 404
    assert (await other.post("/entries/by-ids", {"ids": [entry["id"]]})).body == []
    for reader in (client, other):
        assert entry["id"] not in [node["id"] for node in (await reader.get("/entries")).body["nodes"]]
    assert [message.topic for message in await learning.told(entry["id"])][-1] == "learning.entry_withdrawn"


async def test_withdrawing_twice_tells_once(learning: Learning) -> None:
    author = a_person()
    entry = await learning.share(author)
    answers = [await learning.by(author).post(f"/entries/{entry['id']}/withdraw") for _ in range(2)]
    assert answers[0].body == answers[1].body
    assert [m.topic for m in await learning.told(entry["id"])].count("learning.entry_withdrawn") == 1
    revised = await learning.by(author).patch(f"/entries/{entry['id']}", {"title": "Back again"})
    assert (revised.status, revised.body["code"]) == (409, "already_withdrawn")


async def test_an_entry_goes_to_the_hub_of_its_new_group(learning: Learning) -> None:
    moved = new_id("grp")
    author = a_person(groups={GROUP: HUB, moved: OTHER_HUB})
    entry = await learning.share(author, audience="group", group_id=GROUP)
    answer = await learning.by(author).patch(f"/entries/{entry['id']}", {"group_id": moved})
    assert (answer.body["group_id"], answer.body["hub_id"]) == (moved, OTHER_HUB)
    touches = set((await learning.told(entry["id"]))[-1].touched)
    assert {GROUP, HUB, moved, OTHER_HUB} <= touches


async def test_it_can_be_named_again(learning: Learning) -> None:
    author = a_person()
    entry = await learning.share(author, attribution="anonymous")
    answer = await learning.by(author).patch(f"/entries/{entry['id']}", {"attribution": "named"})
    assert (answer.body["author_id"], answer.body["is_mine"]) == (author.id, True)
    row = await learning.service.database["entries"].find_one({"_id": entry["id"]})
    assert row["author_mark"] is None


async def test_revisions_racing_a_withdrawal_leave_no_text(learning: Learning) -> None:
    author, word = a_person(), "Wermut"
    entry = await learning.share(author, title=f"{word} 0")
    client = learning.by(author)
    answers = await asyncio.gather(
        *(client.patch(f"/entries/{entry['id']}", {"title": f"{word} {n}"}) for n in range(1, 9)),
        client.post(f"/entries/{entry['id']}/withdraw"),
        *(client.patch(f"/entries/{entry['id']}", {"title": f"{word} {n}"}) for n in range(9, 17)),
    )
    assert {answer.status for answer in answers} <= {200, 409}
    assert answers[8].status == 200
    assert word.encode() not in await learning.dump()
    told = [message.data["version"] for message in await learning.told(entry["id"])]
    assert sorted(told) == list(range(1, len(told) + 1))
