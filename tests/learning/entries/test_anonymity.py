"""Anonymous is anonymous to all: searched for in every document, every message's bytes and every line logged."""

import pytest

from shared.ids import new_id
from tests.support.learning import Learning, a_person, a_steward, as_json, logged_lines

HUB, GROUP, TRUST = new_id("hub"), new_id("grp"), new_id("org")


def traces(identifier: str) -> list[bytes]:
    """The ways an id could be written down: whole, without its prefix, turned round, in capitals."""
    body = identifier.partition("_")[2]
    return [body.encode(), body[::-1].encode(), body.upper().encode()]


async def assert_no_trace(learning: Learning, identifier: str, lines: list[str]) -> None:
    """Nothing kept, told or logged names this person."""
    kept = await learning.dump()
    assert b"author_mark" in kept, "the dump holds no entry at all"
    assert any('"event": "request"' in line for line in lines), "the log holds no request at all"
    for trace in traces(identifier):
        assert trace not in kept
        assert all(trace.decode() not in line for line in lines)


@pytest.mark.parametrize("audience", ["me", "buddy", "group", "hub", "community", "public"])
async def test_an_anonymous_author_leaves_no_trace(learning: Learning, audience: str) -> None:
    author = a_person(groups={GROUP: HUB}, organisations=(TRUST,))
    door = learning.by(author)
    with logged_lines() as lines:
        fields = {"audience": audience, "attribution": "anonymous", "group_id": GROUP}
        entry = await learning.share(author, **fields)
        sent = {"kind": "story", "title": "Once more", "body": "With a key.", **fields}
        repeated = [await door.post("/entries", sent, headers={"idempotency-key": "again"}) for _ in range(2)]
        assert repeated[0].body == repeated[1].body
        revised = await door.patch(f"/entries/{entry['id']}", {"title": "Said otherwise"})
        assert revised.body["revision"] == 2
        assert (await door.get("/entries")).status == 200
        assert (await door.post(f"/entries/{entry['id']}/withdraw")).status == 200
        await learning.by(a_person(groups={GROUP: HUB})).patch(f"/entries/{entry['id']}", {"title": "Not mine"})
    await assert_no_trace(learning, author.id, lines)


async def test_messages_about_it_lead_back_to_no_request(learning: Learning) -> None:
    author = a_person(hubs=(HUB,))
    request = {"x-request-id": new_id("req"), "traceparent": f"00-{'ab' * 16}-{'cd' * 8}-01"}
    fields = {"kind": "mistake", "title": "t", "body": "b", "audience": "hub", "hub_id": HUB}
    answer = await learning.by(author).post("/entries", {**fields, "attribution": "anonymous"}, headers=request)
    (message,) = await learning.told(answer.body["id"])
    assert (message.actor, message.correlation, message.traceparent) == (None, None, None)
    assert message.data["author_id"] is None
    named = await learning.by(author).post("/entries", fields, headers=request)
    (message,) = await learning.told(named.body["id"])
    assert (message.actor, message.correlation) == (author.id, request["x-request-id"])


async def test_nobody_is_shown_the_author_not_even_a_steward(learning: Learning) -> None:
    author = a_person(groups={GROUP: HUB})
    entry = await learning.share(author, audience="hub", attribution="anonymous", hub_id=HUB)
    for reader in (a_steward(HUB), a_person(hubs=(HUB,))):
        answer = await learning.by(reader).get(f"/entries/{entry['id']}")
        assert answer.body["author_id"] is None
        assert author.id not in as_json(answer.body)
        assert not answer.body["is_mine"]


async def test_two_anonymous_entries_share_nothing_that_links_them(learning: Learning) -> None:
    authors = [a_person(hubs=(HUB,)), a_person(hubs=(HUB,))]
    by_author = [
        [await learning.share(author, audience=audience, attribution="anonymous", hub_id=HUB) for _ in range(2)]
        for author in authors
        for audience in ("hub", "public")
    ]
    rows = {row["_id"]: row async for row in learning.service.database["entries"].find({})}
    for first, second in by_author:
        one, other = rows[first["id"]], rows[second["id"]]
        stranger = rows[by_author[(by_author.index([first, second]) + 2) % 4][0]["id"]]
        alike = {name for name in one if one[name] == other[name]}
        alike_to_a_stranger = {name for name in one if one[name] == stranger[name]}
        assert "author_mark" not in alike
        assert alike == alike_to_a_stranger


async def test_becoming_anonymous_drops_the_author(learning: Learning) -> None:
    author = a_person(hubs=(HUB,), organisations=(TRUST,))
    entry = await learning.share(
        author, audience="me", hub_id=HUB, attribution="organisation", organisation_id=TRUST, title="First said"
    )
    assert author.id.encode() in await learning.dump()
    with logged_lines() as lines:
        answer = await learning.by(author).patch(
            f"/entries/{entry['id']}", {"audience": "hub", "attribution": "anonymous", "title": "Said to all"}
        )
    assert answer.status == 200
    assert (answer.body["author_id"], answer.body["organisation_id"], answer.body["is_mine"]) == (None, None, True)
    await assert_no_trace(learning, author.id, lines)
    assert await learning.service.database["entries"].count_documents({"_id": entry["id"], "organisation_id": None})


async def test_an_organisation_entry_tells_nobody_who_wrote_it(learning: Learning) -> None:
    author = a_person(hubs=(HUB,), organisations=(TRUST,))
    entry = await learning.share(author, audience="hub", hub_id=HUB, attribution="organisation", organisation_id=TRUST)
    with logged_lines() as lines:
        answer = await learning.by(author).patch(f"/entries/{entry['id']}", {"title": "Said otherwise"})
    assert (answer.body["author_id"], answer.body["organisation_id"]) == (None, TRUST)
    outbox = [bytes(row["body"]) async for row in learning.service.database["outbox"].find({})]
    revisions = [row async for row in learning.service.database["revisions"].find({"entry_id": entry["id"]})]
    assert len(revisions) == 2
    assert author.id not in "".join([*map(str, outbox), *map(str, revisions), *lines])


async def test_an_anonymous_author_who_left_the_group_still_takes_the_entry_back(learning: Learning) -> None:
    author = a_person(groups={GROUP: HUB})
    entry = await learning.share(author, audience="group", attribution="anonymous", group_id=GROUP)
    gone = author.model_copy(update={"groups": {}, "hubs": frozenset()})
    seen = await learning.by(gone).get(f"/entries/{entry['id']}")
    assert seen.body["is_mine"]
    narrowed = await learning.by(gone).patch(f"/entries/{entry['id']}", {"audience": "me"})
    assert narrowed.status == 200
    answer = await learning.by(gone).post(f"/entries/{entry['id']}/withdraw")
    assert answer.body["withdrawn_at"] is not None
