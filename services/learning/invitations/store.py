"""Invitations in MongoDB: `invitations`, one document an event."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.learning.invitations.model import Invitation
from shared.contracts.events.events import EventVisibility
from shared.mongo import Database, Document, Index, Transaction
from shared.paging import Page, PageRequest, read_page

INVITATIONS = "invitations"
NEWEST_FIRST = (("opened_at", -1), ("_id", -1))
INDEXES: Mapping[str, Sequence[Index]] = {
    INVITATIONS: [
        Index([("event_id", 1)], unique=True),
        Index(list(NEWEST_FIRST)),
        Index([("hub_id", 1), *NEWEST_FIRST]),
        Index([("group_id", 1), *NEWEST_FIRST], where={"group_id": {"$type": "string"}}),
    ]
}


@dataclass(frozen=True)
class InvitationFilter:
    """Which invitations are wanted, and what the caller may see: its groups, its hubs, every hub."""

    groups: tuple[str, ...]
    hubs: tuple[str, ...]
    every_hub: bool
    event_id: str | None = None
    group_id: str | None = None
    hub_ids: tuple[str, ...] = ()

    def scope(self) -> str:
        """Names the list a cursor belongs to."""
        return f"invitations:{self.event_id}:{self.group_id}:{sorted(self.hub_ids)}"

    def query(self, now: datetime) -> Document:
        """The MongoDB filter: open, wanted, and of an event the caller may see."""
        hub_ways: Document = {"visibility": EventVisibility.HUB.value}
        if not self.every_hub:
            hub_ways["hub_id"] = {"$in": sorted(self.hubs)}
        wanted: Document = {
            "event_id": self.event_id,
            "group_id": self.group_id,
            "hub_id": {"$in": list(self.hub_ids)} if self.hub_ids else None,
        }
        return {
            **{name: value for name, value in wanted.items() if value is not None},
            "closes_at": {"$gt": now},
            "$or": [
                {"visibility": {"$in": [EventVisibility.PUBLIC.value, EventVisibility.COMMUNITY.value]}},
                hub_ways,
                {"visibility": EventVisibility.GROUP.value, "group_id": {"$in": sorted(self.groups)}},
            ],
        }


async def exists_for(transaction: Transaction, event_id: str) -> bool:
    """Whether those who were at this event are invited already."""
    found = await transaction.database[INVITATIONS].find_one({"event_id": event_id}, {"_id": 1})
    return found is not None


async def add(transaction: Transaction, invitation: Invitation) -> None:
    """Keep a new invitation."""
    document = invitation.model_dump(mode="python", exclude={"id"})
    document["visibility"] = invitation.visibility.value
    await transaction.database[INVITATIONS].insert_one({"_id": invitation.id, **document})


async def page(database: Database, wanted: InvitationFilter, request: PageRequest, now: datetime) -> Page[Invitation]:
    """The open invitations a caller may see, newest first."""
    where, scope = wanted.query(now), wanted.scope()
    return await read_page(
        database[INVITATIONS], where, request, NEWEST_FIRST, [datetime, str], _invitation, scope=scope
    )


def _invitation(document: Document) -> Invitation:
    fields = {name: value for name, value in document.items() if name != "_id"}
    return Invitation.model_validate({"id": document["_id"], **fields})
