"""The door to invitations. Reading needs `learning:read`."""

from typing import Annotated

from fastapi import Query

from services.learning.invitations import model, store
from services.learning.invitations.store import InvitationFilter
from shared import clock
from shared.app import Caller, Db, Paging
from shared.contracts.events.events import EventId
from shared.contracts.learning.invitations import InvitationView
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("invitations")


@ROUTES.get("/invitations", needs="learning:read")
async def list_invitations(
    database: Db,
    caller: Caller,
    paging: Paging,
    event: EventId | None = None,
    group: GroupId | None = None,
    hub: Annotated[list[HubId] | None, Query()] = None,
) -> Page[InvitationView]:
    """The open invitations to reflect on events the caller may see, newest first."""
    wanted = InvitationFilter(
        groups=tuple(caller.groups) if caller.kind == "person" else (),
        hubs=tuple(caller.hubs | caller.steward_of),
        every_hub=caller.everywhere,
        event_id=event,
        group_id=group,
        hub_ids=tuple(hub or ()),
    )
    found = await store.page(database, wanted, paging, clock.now())
    return found.map(model.show)
