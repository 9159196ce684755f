"""Builders for tests of membership: principals as the gateway would make them, and hubs, groups and people."""

from datetime import datetime
from itertools import count
from typing import Any

from services.membership.groups.commands import create_group
from services.membership.groups.model import Group
from services.membership.hubs.commands import create_hub
from services.membership.hubs.model import Hub
from services.membership.memberships.commands import accept_membership, add_to_hub, join_group
from services.membership.people.commands import add_person
from services.membership.people.model import Person
from services.membership.principals.people import person_principal
from services.membership.sign_in import store
from services.membership.sign_in.codes import address_hash
from services.membership.sign_in.commands import make_code, request_code
from shared import clock
from shared.auth import PERSON_SCOPES, Principal, service_principal
from shared.contracts.membership.groups import NewGroup
from shared.contracts.membership.hubs import NewHub
from shared.contracts.membership.memberships import Role
from shared.contracts.membership.people import NewPerson
from shared.ids import new_id
from shared.messaging.envelope import unseal
from shared.mongo import Database
from tests.support.callers import an_operator as an_operator

GATEWAY = service_principal("gateway")
NOTIFY = service_principal("notify")
_numbers = count(1)


def a_hub_key(hub: Hub, *scopes: str, below: tuple[Hub, ...] = ()) -> Principal:
    """A key of a hub; by default with `directory:read` and `hub:admin`."""
    hubs = frozenset({hub.id, *(other.id for other in below)})
    opened = frozenset(scopes or ("directory:read", "hub:admin"))
    return Principal(kind="client", id=new_id("key"), scopes=opened, hubs=hubs, steward_of=hubs)


def a_reader() -> Principal:
    """A key that may read the directory; its hub does not exist."""
    return Principal(kind="client", id=new_id("key"), scopes=frozenset({"directory:read"}), hubs={new_id("hub")})


def somebody() -> Principal:
    """A calling person who is not in the database."""
    return Principal(kind="person", id=new_id("per"), scopes=PERSON_SCOPES)


async def acting(database: Database, person: Person) -> Principal:
    """The principal of a person, by their current memberships."""
    return await person_principal(database, person.id, clock.now())


async def a_hub(database: Database, parent: Hub | None = None, **more: Any) -> Hub:
    """Create a hub, at the top or below another."""
    number = next(_numbers)
    about = {"slug": f"hub-{number}", "name": f"Hub {number}", "kind": "regional"}
    new = NewHub(**{**about, "parent_id": parent.id if parent else None, **more})
    return await create_hub(database, an_operator(), new, now=clock.now())


async def a_group(database: Database, hub: Hub, **more: Any) -> Group:
    """Create a group of a hub, which anybody may join."""
    number = next(_numbers)
    about = {"slug": f"group-{number}", "name": f"Group {number}", "domain": "homelessness", "hub_id": hub.id}
    return await create_group(database, an_operator(), NewGroup(**{**about, **more}), now=clock.now())


async def a_person(database: Database, hub: Hub | None = None, *roles: Role, **more: Any) -> Person:
    """Create a person; with `hub`, also a membership in it with these roles, which they have accepted."""
    number = next(_numbers)
    about = {"name": f"Person {number}", "email": f"person-{number}@example.org", "hub_id": hub.id if hub else None}
    person = await add_person(database, an_operator(), NewPerson(**{**about, **more}), now=clock.now())
    if hub is not None:
        joined = await add_to_hub(database, an_operator(), hub.id, person.id, roles, now=clock.now())
        await accept_membership(database, await acting(database, person), joined.id, now=clock.now())
    return person


async def a_member(database: Database, group: Group, *roles: Role, now: datetime | None = None, **more: Any) -> Person:
    """Create a person in a group with these roles, who has accepted; they are in its hub only if `hub` is set."""
    person = await a_person(database, **more)
    joined = await join_group(database, an_operator(), group.id, person.id, roles, now=now or clock.now())
    await accept_membership(database, await acting(database, person), joined.id, now=clock.now())
    return person


async def messages(database: Database, topic: str, subject: str | None = None) -> list[dict[str, Any]]:
    """The recorded messages of this topic as CloudEvents documents, oldest first."""
    rows = [row async for row in database["outbox"].find({"type": f"{topic}.v1"}).sort("_id", 1)]
    found = [unseal(bytes(row["body"])).model_dump() for row in rows]
    return [one for one in found if subject is None or one["subject"] == subject]


async def mail_a_code(database: Database, secret: bytes, address: str, now: datetime) -> str:
    """Request and create a code, as notify would when it sends the mail; return the code."""
    await request_code(database, secret, address, now=now)
    return (await make_code(database, secret, await newest_request(database, secret, address), now=now)).code


async def newest_request(database: Database, secret: bytes, address: str) -> str:
    """The id of an address's latest request."""
    where = {"address_hash": address_hash(secret, address)}
    [row] = await store.REQUESTS.of(database).find(where).sort("_id", -1).limit(1).to_list()
    return str(row["_id"])
