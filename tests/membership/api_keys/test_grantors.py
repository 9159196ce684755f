"""A key opens no more, and no longer, than whoever gave its secret may now."""

from datetime import timedelta
from typing import Any

from services.membership.api_keys.commands import create_api_key, revoke_api_key, rotate_api_key
from services.membership.hubs.model import Hub
from services.membership.memberships.commands import accept_membership, add_to_hub, leave_hub
from services.membership.people.model import Person
from services.membership.principals.commands import introspect
from services.membership.sign_in.tokens import AccessTokens
from shared import clock
from shared.auth import Principal
from shared.contracts.membership.api_keys import NewApiKey, NewApiKeyView
from shared.contracts.membership.memberships import Role
from shared.errors import NotSignedIn
from shared.mongo import Database
from tests.support.membership import a_hub, a_person, acting, an_operator
from tests.support.serving import Client

SIGNER = AccessTokens(b"s" * 32, "https://example.org")
HOUR = timedelta(hours=1)
SCOPES = ["directory:read", "hub:admin"]


async def a_key_of(database: Database, grantor: Principal, hub: Hub, scopes: list[str] | None = None) -> NewApiKeyView:
    """A key that this caller makes for the hub."""
    new = NewApiKey(name="Site", hub_id=hub.id, scopes=scopes or SCOPES)
    return await create_api_key(database, grantor, new, now=clock.now())


async def rotated(database: Database, grantor: Principal, key: NewApiKeyView) -> NewApiKeyView:
    """The key with a new secret from this caller; the one before works for another hour."""
    return await rotate_api_key(database, grantor, key.key.id, HOUR, now=clock.now())


async def opened(database: Database, key: NewApiKeyView) -> Principal | None:
    """Whom the key makes its holder; None when it is refused."""
    try:
        return (await introspect(database, SIGNER, key.secret, now=clock.now())).principal
    except NotSignedIn:
        return None


async def calling(database: Database, key: NewApiKeyView) -> Principal:
    """The key as a caller."""
    principal = await opened(database, key)
    assert principal is not None
    return principal


async def a_steward(database: Database, *hubs: Hub) -> Person:
    """A person who looks after these hubs."""
    person = await a_person(database, hubs[0], Role.STEWARD)
    for hub in hubs[1:]:
        await make_steward(database, hub, person)
    return person


async def make_steward(database: Database, hub: Hub, person: Person) -> None:
    """Let the person look after the hub, who accepts that."""
    joined = await add_to_hub(database, an_operator(), hub.id, person.id, [Role.STEWARD], now=clock.now())
    await accept_membership(database, await acting(database, person), joined.id, now=clock.now())


async def remove(database: Database, hub: Hub, person: Person) -> None:
    """End the person's membership of the hub."""
    await leave_hub(database, an_operator(), hub.id, person.id, now=clock.now())


async def test_a_key_of_a_steward_who_was_removed_reinstates_nobody(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    steward = await a_steward(database, hub)
    key = await a_key_of(database, await acting(database, steward), hub)
    assert await opened(database, key) is not None
    await remove(database, hub, steward)
    assert await opened(database, key) is None
    await make_steward(database, hub, steward)
    assert await opened(database, key) is not None, "it opens again what its grantor may again"


async def test_a_key_says_why_it_has_stopped(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    leaving, staying = await a_steward(database, hub), await a_steward(database, hub)
    key = await a_key_of(database, await acting(database, leaving), hub)
    made = await a_key_of(database, await calling(database, key), hub)
    steward = membership.acting_as(await acting(database, staying))

    async def reasons() -> list[str | None]:
        """Why the two keys have stopped: by their ids and in the list alike."""
        views = (await steward.post("/api-keys/by-ids", {"ids": [key.key.id, made.key.id]})).body
        assert (await steward.get("/api-keys", params={"hub": hub.id})).body["nodes"] == views
        return [view["stopped_reason"] for view in views]

    assert [key.key.stopped_reason, *await reasons()] == [None, None, None]
    await remove(database, hub, leaving)
    assert await reasons() == ["grantor_lost_rights", "grantor_lost_rights"]
    await rotated(database, await acting(database, staying), key)
    assert await reasons() == [None, "grantor_lost_rights"]
    revoked = await steward.post(f"/api-keys/{made.key.id}/revoke")
    assert revoked.body["stopped_reason"] == "revoked"
    assert await reasons() == [None, "revoked"]
    await database["api_keys"].update_one({"_id": key.key.id}, {"$set": {"expires_at": clock.now()}})
    assert await reasons() == ["expired", "revoked"]


async def test_a_key_of_who_is_a_steward_no_more_but_a_member_opens_nothing(database: Database) -> None:
    hub = await a_hub(database)
    steward = await a_steward(database, hub)
    key = await a_key_of(database, await acting(database, steward), hub)
    await add_to_hub(database, an_operator(), hub.id, steward.id, [Role.MEMBER], now=clock.now())
    assert await opened(database, key) is None


async def test_a_key_opens_only_those_of_its_hubs_that_its_giver_still_looks_after(database: Database) -> None:
    top = await a_hub(database)
    below = await a_hub(database, top)
    steward = await a_steward(database, top, below)
    key = await a_key_of(database, await acting(database, steward), top)
    assert (await calling(database, key)).steward_of == {top.id, below.id}
    await remove(database, top, steward)
    principal = await calling(database, key)
    assert principal.steward_of == principal.hubs == {below.id}


async def test_a_key_says_on_whom_it_depends(database: Database) -> None:
    hub = await a_hub(database)
    steward = await a_steward(database, hub)
    first = await a_key_of(database, await acting(database, steward), hub)
    second = await a_key_of(database, await calling(database, first), hub)
    resolved = await introspect(database, SIGNER, second.secret, now=clock.now())
    assert set(resolved.depends_on) == {second.key.id, first.key.id, steward.id, "hubs"}


async def test_keys_made_by_keys_end_with_the_person_they_began_with(database: Database) -> None:
    hub = await a_hub(database)
    steward = await a_steward(database, hub)
    first = await a_key_of(database, await acting(database, steward), hub)
    second = await a_key_of(database, await calling(database, first), hub)
    third = await a_key_of(database, await calling(database, second), hub, ["directory:read"])
    await remove(database, hub, steward)
    assert [await opened(database, key) for key in (first, second, third)] == [None, None, None]


async def test_a_key_that_an_operator_made_stays_when_stewards_go(database: Database) -> None:
    hub = await a_hub(database)
    steward = await a_steward(database, hub)
    operator = await create_api_key(
        database, an_operator(), NewApiKey(name="Operator", scopes=["community:admin"]), now=clock.now()
    )
    key = await a_key_of(database, await calling(database, operator), hub)
    await remove(database, hub, steward)
    assert (await calling(database, key)).scopes == set(SCOPES)
    await revoke_api_key(database, an_operator(), operator.key.id, now=clock.now())
    assert await opened(database, key) is None


async def test_another_steward_takes_a_key_over_by_rotating_it(database: Database) -> None:
    hub = await a_hub(database)
    leaving, staying = await a_steward(database, hub), await a_steward(database, hub)
    site = await a_key_of(database, await acting(database, leaving), hub)
    made = await a_key_of(database, await calling(database, site), hub)
    taken_over = await rotated(database, await acting(database, staying), site)
    assert await opened(database, site) is not None, "until its grantor leaves, or the overlap is over"
    await remove(database, hub, leaving)
    assert await opened(database, taken_over) is not None
    assert await opened(database, site) is None, "the secret that the one who left may have kept"
    assert await opened(database, made) is None, "and what was made with it"
    later = await a_key_of(database, await calling(database, taken_over), hub)
    assert await opened(database, later) is not None
    await remove(database, hub, staying)
    assert [await opened(database, key) for key in (taken_over, later)] == [None, None]


async def test_a_key_of_a_steward_who_left_can_still_be_taken_over(database: Database) -> None:
    hub = await a_hub(database)
    leaving, staying = await a_steward(database, hub), await a_steward(database, hub)
    site = await a_key_of(database, await acting(database, leaving), hub)
    await remove(database, hub, leaving)
    assert await opened(database, await rotated(database, await acting(database, staying), site)) is not None


async def test_a_secret_that_a_key_gave_ends_with_that_key(database: Database) -> None:
    hub = await a_hub(database)
    site = await a_key_of(database, an_operator(), hub)
    rotating = await a_key_of(database, an_operator(), hub)
    new = await rotated(database, await calling(database, rotating), site)
    assert await opened(database, new) is not None
    await revoke_api_key(database, an_operator(), rotating.key.id, now=clock.now())
    assert await opened(database, new) is None
    assert await opened(database, site) is not None, "its own secret, which the other key never knew"


async def test_a_key_that_rotates_itself_depends_on_whom_it_did_before(database: Database) -> None:
    hub = await a_hub(database)
    steward = await a_steward(database, hub)
    key = await a_key_of(database, await acting(database, steward), hub)
    for _ in range(3):
        key = await rotated(database, await calling(database, key), key)
    resolved = await introspect(database, SIGNER, key.secret, now=clock.now())
    assert sorted(resolved.depends_on) == sorted([key.key.id, "hubs", steward.id])
    await remove(database, hub, steward)
    assert await opened(database, key) is None


async def test_a_key_from_before_grantors_were_noted_depends_on_its_makers(database: Database) -> None:
    hub = await a_hub(database)
    steward = await a_steward(database, hub)
    first = await a_key_of(database, await acting(database, steward), hub)
    second = await a_key_of(database, await calling(database, first), hub)
    made: Any = {"_id": {"$in": [first.key.id, second.key.id]}}
    await database["api_keys"].update_many(made, {"$unset": {"secrets.$[].given_by": ""}})
    assert [await opened(database, key) is not None for key in (first, second)] == [True, True]
    taken_over = await rotated(database, await acting(database, await a_steward(database, hub)), first)
    await remove(database, hub, steward)
    assert [await opened(database, key) for key in (first, second)] == [None, None]
    assert await opened(database, taken_over) is not None
