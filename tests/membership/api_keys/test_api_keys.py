"""API keys: who may make one, what it opens, and when it stops."""

import asyncio
from datetime import datetime, timedelta
from typing import Any

import pytest

from services.membership.api_keys.commands import create_api_key, revoke_api_key, rotate_api_key
from services.membership.api_keys.model import KeyExpired, TooManySecrets
from services.membership.hubs.model import Hub
from services.membership.principals.commands import introspect
from services.membership.principals.model import CredentialRefused
from services.membership.sign_in.tokens import AccessTokens
from shared import clock
from shared.auth import Principal
from shared.contracts.membership.api_keys import NewApiKey, NewApiKeyView
from shared.contracts.membership.memberships import Role
from shared.errors import NotSignedIn
from shared.ids import new_id
from shared.keys import checksum, new_key
from shared.mongo import Database
from tests.support.membership import (
    GATEWAY,
    a_hub,
    a_hub_key,
    a_person,
    acting,
    an_operator,
    messages,
    somebody,
)
from tests.support.serving import Client

SIGNER = AccessTokens(b"s" * 32, "https://example.org")
HOUR = timedelta(hours=1)


async def a_key(database: Database, hub: Hub | None, *scopes: str, **more: Any) -> NewApiKeyView:
    """A key made by an operator."""
    new = NewApiKey(name="Site", hub_id=hub.id if hub else None, scopes=list(scopes or ("directory:read",)), **more)
    return await create_api_key(database, an_operator(), new, now=clock.now())


async def who(membership: Client, secret: str) -> dict[str, Any] | None:
    """What the gateway is told of this credential."""
    answer = await membership.acting_as(GATEWAY).post("/principals", {"credential": secret})
    body: dict[str, Any] = answer.body
    return body if answer.status == 200 else None


async def test_a_key_opens_its_hubs_subtree_with_its_scopes(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    hub = await a_hub(database, top)
    below = await a_hub(database, hub)
    body = {"name": "Our site", "hub_id": hub.id, "scopes": ["hub:admin", "directory:read"]}
    answer = await membership.acting_as(a_hub_key(hub)).post("/api-keys", body)
    assert answer.status == 201, answer.body
    key, secret = answer.body["key"], answer.body["secret"]
    assert key["prefix"] == secret.rpartition("_")[0]
    assert "secret" not in key
    [told] = await messages(database, "membership.api_key_created", key["id"])
    assert secret not in str(told)
    resolved = await who(membership, secret)
    assert resolved is not None
    principal = Principal.model_validate(resolved["principal"])
    assert (principal.kind, principal.id) == ("client", key["id"])
    assert principal.scopes == {"hub:admin", "directory:read"}
    assert principal.hubs == principal.steward_of == {hub.id, below.id}
    assert not principal.everywhere
    assert resolved["depends_on"] == [key["id"], "hubs"]
    assert resolved["expires_at"] is None


async def test_the_secret_is_kept_as_a_hash(database: Database) -> None:
    made = await a_key(database, await a_hub(database))
    stored = await database["api_keys"].find_one({"_id": made.key.id})
    assert made.secret not in str(stored)
    assert made.secret.rpartition("_")[2] not in str(stored)


async def test_an_operators_key_is_everywhere(membership: Client, database: Database) -> None:
    made = await a_key(database, None, "community:admin")
    resolved = await who(membership, made.secret)
    assert resolved is not None
    assert resolved["principal"]["everywhere"] is True
    reading = await a_key(database, None, "directory:read")
    resolved = await who(membership, reading.secret)
    assert resolved is not None
    assert resolved["principal"].get("everywhere", False) is False
    assert "hubs" not in resolved["principal"]


async def test_nobody_gives_more_than_they_have(membership: Client, database: Database) -> None:
    hub, other = await a_hub(database), await a_hub(database)
    key = membership.acting_as(a_hub_key(hub))
    body = {"name": "Site", "hub_id": hub.id, "scopes": ["directory:read"]}
    answer = await key.post("/api-keys", {**body, "scopes": ["directory:read", "members:sync"]})
    assert answer.problem() == (403, "scopes_not_yours", ["scopes", 1])
    assert (await key.post("/api-keys", {**body, "hub_id": other.id})).problem() == (404, "not_found", ["hub_id"])
    assert (await key.post("/api-keys", {**body, "hub_id": None})).problem() == (403, "hub_needed", ["hub_id"])
    answer = await membership.acting_as(an_operator()).post("/api-keys", {**body, "scopes": ["community:admin"]})
    assert answer.problem() == (422, "scope_beyond_hub", ["scopes", 0])
    answer = await key.post("/api-keys", {**body, "scopes": ["everything"]})
    assert answer.problem() == (422, "not_a_choice", ["scopes", 0])
    assert (await membership.acting_as(somebody()).post("/api-keys", body)).problem()[1] == "scope_missing"
    steward = await acting(database, await a_person(database, hub, Role.STEWARD))
    assert (await membership.acting_as(steward).post("/api-keys", body)).status == 201


async def test_rotating_a_stronger_key_gives_nobody_its_powers(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    stronger = await a_key(database, hub, "hub:admin", "members:sync")
    key = membership.acting_as(a_hub_key(hub))
    answer = await key.post(f"/api-keys/{stronger.key.id}/rotate", {})
    assert answer.problem()[:2] == (403, "scopes_not_yours")
    assert await who(membership, stronger.secret) is not None
    assert (await key.post(f"/api-keys/{stronger.key.id}/revoke")).status == 200
    assert await who(membership, stronger.secret) is None


async def test_after_rotating_both_secrets_work_until_the_overlap_is_over(
    membership: Client, database: Database
) -> None:
    hub = await a_hub(database)
    made = await a_key(database, hub)
    answer = await membership.acting_as(an_operator()).post(
        f"/api-keys/{made.key.id}/rotate", {"overlap_seconds": 3600}
    )
    assert answer.status == 200, answer.body
    secret = answer.body["secret"]
    now = clock.now()
    old, new = (
        await introspect(database, SIGNER, made.secret, now=now),
        await introspect(database, SIGNER, secret, now=now),
    )
    assert (old.principal.superseded, new.principal.superseded) == (True, False)
    assert old.principal.model_copy(update={"superseded": False}) == new.principal
    assert new.expires_at is None
    [told] = await messages(database, "membership.api_key_rotated", made.key.id)
    assert old.expires_at is not None
    assert datetime.fromisoformat(told["data"]["overlap_until"]) == old.expires_at
    with pytest.raises(CredentialRefused):
        await introspect(database, SIGNER, made.secret, now=old.expires_at)
    assert await introspect(database, SIGNER, secret, now=old.expires_at)


async def test_an_old_secret_opens_nothing_that_outlasts_it(membership: Client, database: Database) -> None:
    hub, person = await a_hub(database), await a_person(database)
    made = await a_key(database, hub, "hub:admin", "directory:read")
    rotated = await membership.acting_as(an_operator()).post(f"/api-keys/{made.key.id}/rotate")
    body = {"name": "Lasting", "hub_id": hub.id, "scopes": ["hub:admin"]}
    wishes = [
        ("/api-keys", body, 201),
        (f"/hubs/{hub.id}/members", {"person_id": person.id, "roles": ["steward"]}, 201),
        (f"/api-keys/{made.key.id}/rotate", {}, 200),
    ]
    old = membership.acting_as((await introspect(database, SIGNER, made.secret, now=clock.now())).principal)
    new = membership.acting_as((await introspect(database, SIGNER, rotated.body["secret"], now=clock.now())).principal)
    for path, wish, _ in wishes:
        assert (await old.post(path, wish)).problem()[:2] == (403, "key_rotated"), path
    assert (await old.get("/api-keys")).body["nodes"] != []
    assert (await old.post(f"/hubs/{hub.id}/members", {"person_id": person.id})).status == 201
    for path, wish, status in wishes:
        assert (await new.post(path, wish)).status == status, path
    assert (await old.post(f"/api-keys/{made.key.id}/revoke")).status == 200


async def test_rotating_without_overlap_ends_every_older_secret_at_once(membership: Client, database: Database) -> None:
    made = await a_key(database, await a_hub(database))
    operator = membership.acting_as(an_operator())
    second = (await operator.post(f"/api-keys/{made.key.id}/rotate")).body["secret"]
    assert await who(membership, made.secret) is not None
    third = (await operator.post(f"/api-keys/{made.key.id}/rotate", {"overlap_seconds": 0})).body["secret"]
    assert [await who(membership, secret) is not None for secret in (made.secret, second, third)] == [
        False,
        False,
        True,
    ]


async def test_old_secrets_do_not_pile_up_without_end(database: Database) -> None:
    made = await a_key(database, await a_hub(database))
    now = clock.now()
    for _ in range(7):
        await rotate_api_key(database, an_operator(), made.key.id, HOUR, now=now)
    with pytest.raises(TooManySecrets):
        await rotate_api_key(database, an_operator(), made.key.id, HOUR, now=now)
    await rotate_api_key(database, an_operator(), made.key.id, HOUR, now=now + HOUR)


async def test_rotations_at_once_leave_every_new_secret_good(membership: Client, database: Database) -> None:
    made = await a_key(database, await a_hub(database))
    operator = membership.acting_as(an_operator())
    answers = await asyncio.gather(*(operator.post(f"/api-keys/{made.key.id}/rotate") for _ in range(4)))
    assert {a.status for a in answers} == {200}
    for answer in answers:
        assert await who(membership, answer.body["secret"]) is not None


async def test_a_revoked_key_opens_nothing_and_stays_revoked(membership: Client, database: Database) -> None:
    made = await a_key(database, await a_hub(database))
    operator = membership.acting_as(an_operator())
    newer = (await operator.post(f"/api-keys/{made.key.id}/rotate")).body["secret"]
    revoked = await operator.post(f"/api-keys/{made.key.id}/revoke")
    assert revoked.body["revoked_at"] is not None
    assert await who(membership, made.secret) is None
    assert await who(membership, newer) is None
    assert (await operator.post(f"/api-keys/{made.key.id}/revoke")).body == revoked.body
    assert len(await messages(database, "membership.api_key_revoked", made.key.id)) == 1
    assert (await operator.post(f"/api-keys/{made.key.id}/rotate")).problem()[:2] == (409, "key_revoked")


async def test_what_a_revoked_key_made_ends_with_it(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    below = await a_hub(database, hub)
    maker = await a_key(database, hub, "hub:admin", "directory:read")
    body = {"name": "Made", "hub_id": below.id, "scopes": ["hub:admin", "directory:read"]}

    async def made_by(key: NewApiKeyView) -> NewApiKeyView:
        answer = await membership.acting_as(of_key(key, hub, below)).post("/api-keys", body)
        return NewApiKeyView.model_validate(answer.body)

    child, other, untouched = await made_by(maker), await made_by(maker), await a_key(database, below)
    grandchild = await made_by(child)
    operator = membership.acting_as(an_operator())
    before = (await operator.post(f"/api-keys/{other.key.id}/revoke")).body
    assert (await operator.post(f"/api-keys/{maker.key.id}/revoke")).status == 200
    for key in (maker, child, grandchild):
        assert await who(membership, key.secret) is None
        [told] = await messages(database, "membership.api_key_revoked", key.key.id)
        assert told["hub"] == key.key.hub_id
    listed = (await operator.post("/api-keys/by-ids", {"ids": [child.key.id, other.key.id]})).body
    after = {key["id"]: key for key in listed}
    assert after[child.key.id]["revoked_at"] is not None
    assert after[other.key.id] == before
    assert len(await messages(database, "membership.api_key_revoked", other.key.id)) == 1
    assert await who(membership, untouched.secret) is not None


async def test_a_hub_has_so_many_keys_at_most_that_all_can_be_revoked_at_once(
    membership: Client, database: Database
) -> None:
    hub, other = await a_hub(database), await a_hub(database)
    maker = await a_key(database, hub, "hub:admin", "directory:read")
    await a_key(database, hub, expires_at=clock.iso(clock.now() + HOUR))
    stored = await database["api_keys"].find_one({"_id": maker.key.id})
    ended = {**stored, "expires_at": clock.now() - HOUR}
    copies = [*({**stored, "made_by": maker.key.id} for _ in range(97)), *(dict(ended) for _ in range(5))]
    await database["api_keys"].insert_many([{**copy, "_id": new_id("key")} for copy in copies])
    client = membership.acting_as(of_key(maker, hub))
    body = {"name": "One more", "hub_id": hub.id, "scopes": ["directory:read"]}
    answers = await asyncio.gather(*(client.post("/api-keys", body) for _ in range(4)))
    assert sorted(answer.status for answer in answers) == [201, 409, 409, 409]
    for caller in (client, membership.acting_as(an_operator())):
        assert (await caller.post("/api-keys", body)).problem() == (409, "too_many_keys", ["hub_id"])
    assert (await membership.acting_as(an_operator()).post("/api-keys", {**body, "hub_id": other.id})).status == 201
    assert (await client.post(f"/api-keys/{maker.key.id}/revoke")).status == 200
    assert (await membership.acting_as(an_operator()).post("/api-keys", body)).status == 201


async def test_a_key_that_is_made_while_its_maker_is_revoked_ends_too(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    body = {"name": "Made", "hub_id": hub.id, "scopes": ["hub:admin"]}
    for _ in range(4):
        maker = await a_key(database, hub, "hub:admin", "directory:read")
        client = membership.acting_as(of_key(maker, hub))
        answers = await asyncio.gather(
            *(client.post("/api-keys", body) for _ in range(3)),
            membership.acting_as(an_operator()).post(f"/api-keys/{maker.key.id}/revoke"),
            *(client.post("/api-keys", body) for _ in range(3)),
        )
        assert answers[3].status == 200
        assert {answer.status for answer in answers} <= {200, 201, 401}
        opened = [await who(membership, answer.body["secret"]) for answer in answers if answer.status == 201]
        assert not any(opened)


async def test_a_key_that_has_ended_is_given_no_new_secret(database: Database) -> None:
    ends = clock.now() + HOUR
    made = await a_key(database, await a_hub(database), expires_at=clock.iso(ends))
    with pytest.raises(KeyExpired):
        await rotate_api_key(database, an_operator(), made.key.id, HOUR, now=ends)
    assert await messages(database, "membership.api_key_rotated", made.key.id) == []


async def test_a_key_ends_when_it_was_said_to(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    ends = clock.now() + HOUR
    made = await a_key(database, hub, expires_at=clock.iso(ends))
    assert (await introspect(database, SIGNER, made.secret, now=clock.now())).expires_at == ends
    with pytest.raises(CredentialRefused):
        await introspect(database, SIGNER, made.secret, now=ends)
    body = {"name": "Site", "hub_id": hub.id, "scopes": ["directory:read"]}
    for bad in (clock.now() - HOUR, clock.now() + 100_000 * HOUR):
        answer = await membership.acting_as(an_operator()).post("/api-keys", {**body, "expires_at": clock.iso(bad)})
        assert answer.problem() == (422, "bad_expiry", ["expires_at"])
    for wrong in (
        "9999-12-31T23:59:59-23:59",
        "0001-01-01T00:00:00+23:59",
        1893456000,
        "tomorrow",
        "2030-01-01T00:00:00",
    ):
        answer = await membership.acting_as(an_operator()).post("/api-keys", {**body, "expires_at": wrong})
        assert (answer.status, answer.body["problems"][0]["path"]) == (422, ["expires_at"])


async def test_last_use_is_noted_at_most_once_a_minute(database: Database) -> None:
    made = await a_key(database, await a_hub(database))
    start = clock.now()

    async def used_after(seconds: int) -> Any:
        await introspect(database, SIGNER, made.secret, now=start + timedelta(seconds=seconds))
        return (await database["api_keys"].find_one({"_id": made.key.id}))["last_used_at"]

    assert await used_after(0) == start
    assert await used_after(59) == start
    assert await used_after(60) == start + timedelta(seconds=60)


async def test_a_wrong_secret_for_a_known_key_is_refused(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    one, other = await a_key(database, hub), await a_key(database, hub)
    assert await who(membership, new_key(one.key.id)) is None
    swapped = one.secret[:36] + other.secret[36:-6]
    assert await who(membership, swapped + checksum(swapped)) is None
    assert await who(membership, new_key(new_id("key"))) is None
    assert await who(membership, one.secret[:-1]) is None


async def test_keys_are_listed_to_who_looks_after_their_hub(membership: Client, database: Database) -> None:
    top = await a_hub(database)
    hub = await a_hub(database, top)
    own, above = await a_key(database, hub), await a_key(database, top)
    community = await a_key(database, None, "community:admin")
    ids = {"ids": [own.key.id, above.key.id, community.key.id, "key_x"]}
    key = membership.acting_as(a_hub_key(hub))
    assert [k["id"] for k in (await key.get("/api-keys")).body["nodes"]] == [own.key.id]
    assert [k["id"] for k in (await key.post("/api-keys/by-ids", ids)).body] == [own.key.id]
    assert (await key.get("/api-keys", params={"hub": top.id})).problem() == (404, "not_found", ["hub"])
    upper = membership.acting_as(a_hub_key(top))
    listed = (await upper.get("/api-keys", params={"hub": top.id})).body["nodes"]
    assert [k["id"] for k in listed] == [own.key.id, above.key.id]
    assert len((await membership.acting_as(an_operator()).post("/api-keys/by-ids", ids)).body) == 3
    for path in ("rotate", "revoke"):
        assert (await key.post(f"/api-keys/{above.key.id}/{path}")).status == 404
        assert (await upper.post(f"/api-keys/{community.key.id}/{path}")).status == 404
        assert (await key.post(f"/api-keys/{new_id('key')}/{path}")).status == 404
    assert (await membership.acting_as(somebody()).get("/api-keys")).status == 403


def of_key(made: NewApiKeyView, *hubs_of_it: Hub) -> Principal:
    """A key as the caller it is."""
    scopes, hubs = frozenset(made.key.scopes), frozenset(hub.id for hub in hubs_of_it)
    return Principal(kind="client", id=made.key.id, scopes=scopes, hubs=hubs, steward_of=hubs)


async def test_what_a_key_makes_ends_with_it_at_the_latest(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    ends = clock.now() + HOUR
    maker = await a_key(database, hub, "hub:admin", "directory:read", expires_at=clock.iso(ends))
    client = membership.acting_as(of_key(maker, hub))
    body = {"name": "Child", "hub_id": hub.id, "scopes": ["hub:admin"]}
    child = await client.post("/api-keys", body)
    assert child.status == 201, child.body
    assert datetime.fromisoformat(child.body["key"]["expires_at"]) == ends
    stored = await database["api_keys"].find_one({"_id": child.body["key"]["id"]})
    assert stored["made_by"] == maker.key.id
    sooner = ends - timedelta(minutes=1)
    child = await client.post("/api-keys", {**body, "expires_at": clock.iso(sooner)})
    assert datetime.fromisoformat(child.body["key"]["expires_at"]) == sooner
    answer = await client.post("/api-keys", {**body, "expires_at": clock.iso(ends + timedelta(milliseconds=1))})
    assert answer.problem() == (422, "outlives_its_maker", ["expires_at"])


async def test_a_key_that_is_over_makes_none(database: Database) -> None:
    hub = await a_hub(database)
    ends = clock.now() + HOUR
    ended = await a_key(database, hub, "directory:read", expires_at=clock.iso(ends))
    revoked = await a_key(database, hub, "directory:read")
    await revoke_api_key(database, an_operator(), revoked.key.id, now=clock.now())
    new = NewApiKey(name="Child", hub_id=hub.id, scopes=["directory:read"])
    for maker in (ended, revoked):
        with pytest.raises(NotSignedIn):
            await create_api_key(database, of_key(maker, hub), new, now=ends)


async def test_a_key_gives_no_secret_of_one_that_outlives_it(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    lasting = await a_key(database, hub, "hub:admin")
    brief = await a_key(database, hub, "hub:admin", expires_at=clock.iso(clock.now() + HOUR))
    answer = await membership.acting_as(of_key(brief, hub)).post(f"/api-keys/{lasting.key.id}/rotate", {})
    assert answer.problem()[:2] == (422, "outlives_its_maker")
    for caller, key in ((brief, brief), (lasting, brief), (lasting, lasting)):
        answer = await membership.acting_as(of_key(caller, hub)).post(f"/api-keys/{key.key.id}/rotate", {})
        assert answer.status == 200, answer.body
