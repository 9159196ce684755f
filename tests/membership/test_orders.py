"""The orders of the lists of people, groups, hubs, organisations and memberships: by name and by time alone."""

from collections.abc import Mapping, Sequence
from enum import Enum
from itertools import product
from typing import Any

import pytest

from services.membership.groups.store import GROUPS
from services.membership.hubs.store import HUBS
from services.membership.memberships.store import MEMBERSHIPS
from services.membership.organisations.store import ORGANISATIONS
from services.membership.people.store import PEOPLE
from shared.contracts.membership.groups import GroupOrder
from shared.contracts.membership.hubs import HubOrder
from shared.contracts.membership.memberships import MembershipOrder, Role
from shared.contracts.membership.organisations import OrganisationOrder
from shared.contracts.membership.people import PersonOrder
from shared.ids import new_id
from shared.mongo import Database
from shared.store import Store
from tests.support.cells import cells
from tests.support.membership import a_group, a_hub, a_hub_key, a_member, a_person, a_reader, acting
from tests.support.orders import BACKWARDS, FORWARDS, SIZES, cursor_of, expect_no_sorting, read_whole
from tests.support.serving import Client

NAMES = ("Zeta", "árbol", "Beta", "beta", "Alpha")
BY_NAME = [4, 1, 2, 3, 0]
"""Without case and accents; of one name, as they were made."""
ORDERS: Mapping[str, type[Enum]] = {
    "people": PersonOrder,
    "groups": GroupOrder,
    "hubs": HubOrder,
    "organisations": OrganisationOrder,
    "memberships": MembershipOrder,
}
STORES: Mapping[str, Store[Any]] = {
    "people": PEOPLE,
    "groups": GROUPS,
    "hubs": HUBS,
    "organisations": ORGANISATIONS,
    "memberships": MEMBERSHIPS,
}
Made = Mapping[str, tuple[dict[str, Any], list[str]]]


@pytest.fixture(scope="module")
async def made(membership: Client, database: Database) -> Made:
    """By list: the filter that finds five things, and their ids as they were made. Beside them are very many others."""
    top = await a_hub(database)
    hub = await a_hub(database, top, kind="thematic")
    key = membership.acting_as(a_hub_key(top, below=(hub,)))
    parent = await a_hub(database)
    about: dict[str, Any] = {"themes": ["trust"], "languages": ["cy"], "actor_kinds": ["researcher"]}
    group = await a_group(database, top)
    members = [await a_member(database, group, name=name, **about) for name in NAMES]
    organisation = {"kind": "elected_representative", "is_another": True}
    organisations = [(await key.post("/organisations", {**organisation, "name": name})).body["id"] for name in NAMES]
    groups = [await a_group(database, hub, name=name, domain="floods", themes=["trust"]) for name in NAMES]
    hubs = [await a_hub(database, parent, name=name) for name in NAMES]
    found = MEMBERSHIPS.of(database).find({"group_id": group.id}).sort("_id", 1)
    made = {
        "people": ({"group": group.id}, [person.id for person in members]),
        "groups": ({"hub": hub.id}, [one.id for one in groups]),
        "hubs": ({"parent": parent.id}, [one.id for one in hubs]),
        "organisations": ({"kind": "elected_representative"}, organisations),
        "memberships": ({"group": group.id}, [row["_id"] async for row in found]),
    }
    for name, (_, ids) in made.items():
        await _add_others(database, STORES[name], ids[0])
    return made


async def _add_others(database: Database, store: Store[Any], like: str) -> None:
    """Three hundred more of the kind, in places of their own."""
    document = await store.of(database).find_one({"_id": like})
    apart: dict[str, dict[str, Any]] = {
        "people": {"listed_in": [new_id("grp")]},
        "groups": {"hub_id": new_id("hub")},
        "hubs": {"parent_id": new_id("hub"), "ancestors": []},
        "organisations": {"kind": "researcher"},
        "memberships": {"group_id": new_id("grp")},
    }
    unique = ("slug", "address")
    others = [
        {
            **document,
            **apart[store.collection],
            **{field: f"{field}-{number}" for field in unique if field in document},
            "_id": new_id(store.prefix or ""),
            "name_key": f"other {number % 7}",
            "person_id": new_id("per"),
        }
        for number in range(300)
    ]
    await store.of(database).insert_many(others)


def in_order(ids: Sequence[str], order: str) -> list[str]:
    """The five as they come in this order."""
    return [ids[n] for n in BY_NAME] if order == "name" else list(ids) if order == "oldest" else list(ids[::-1])


EACH = [(name, order.value) for name, orders in ORDERS.items() for order in orders]


@cells(
    ("name", "order", "way", "size"), [(*one, *how) for one in EACH for how in product((FORWARDS, BACKWARDS), SIZES)]
)
async def test_each_order_is_read_whole_from_either_end(
    membership: Client, made: Made, name: str, order: str, way: tuple[str, str], size: int
) -> None:
    asked, ids = made[name]
    found = await read_whole(membership.acting_as(a_reader()), f"/{name}", way, size, order=order, **asked)
    assert found == in_order(ids, order)


@cells("name", ORDERS)
async def test_the_usual_order_is_the_first(membership: Client, made: Made, name: str) -> None:
    asked, ids = made[name]
    usual = next(iter(ORDERS[name])).value
    assert await read_whole(membership.acting_as(a_reader()), f"/{name}", FORWARDS, 2, **asked) == in_order(ids, usual)


@cells(
    ("name", "order", "other"),
    [(name, one, other) for name, of in ORDERS.items() for one, other in product(of, of) if one is not other],
)
async def test_a_cursor_of_one_order_is_refused_in_another(
    membership: Client, made: Made, name: str, order: Enum, other: Enum
) -> None:
    client = membership.acting_as(a_reader())
    cursor = await cursor_of(client, f"/{name}", order=order.value, **made[name][0])
    params = {**made[name][0], "order": other.value, "after": cursor}
    assert (await client.get(f"/{name}", params=params)).problem() == (422, "bad_cursor", ["after"])


NARROWED: Mapping[str, Sequence[dict[str, Any]]] = {
    "people": (
        {},
        {"theme": "trust"},
        {"theme": ["trust", "co_production"], "actor_kind": "researcher"},
        {"language": "cy"},
        {"organisation": new_id("org")},
    ),
    "groups": ({}, {"theme": "trust"}, {"domain": "floods"}, {"join_policy": "open"}, {"include_archived": "true"}),
    "hubs": ({}, {"kind": "regional"}, {"kind": ["regional", "thematic"]}, {"include_archived": "true"}),
    "organisations": ({}, {"kind": "researcher"}, {"kind": ["researcher", "public_agency"]}),
    "memberships": ({}, {"role": "member"}, {"accepted": "true"}, {"person": new_id("per")}),
}


@cells(("name", "order", "asked"), [(*one, asked) for one in EACH for asked in (None, *NARROWED[one[0]])])
async def test_no_order_is_sorted_in_memory(
    membership: Client, made: Made, monkeypatch: pytest.MonkeyPatch, name: str, order: str, asked: dict[str, Any] | None
) -> None:
    """A search by words is not among these: it reads what has the words, and sorts that."""
    client = membership.acting_as(a_reader())
    await expect_no_sorting(
        monkeypatch, client, f"/{name}", name, order=order, **(made[name][0] if asked is None else asked)
    )


async def test_people_are_narrowed_by_language_and_organisation(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    organisation = (await key.post("/organisations", {"name": "Dwr Cymru", "kind": "public_agency"})).body["id"]
    welsh = await a_person(database, hub, languages=["cy", "en"])
    german = await a_person(database, hub, languages=["de"])
    affiliated = {"affiliations": [{"organisation_id": organisation, "until": "2020-01-01"}]}
    change = {**affiliated, "version": german.version}
    changed = await membership.acting_as(await acting(database, german)).patch(f"/people/{german.id}", change)
    assert changed.status == 200, changed.body
    for asked, found in (
        ({"language": "cy"}, [welsh.id]),
        ({"language": ["de", "cy"]}, sorted([welsh.id, german.id])),
        ({"language": "fr"}, []),
        ({"organisation": organisation}, [german.id]),
        ({"organisation": new_id("org")}, []),
    ):
        ids = await read_whole(membership.acting_as(a_reader()), "/people", FORWARDS, 100, hub=hub.id, **asked)
        assert sorted(ids) == found, asked


async def test_groups_are_narrowed_by_domain_and_join_policy(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    floods = await a_group(database, hub, name="A", domain="Floods")
    asks = await a_group(database, hub, name="B", domain="Debt", join_policy="request")
    for asked, found in (
        ({"domain": "Floods"}, [floods.id]),
        ({"domain": "floods"}, []),
        ({"join_policy": "request"}, [asks.id]),
        ({"join_policy": ["request", "open"]}, [floods.id, asks.id]),
        ({"join_policy": "invitation"}, []),
    ):
        assert await read_whole(membership.acting_as(a_reader()), "/groups", FORWARDS, 1, hub=hub.id, **asked) == found


async def test_hubs_are_narrowed_by_kind(membership: Client, database: Database) -> None:
    parent = await a_hub(database)
    themed, regional = await a_hub(database, parent, kind="thematic"), await a_hub(database, parent)
    for kind, found in (
        ("thematic", {themed.id}),
        (["thematic", "regional"], {themed.id, regional.id}),
        ("national", set()),
    ):
        client = membership.acting_as(a_reader())
        assert set(await read_whole(client, "/hubs", FORWARDS, 1, parent=parent.id, kind=kind)) == found


async def test_memberships_are_narrowed_by_role_and_by_whether_they_were_accepted(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    key, reader = membership.acting_as(a_hub_key(hub)), membership.acting_as(a_reader())
    person, invited = await a_person(database, hub, Role.CATALYST), await a_person(database)
    waits = await key.post(f"/hubs/{hub.id}/members", {"person_id": invited.id})
    assert waits.status == 201, waits.body
    for asked, found in (
        ({"role": "catalyst"}, {person.id}),
        ({"role": ["catalyst", "member"]}, {person.id, invited.id}),
        ({"role": "steward"}, set()),
        ({"accepted": "true"}, {person.id}),
        ({"accepted": "false"}, {invited.id}),
    ):
        nodes = (await reader.get("/memberships", params={"hub": hub.id, **asked})).body["nodes"]
        assert {node["person_id"] for node in nodes} == found, asked


async def test_api_keys_are_narrowed_by_whether_they_were_revoked(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    made = [
        (await key.post("/api-keys", {"name": name, "hub_id": hub.id, "scopes": ["directory:read"]})).body["key"]["id"]
        for name in ("one", "two")
    ]
    assert (await key.post(f"/api-keys/{made[0]}/revoke")).status == 200
    for revoked, found in ((None, made), ("true", made[:1]), ("false", made[1:])):
        asked = {} if revoked is None else {"revoked": revoked}
        assert await read_whole(key, "/api-keys", FORWARDS, 1, hub=hub.id, **asked) == found
