"""Who reads what: every audience against every kind of reader, through every client, however the author is named."""

from typing import Any

import pytest

from shared.auth import Principal
from shared.ids import new_id
from tests.support.learning import Learning, a_hub_key, a_person, a_steward, an_operator

NORTH, SOUTH = new_id("hub"), new_id("hub")
TYNE, WEAR, SEVERN = new_id("grp"), new_id("grp"), new_id("grp")
TRUST = new_id("org")

AUTHOR = a_person(groups={TYNE: NORTH}, organisations=(TRUST,))
READERS: dict[str, Principal] = {
    "author": AUTHOR,
    "same group": a_person(groups={TYNE: NORTH}),
    "other group": a_person(groups={WEAR: NORTH}),
    "hub steward": a_steward(NORTH),
    "other hub": a_person(groups={SEVERN: SOUTH}, organisations=(TRUST,)),
    "hub key": a_hub_key(NORTH),
    "other key": a_hub_key(SOUTH),
    "operator": an_operator(),
}
ATTRIBUTIONS = ("named", "organisation", "anonymous")

# audience     author  same group  other group  hub steward  other hub  hub key  other key  operator
TABLE = """
  me           yes     -           -            -            -          -        -          -
  buddy        yes     -           -            -            -          -        -          -
  group        yes     yes         -            -            -          -        -          -
  hub          yes     yes         yes          yes          -          yes      -          yes
  community    yes     yes         yes          yes          yes        yes      yes        yes
  public       yes     yes         yes          yes          yes        yes      yes        yes
"""
ROWS = [line.split() for line in TABLE.strip().splitlines()]
CASES = [
    pytest.param(audience, reader, word == "yes", id=f"{audience}-{reader.replace(' ', '-')}")
    for audience, *words in ROWS
    for reader, word in zip(READERS, words, strict=True)
]

Entries = dict[tuple[str, str], dict[str, Any]]


@pytest.fixture(scope="module")
async def entries(learning: Learning) -> Entries:
    """One entry of each audience and attribution, all by one author."""
    shared: Entries = {}
    for audience, *_ in ROWS:
        for attribution in ATTRIBUTIONS:
            more = {"organisation_id": TRUST} if attribution == "organisation" else {}
            shared[audience, attribution] = await learning.share(
                AUTHOR, audience=audience, attribution=attribution, group_id=TYNE, **more
            )
    return shared


@pytest.mark.parametrize(("audience", "reader", "may"), CASES)
async def test_an_entry_is_read_by_its_audience_alone(
    learning: Learning, entries: Entries, audience: str, reader: str, may: bool
) -> None:
    client = learning.by(READERS[reader])
    ids = {entries[audience, attribution]["id"] for attribution in ATTRIBUTIONS}
    alone = {id_ for id_ in ids if (await client.get(f"/entries/{id_}")).status == 200}
    revised = {id_ for id_ in ids if (await client.get(f"/entries/{id_}/revisions")).status == 200}
    batch = {entry["id"] for entry in (await client.post("/entries/by-ids", {"ids": sorted(ids)})).body}
    listed = {entry["id"] for entry in (await client.get("/entries", params={"first": 100})).body["nodes"]}
    expected = ids if may else set()
    assert alone == revised == batch == listed & ids == expected


async def test_a_refusal_says_what_a_missing_entry_says(learning: Learning, entries: Entries) -> None:
    client = learning.by(READERS["other hub"])
    for method, end in (("GET", ""), ("GET", "/revisions"), ("PATCH", ""), ("POST", "/withdraw")):
        hidden = await client.call(method, f"/entries/{entries['group', 'named']['id']}{end}", body={})
        missing = await client.call(method, f"/entries/{new_id('ent')}{end}", body={})
        malformed = await client.call(method, f"/entries/nonsense{end}", body={})
        answers = [{**answer.body, "request_id": ""} for answer in (hidden, missing, malformed)]
        assert [hidden.status, missing.status, malformed.status] == [404] * 3
        assert answers[0] == answers[1] == answers[2]


@pytest.mark.parametrize("reader", [name for name in READERS if name != "author"])
async def test_only_a_named_entry_names_its_author(learning: Learning, entries: Entries, reader: str) -> None:
    seen = (await learning.by(READERS[reader]).get("/entries", params={"first": 100})).body["nodes"]
    assert seen
    for entry in seen:
        assert entry["author_id"] == (AUTHOR.id if entry["attribution"] == "named" else None)
        assert entry["organisation_id"] == (TRUST if entry["attribution"] == "organisation" else None)
        assert entry["is_mine"] is False


async def test_the_author_knows_each_entry_as_theirs(learning: Learning, entries: Entries) -> None:
    ids = [entry["id"] for entry in entries.values()]
    seen = (await learning.by(AUTHOR).post("/entries/by-ids", {"ids": ids})).body
    assert len(seen) == len(entries)
    assert all(entry["is_mine"] for entry in seen)
    assert {entry["author_id"] for entry in seen if entry["attribution"] != "named"} == {None}


@pytest.mark.parametrize(
    ("principal", "status", "code"),
    [
        (None, 401, "not_signed_in"),
        (Principal(kind="person", id=new_id("per"), scopes=frozenset({"events:read"})), 403, "scope_missing"),
        (Principal(kind="service", id="notify"), 403, "scope_missing"),
    ],
    ids=["nobody", "no scope", "a service"],
)
async def test_every_route_is_closed_without_its_scope(
    learning: Learning, entries: Entries, principal: Principal | None, status: int, code: str
) -> None:
    client, one = learning.by(principal), entries["public", "named"]["id"]
    answers = [
        await client.get("/entries"),
        await client.post("/entries", {"kind": "story", "title": "t", "body": "b", "audience": "public"}),
        await client.post("/entries/by-ids", {"ids": [one]}),
        await client.get(f"/entries/{one}"),
        await client.patch(f"/entries/{one}", {"title": "x"}),
        await client.post(f"/entries/{one}/withdraw"),
        await client.get(f"/entries/{one}/revisions"),
        await client.get("/invitations"),
        await client.post("/invitations/by-ids", {"ids": []}),
    ]
    assert {(answer.status, answer.body["code"]) for answer in answers} == {(status, code)}
