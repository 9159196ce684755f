"""Memberships over HTTP. Who is in which hub and group is visible with `directory:read`; who was, only to some."""

from services.membership.memberships import commands, store
from services.membership.memberships.access import may_see
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.membership.memberships import JoinGroup, JoinHub, MembershipChanges, MembershipView
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("memberships")


@ROUTES.post("/groups/{group_id}/members", needs="directory:read", status=201)
async def join(group_id: str, caller: Caller, database: Db, body: JoinGroup | None = None) -> MembershipView:
    """Join an open group, or bring somebody into a group one looks after."""
    asked = body or JoinGroup()
    membership = await commands.join_group(database, caller, group_id, asked.person_id, asked.roles, now=clock.now())
    return MembershipView.of(membership)


@ROUTES.delete("/groups/{group_id}/members/{person_id}", needs="directory:read")
async def leave(group_id: str, person_id: str, caller: Caller, database: Db) -> MembershipView:
    """Leave a group (`me`), or end somebody's membership of a group one looks after."""
    leaving = caller.require_person() if person_id == "me" else person_id
    return MembershipView.of(await commands.leave_group(database, caller, group_id, leaving, now=clock.now()))


@ROUTES.post("/memberships/{membership_id}/accept", needs="directory:read")
async def accept(membership_id: str, caller: Caller, database: Db) -> MembershipView:
    """Say yes to one's membership that somebody else made."""
    return MembershipView.of(await commands.accept_membership(database, caller, membership_id, now=clock.now()))


@ROUTES.patch("/memberships/{membership_id}", needs="directory:read")
async def change(membership_id: str, body: MembershipChanges, caller: Caller, database: Db) -> MembershipView:
    """Say what somebody does for a hub or group the caller looks after; for a hub that takes `hub:admin`."""
    membership = await commands.change_membership(database, caller, membership_id, body, now=clock.now())
    return MembershipView.of(membership)


@ROUTES.delete("/hubs/{hub_id}/members/{person_id}", needs="directory:read")
async def leave_hub(hub_id: str, person_id: str, caller: Caller, database: Db) -> MembershipView:
    """Leave a hub (`me`), or end somebody's membership of a hub one looks after."""
    leaving = caller.require_person() if person_id == "me" else person_id
    return MembershipView.of(await commands.leave_hub(database, caller, hub_id, leaving, now=clock.now()))


@ROUTES.post("/hubs/{hub_id}/members", needs="hub:admin", status=201)
async def add_to_hub(hub_id: str, body: JoinHub, caller: Caller, database: Db) -> MembershipView:
    """Bring somebody into a hub one looks after."""
    membership = await commands.add_to_hub(database, caller, hub_id, body.person_id, body.roles, now=clock.now())
    return MembershipView.of(membership)


@ROUTES.get("/memberships", needs="directory:read")
async def page(
    caller: Caller,
    database: Db,
    paging: Paging,
    group: str | None = None,
    hub: str | None = None,
    person: str | None = None,
) -> Page[MembershipView]:
    """Live memberships, the oldest first: of a group, of a hub itself, of a person."""
    return (await store.page(database, group, hub, person, paging)).map(MembershipView.of)


@ROUTES.post("/memberships/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[MembershipView]:
    """Many memberships at once; past ones only to the person and to who looks after the place."""
    found = await store.by_ids(database, body.ids)
    return [MembershipView.of(membership) for membership in found if may_see(caller, membership)]
