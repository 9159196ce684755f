"""Invitations over HTTP. Reading needs `learning:read`."""

from typing import Annotated

from fastapi import Query

from services.learning.invitations import model, store
from services.learning.invitations.model import Viewer
from services.learning.invitations.store import INVITATIONS
from shared import clock
from shared.app import Caller, Db, Paging
from shared.auth import Principal
from shared.contracts.events.events import EventId
from shared.contracts.learning.invitations import InvitationView
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("invitations")
MOST_VALUES = 100
"""How many values one filter of a list takes."""


def _viewer(caller: Principal) -> Viewer:
    """The caller as a `Viewer`. A key is in no group."""
    groups = frozenset(caller.groups) if caller.kind == "person" else frozenset[str]()
    return Viewer(groups=groups, hubs=caller.hubs | caller.steward_of, every_hub=caller.everywhere)


@ROUTES.get("/invitations", needs="learning:read")
async def list_invitations(
    database: Db,
    caller: Caller,
    paging: Paging,
    event: Annotated[list[EventId], Query(max_length=MOST_VALUES)] = [],  # noqa: B006 FastAPI copies defaults
    group: Annotated[list[GroupId], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    hub: Annotated[list[HubId], Query()] = [],  # noqa: B006
) -> Page[InvitationView]:
    """The open invitations to reflect on events the caller may see, newest first.

    A filter can be repeated: an invitation must have any of its values, for each filter.
    """
    asked = store.asked_for(events=event, groups=group, hubs=hub)
    found = await store.page_of_open(database, _viewer(caller), asked, paging, clock.now())
    return found.map(model.show)


@ROUTES.post("/invitations/by-ids", needs="learning:read")
async def invitations_by_ids(body: ByIds, database: Db, caller: Caller) -> list[InvitationView]:
    """Those of these invitations whose event the caller may see, closed ones too, in no particular order."""
    found = await INVITATIONS.by_ids(database, body.ids, store.visible_to(_viewer(caller)))
    return [model.show(invitation) for invitation in found]
