"""Memberships over HTTP. Everybody with `directory:read` sees live ones; only some see past ones."""

from typing import Annotated

from fastapi import Query

from services.membership.memberships import commands, store
from services.membership.memberships.access import may_see
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.membership.memberships import (
    JoinGroup,
    JoinHub,
    MembershipChanges,
    MembershipOrder,
    MembershipView,
    Role,
)
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("memberships")


@ROUTES.post("/groups/{group_id}/members", needs="directory:read", status=201)
async def join(group_id: str, caller: Caller, database: Db, body: JoinGroup | None = None) -> MembershipView:
    """Join an open group, or add somebody to a group that the caller manages."""
    asked = body or JoinGroup()
    membership = await commands.join_group(database, caller, group_id, asked.person_id, asked.roles, now=clock.now())
    return MembershipView.of(membership)


@ROUTES.delete("/groups/{group_id}/members/{person_id}", needs="directory:read")
async def leave(group_id: str, person_id: str, caller: Caller, database: Db) -> MembershipView:
    """Leave a group (`me`), or end somebody's membership of a group that the caller manages."""
    leaving = caller.require_person() if person_id == "me" else person_id
    return MembershipView.of(await commands.leave_group(database, caller, group_id, leaving, now=clock.now()))


@ROUTES.post("/memberships/{membership_id}/accept", needs="directory:read")
async def accept(membership_id: str, caller: Caller, database: Db) -> MembershipView:
    """Accept one's own membership that somebody else made."""
    return MembershipView.of(await commands.accept_membership(database, caller, membership_id, now=clock.now()))


@ROUTES.patch("/memberships/{membership_id}", needs="directory:read")
async def change(membership_id: str, body: MembershipChanges, caller: Caller, database: Db) -> MembershipView:
    """Change somebody's roles in a group that the caller manages, or, with `hub:admin`, in a hub they look after."""
    membership = await commands.change_membership(database, caller, membership_id, body, now=clock.now())
    return MembershipView.of(membership)


@ROUTES.delete("/hubs/{hub_id}/members/{person_id}", needs="directory:read")
async def leave_hub(hub_id: str, person_id: str, caller: Caller, database: Db) -> MembershipView:
    """Leave a hub (`me`), or end somebody's membership of a hub that the caller administers."""
    leaving = caller.require_person() if person_id == "me" else person_id
    return MembershipView.of(await commands.leave_hub(database, caller, hub_id, leaving, now=clock.now()))


@ROUTES.post("/hubs/{hub_id}/members", needs="hub:admin", status=201)
async def add_to_hub(hub_id: str, body: JoinHub, caller: Caller, database: Db) -> MembershipView:
    """Add somebody to a hub that the caller looks after."""
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
    role: Annotated[list[Role], Query()] = [],  # noqa: B006 FastAPI copies it
    accepted: bool | None = None,
    order: MembershipOrder = MembershipOrder.OLDEST,
) -> Page[MembershipView]:
    """Live memberships. `group`, `hub`, `person`: only of this group, hub itself, person. `role`: with any of these
    roles. `accepted`: only those that the person has accepted, or only those they have not."""
    found = await store.page(database, group, hub, person, paging, roles=role, accepted=accepted, order=order)
    return found.map(MembershipView.of)


@ROUTES.post("/memberships/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[MembershipView]:
    """Many memberships at once. Past ones that the caller may not see are left out."""
    found = await store.by_ids(database, body.ids)
    return [MembershipView.of(membership) for membership in found if may_see(caller, membership)]
