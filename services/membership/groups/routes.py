"""Groups over HTTP. Everyone with `directory:read` sees every group."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import Query

from services.membership.groups import commands, store
from services.membership.groups.access import can_change, can_join
from services.membership.groups.model import Group
from services.membership.hubs import store as hubs
from services.membership.memberships import store as memberships
from shared import clock
from shared.app import Caller, Db, Paging
from shared.auth import Principal
from shared.contracts.membership.groups import GroupChanges, GroupOrder, GroupView, JoinPolicy, NewGroup
from shared.contracts.view import ByIds
from shared.enums import Theme
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("groups")


@ROUTES.post("/groups", needs="hub:admin", status=201)
async def create(body: NewGroup, caller: Caller, database: Db) -> GroupView:
    """Create a group in a hub that the caller looks after."""
    return await view_of(database, caller, await commands.create_group(database, caller, body, now=clock.now()))


@ROUTES.patch("/groups/{group_id}", needs="directory:read")
async def change(group_id: str, body: GroupChanges, caller: Caller, database: Db) -> GroupView:
    """Change a group that the caller manages. Fields that are not sent stay as they are."""
    return await view_of(
        database, caller, await commands.change_group(database, caller, group_id, body, now=clock.now())
    )


@ROUTES.post("/groups/{group_id}/archive", needs="directory:read")
async def archive(group_id: str, caller: Caller, database: Db) -> GroupView:
    """Archive a group that the caller manages: they convene it or look after its hub."""
    return await view_of(database, caller, await commands.archive_group(database, caller, group_id, now=clock.now()))


@ROUTES.post("/groups/{group_id}/restore", needs="directory:read")
async def restore(group_id: str, caller: Caller, database: Db) -> GroupView:
    """Open an archived group again that the caller convenes or whose hub they look after."""
    return await view_of(database, caller, await commands.restore_group(database, caller, group_id, now=clock.now()))


@ROUTES.get("/groups", needs="directory:read")
async def page(
    caller: Caller,
    database: Db,
    paging: Paging,
    hub: str | None = None,
    theme: Annotated[list[Theme], Query()] = [],  # noqa: B006 FastAPI copies it
    domain: Annotated[str | None, Query(max_length=200)] = None,
    join_policy: Annotated[list[JoinPolicy], Query()] = [],  # noqa: B006
    include_archived: bool = False,
    order: GroupOrder = GroupOrder.NAME,
) -> Page[GroupView]:
    """Groups. `hub`: in this hub or below it. `theme`, `join_policy`: of any of these. `domain`: of exactly this one.
    `include_archived`: archived groups too."""
    hub_ids = None if hub is None else await hubs.ids_at_or_below(database, [hub])
    scope = f"groups:{hub}:{sorted(theme)}:{include_archived}:{domain!r}:{sorted(join_policy)}"
    found = await store.page(
        database, hub_ids, theme, domain, join_policy, order, paging, scope, archived=include_archived
    )
    views = {view.id: view for view in await views_of(database, caller, found.nodes)}
    return found.map(lambda group: views[group.id])


@ROUTES.post("/groups/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[GroupView]:
    """Many groups at once."""
    return await views_of(database, caller, await store.by_ids(database, body.ids))


@ROUTES.get("/groups/by-slug/{slug}", needs="directory:read")
async def by_slug(slug: str, caller: Caller, database: Db) -> GroupView:
    """One group by its slug."""
    return await view_of(database, caller, await store.get_by_slug(database, slug))


async def view_of(database: Db, principal: Principal, group: Group) -> GroupView:
    """The group, with the caller's own membership and permissions."""
    return (await views_of(database, principal, [group]))[0]


async def views_of(database: Db, principal: Principal, groups: Sequence[Group]) -> list[GroupView]:
    """These groups, each with the caller's own membership and permissions. Only a steward's answer needs their hubs."""
    person = principal.person_id
    own = await memberships.own_in_groups(database, person, [group.id for group in groups])
    above = await hubs.by_ids(database, {group.hub_id for group in groups}) if principal.steward_of else []
    hub_of = {hub.id: hub for hub in above}
    unfounded = [group.id for group in groups if person is not None and not group.founded]
    convened = await memberships.with_convener(database, unfounded)
    return [
        GroupView.of(
            group,
            viewer_membership_id=own.get(group.id),
            viewer_can_join=can_join(
                principal, group, hub_of.get(group.hub_id), is_in=group.id in own, has_convener=group.id in convened
            ),
            viewer_can_update=can_change(principal, group, hub_of.get(group.hub_id)),
        )
        for group in groups
    ]
