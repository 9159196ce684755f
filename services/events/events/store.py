"""Events: the collection `events`, its indexes, its queries."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.events.access import Viewer, may_look_after
from services.events.events.model import AudienceCheck, Event, EventFilter
from services.events.events.rules import OPEN_TO_ALL
from shared.contracts.events.events import EventOrder, EventStatus
from shared.errors import NotFound
from shared.mongo import Database, Document, Index, ReturnDocument
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store

BY_START: Order = (("starts_at", 1), ("_id", 1))
ORDERS: Mapping[EventOrder, Order] = {
    EventOrder.STARTS_FIRST: BY_START,
    EventOrder.STARTS_LAST: (("starts_at", -1), ("_id", -1)),
    EventOrder.NEWEST: NEWEST_FIRST,
    EventOrder.OLDEST: BY_ID,
}
_NARROWED_BY = ("hub_id", "group_id", "themes", "organiser_ids", "kind", "status", "languages")
EVENTS = Store(
    "events",
    Event,
    prefix="evt",
    indexes=[
        Index(BY_START),
        *(Index([(field, 1), *order]) for field in _NARROWED_BY for order in (BY_START, BY_ID)),
        Index([("status", 1), ("ends_at", 1)]),
        Index([("starts_at", 1)], where={"status": "published", "waitlist_count": {"$gt": 0}}, name="with_a_line"),
        Index([("starts_at", 1)], where={"audience_check": {"$type": "object"}}, name="with_audience_check"),
    ],
)
add, save, find, get = EVENTS.add, EVENTS.save, EVENTS.find, EVENTS.get


async def hold_line(database: Database, event_id: str) -> Event:
    """The event, with `line` one further. Raises `NotFound`.

    Written first in a transaction, so that of two which change the registrations of one event at the same time the
    later one fails at its first step, before it has done any work.
    """
    changed = await EVENTS.of(database).find_one_and_update(
        {"_id": event_id}, {"$inc": {"line": 1}}, return_document=ReturnDocument.AFTER
    )
    if changed is None:
        raise NotFound
    return EVENTS.read(changed)


async def save_counts(database: Database, changed: Event) -> None:
    """Keep how many are confirmed and how many wait."""
    counts = {"confirmed_count": changed.confirmed_count, "waitlist_count": changed.waitlist_count}
    await EVENTS.of(database).update_one({"_id": changed.id}, {"$set": counts})


async def with_audience_check(database: Database, limit: int) -> list[str]:
    """Ids of events whose registered people membership is still to be asked about; at most `limit`."""
    found = EVENTS.of(database).find({"audience_check": {"$type": "object"}}, {"_id": 1}, limit=limit)
    return [row["_id"] async for row in found.sort([("starts_at", 1)])]


async def save_audience_check(database: Database, event_id: str, check: AudienceCheck | None) -> None:
    """Keep how far membership has been asked; `None`: about everybody."""
    kept = None if check is None else check.model_dump()
    await EVENTS.of(database).update_one({"_id": event_id}, {"$set": {"audience_check": kept}})


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


async def page(
    database: Database, viewer: Viewer, asked: EventFilter, order: EventOrder, request: PageRequest
) -> Page[Event]:
    """Events that were asked for and may be seen. A cursor of other filters or another order is refused."""
    return await EVENTS.page(database, _filter(asked), request, order=ORDERS[order], visible=visible_to(viewer))


async def by_ids(database: Database, viewer: Viewer, ids: Sequence[str]) -> list[Event]:
    """Those of these events that may be seen; anything else is left out."""
    return await EVENTS.by_ids(database, ids, visible_to(viewer))


async def ended(database: Database, now: datetime, limit: int) -> list[str]:
    """Ids of published events that have ended by now, at most `limit`."""
    where = {"status": EventStatus.PUBLISHED, "ends_at": {"$lte": now}}
    return [row["_id"] async for row in EVENTS.of(database).find(where, {"_id": 1}, limit=limit)]


async def with_seats_for_those_who_wait(database: Database, now: datetime, limit: int) -> list[str]:
    """Ids of events that have not started, with free seats and people who wait; at most `limit`, the soonest first."""
    where: Document = {
        "status": EventStatus.PUBLISHED,
        "waitlist_count": {"$gt": 0},
        "starts_at": {"$gt": now},
        "$expr": {"$or": [{"$eq": ["$capacity", None]}, {"$lt": ["$confirmed_count", "$capacity"]}]},
    }
    found = EVENTS.of(database).find(where, {"_id": 1}, limit=limit).sort([("starts_at", 1)])
    return [row["_id"] async for row in found]


async def open_among(database: Database, ids: Sequence[str], now: datetime) -> list[Event]:
    """Those of these events that are published and have not started, in a fixed order."""
    where = {"_id": {"$in": list(ids)}, "status": EventStatus.PUBLISHED, "starts_at": {"$gt": now}}
    return await EVENTS.all_where(database, where, BY_ID)


def _filter(asked: EventFilter) -> Document:
    """What was asked for, always in the same form: a cursor belongs to it."""
    clauses: list[Document] = []
    if asked.hubs:
        clauses.append({"hub_id": {"$in": sorted(asked.hubs)}})
    if asked.group is not None:
        clauses.append({"group_id": asked.group})
    if asked.since is not None:
        clauses.append({"starts_at": {"$gte": asked.since}})
    if asked.until is not None:
        clauses.append({"starts_at": {"$lt": asked.until}})
    any_of = {
        "themes": asked.themes,
        "status": asked.statuses,
        "kind": asked.kinds,
        "visibility": asked.visibilities,
        "languages": asked.languages,
    }
    clauses.extend({field: {"$in": sorted(values)}} for field, values in any_of.items() if values)
    return {"$and": clauses} if clauses else {}
