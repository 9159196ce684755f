"""Events in MongoDB: the collection `events`, its indexes, its queries."""

from collections.abc import AsyncIterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from services.events.access import OPEN_TO_ALL, Viewer, may_look_after
from services.events.gatherings.model import Event, EventFilter
from shared.errors import NotFound
from shared.ids import prefix_of
from shared.mongo import Database, Document, Index, ReturnDocument, Transaction, save_versioned
from shared.paging import Page, PageRequest, read_page

COLLECTION = "events"
INDEXES = {
    COLLECTION: [
        Index([("starts_at", 1), ("_id", 1)]),
        Index([("hub_id", 1), ("starts_at", 1), ("_id", 1)]),
        Index([("group_id", 1), ("starts_at", 1), ("_id", 1)]),
        Index([("themes", 1), ("starts_at", 1), ("_id", 1)]),
        Index([("organiser_ids", 1), ("starts_at", 1), ("_id", 1)]),
        Index([("status", 1), ("ends_at", 1)]),
        Index([("starts_at", 1)], where={"status": "published", "waitlist_count": {"$gt": 0}}, name="with_a_line"),
    ]
}
ORDER = [("starts_at", 1), ("_id", 1)]


def document(event: Event) -> Document:
    """An event as MongoDB keeps it."""
    fields = event.model_dump()
    return {"_id": fields.pop("id"), **fields}


def event(kept: Mapping[str, Any]) -> Event:
    """An event out of what MongoDB keeps."""
    return Event.model_validate({**kept, "id": kept["_id"]})


async def add(tx: Transaction, new: Event) -> None:
    """Keep a new event."""
    await tx.database[COLLECTION].insert_one(document(new))


async def save(tx: Transaction, changed: Event) -> None:
    """Keep a changed event. Raises `Stale` when somebody else changed it meanwhile."""
    await save_versioned(tx.database[COLLECTION], document(changed))


async def find(database: Database, event_id: str) -> Event | None:
    """The event, read in the transaction the caller stands in, if it does."""
    if prefix_of(event_id) != "evt":
        return None
    kept = await database[COLLECTION].find_one({"_id": event_id})
    return None if kept is None else event(kept)


async def get(database: Database, event_id: str) -> Event:
    """The event. Raises `NotFound`."""
    found = await find(database, event_id)
    if found is None:
        raise NotFound
    return found


async def hold_line(tx: Transaction, event_id: str) -> Event:
    """The event, with `line` one further. Raises `NotFound`.

    Written first in a transaction, so that of two which change the registrations of one event at the same time the
    later one fails at its first step, before it has done any work.
    """
    if prefix_of(event_id) != "evt":
        raise NotFound
    kept = await tx.database[COLLECTION].find_one_and_update(
        {"_id": event_id}, {"$inc": {"line": 1}}, return_document=ReturnDocument.AFTER
    )
    if kept is None:
        raise NotFound
    return event(kept)


async def save_counts(tx: Transaction, changed: Event) -> None:
    """Keep how many are confirmed and how many wait."""
    counts = {"confirmed_count": changed.confirmed_count, "waitlist_count": changed.waitlist_count}
    await tx.database[COLLECTION].update_one({"_id": changed.id}, {"$set": counts})


def visible_to(viewer: Viewer) -> Document:
    """The filter of the events this viewer may see: `access.can_see`, said to the database."""
    looks_after = may_look_after(viewer)
    if looks_after and viewer.everywhere:
        return {}
    published = {"published_at": {"$ne": None}}
    ways: list[Document] = [
        {**published, "visibility": {"$in": [str(visibility) for visibility in OPEN_TO_ALL]}},
        {**published, "visibility": "hub", "hub_id": {"$in": sorted(viewer.hubs)}},
        {**published, "visibility": "group", "group_id": {"$in": sorted(viewer.groups)}},
    ]
    if looks_after:
        ways.append({"hub_id": {"$in": sorted(viewer.steward_of)}})
        ways.append({"group_id": {"$in": sorted(viewer.convenes)}})
    if looks_after and viewer.person_id is not None:
        ways.append({"organiser_ids": viewer.person_id})
    return {"$or": ways}


async def page(database: Database, viewer: Viewer, asked: EventFilter, wanted: PageRequest) -> Page[Event]:
    """Events that were asked for and may be seen, by start. A cursor of other filters is refused."""
    return await read_page(
        database[COLLECTION], _filter(asked), wanted, ORDER, [datetime, str], event, visible=visible_to(viewer)
    )


async def by_ids(database: Database, viewer: Viewer, ids: Sequence[str]) -> list[Event]:
    """Those of these events that may be seen; anything else is left out."""
    wanted = [one for one in dict.fromkeys(ids) if prefix_of(one) == "evt"]
    if not wanted:
        return []
    found = database[COLLECTION].find({"$and": [{"_id": {"$in": wanted}}, visible_to(viewer)]})
    return [event(kept) async for kept in found]


async def ended(database: Database, now: datetime, limit: int) -> AsyncIterator[str]:
    """Ids of published events that have ended by now, at most `limit`."""
    found = database[COLLECTION].find({"status": "published", "ends_at": {"$lte": now}}, {"_id": 1}).limit(limit)
    async for kept in found:
        yield kept["_id"]


async def with_seats_for_who_waits(database: Database, now: datetime, limit: int) -> list[str]:
    """Ids of events that have not started, with free seats and people who wait; at most `limit`, the soonest first."""
    where: Document = {
        "status": "published",
        "waitlist_count": {"$gt": 0},
        "starts_at": {"$gt": now},
        "$expr": {"$or": [{"$eq": ["$capacity", None]}, {"$lt": ["$confirmed_count", "$capacity"]}]},
    }
    found = database[COLLECTION].find(where, {"_id": 1}).sort("starts_at", 1).limit(limit)
    return [kept["_id"] async for kept in found]


async def open_among(tx: Transaction, ids: Sequence[str], now: datetime) -> list[Event]:
    """Those of these events that are published and have not started, in a fixed order."""
    where = {"_id": {"$in": list(ids)}, "status": "published", "starts_at": {"$gt": now}}
    found = tx.database[COLLECTION].find(where).sort("_id", 1)
    return [event(kept) async for kept in found]


def _filter(asked: EventFilter) -> Document:
    """What was asked for, always in the same words."""
    clauses: list[Document] = []
    if asked.hubs:
        clauses.append({"hub_id": {"$in": sorted(asked.hubs)}})
    if asked.group is not None:
        clauses.append({"group_id": asked.group})
    if asked.since is not None:
        clauses.append({"starts_at": {"$gte": asked.since}})
    if asked.until is not None:
        clauses.append({"starts_at": {"$lt": asked.until}})
    if asked.themes:
        clauses.append({"themes": {"$in": sorted(asked.themes)}})
    if asked.statuses:
        clauses.append({"status": {"$in": sorted(asked.statuses)}})
    return {"$and": clauses} if clauses else {}
