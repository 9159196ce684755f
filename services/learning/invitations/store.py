"""Invitations in MongoDB: `invitations`, one document per event."""

from collections.abc import Sequence
from datetime import datetime

from services.learning.invitations.model import Invitation, Viewer
from shared.contracts.events.events import EventVisibility
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import Store

NEWEST_FIRST = (("opened_at", -1), ("_id", -1))
INVITATIONS = Store(
    "invitations",
    Invitation,
    prefix="inv",
    indexes=[
        Index([("event_id", 1)], unique=True),
        Index(NEWEST_FIRST),
        Index([("hub_id", 1), *NEWEST_FIRST]),
        Index([("group_id", 1), *NEWEST_FIRST], where={"group_id": {"$type": "string"}}),
    ],
)


def visible_to(viewer: Viewer) -> Document:
    """The MongoDB filter for invitations to events that the viewer may see."""
    of_hub: Document = {"visibility": EventVisibility.HUB}
    if not viewer.every_hub:
        of_hub["hub_id"] = {"$in": sorted(viewer.hubs)}
    return {
        "$or": [
            {"visibility": {"$in": [EventVisibility.PUBLIC, EventVisibility.COMMUNITY]}},
            of_hub,
            {"visibility": EventVisibility.GROUP, "group_id": {"$in": sorted(viewer.groups)}},
        ]
    }


def asked_for(*, events: Sequence[str], groups: Sequence[str], hubs: Sequence[str]) -> Document:
    """The MongoDB filter a list is narrowed by: any of these events, of these groups and of these hubs.

    An empty list of ids narrows nothing. Cursors belong to the filter, which is the same for ids in any order.
    """
    wanted = {"event_id": events, "group_id": groups, "hub_id": hubs}
    return {field: {"$in": sorted(set(ids))} for field, ids in wanted.items() if ids}


async def page_of_open(
    database: Database, viewer: Viewer, asked: Document, request: PageRequest, now: datetime
) -> Page[Invitation]:
    """The invitations that are open now and that the viewer may see, newest first.

    No other order: they are open for 30 days, and the newest is the one to answer.
    """
    visible = {"closes_at": {"$gt": now}, **visible_to(viewer)}
    return await INVITATIONS.page(database, asked, request, order=NEWEST_FIRST, visible=visible)
