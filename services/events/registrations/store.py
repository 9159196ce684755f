"""Registrations and the audit lines of promotions in MongoDB: `registrations`, `promotions`.

A person has at most one active registration for an event; a unique index holds that too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.events.registrations.model import Registration
from shared.errors import NotFound
from shared.ids import new_id, prefix_of
from shared.mongo import (
    Database,
    Document,
    Index,
    InsertOne,
    ReplaceOne,
    ReturnDocument,
    Stale,
    Transaction,
    save_versioned,
)
from shared.paging import Page, PageRequest, read_page

COLLECTION = "registrations"
PROMOTIONS = "promotions"
INDEXES = {
    COLLECTION: [
        Index([("event_id", 1), ("person_id", 1)], unique=True, where={"active": True}, name="one_active_each"),
        Index([("event_id", 1), ("status", 1), ("line", 1)]),
        Index([("event_id", 1), ("line", 1)]),
        Index([("person_id", 1), ("_id", -1)]),
    ],
    PROMOTIONS: [Index([("event_id", 1), ("_id", 1)])],
}


def document(registration: Registration) -> Document:
    """A registration as MongoDB keeps it. `active` is there for the unique index."""
    fields = registration.model_dump(exclude={"position"})
    return {"_id": fields.pop("id"), **fields, "active": registration.is_active}


def registration(kept: Mapping[str, Any]) -> Registration:
    """A registration out of what MongoDB keeps."""
    return Registration.model_validate({**kept, "id": kept["_id"]})


async def find_active_or_add(tx: Transaction, new: Registration) -> Registration | None:
    """The person's seat or place in the line, if there is one already; else keep the new one and give `None`."""
    fields = document(new)
    one_each = {name: fields.pop(name) for name in ("event_id", "person_id", "active")}
    kept = await tx.database[COLLECTION].find_one_and_update(
        one_each, {"$setOnInsert": fields}, upsert=True, return_document=ReturnDocument.BEFORE
    )
    return None if kept is None else await _placed(tx.database, kept)


async def save(tx: Transaction, changed: Registration) -> None:
    """Keep a changed registration. Raises `Stale` when somebody else changed it meanwhile."""
    await save_versioned(tx.database[COLLECTION], document(changed))


async def save_promoted(tx: Transaction, promoted: Sequence[Registration], now: datetime) -> None:
    """Keep promoted registrations, and for each an audit line: who was given a seat, from which place, when."""
    replaced = await tx.database[COLLECTION].bulk_write(
        [ReplaceOne({"_id": one.id, "version": one.version - 1}, document(one)) for one in promoted],
    )
    if replaced.matched_count != len(promoted):
        raise Stale
    lines = [
        {
            "_id": new_id("pro"),
            "event_id": one.event_id,
            "registration_id": one.id,
            "person_id": one.person_id,
            "line": one.line,
            "at": now,
        }
        for one in promoted
    ]
    await tx.database[PROMOTIONS].bulk_write([InsertOne(line) for line in lines])


async def find(database: Database, registration_id: str) -> Registration | None:
    """The registration, read in the transaction the caller stands in, if it does."""
    if prefix_of(registration_id) != "reg":
        return None
    kept = await database[COLLECTION].find_one({"_id": registration_id})
    return None if kept is None else registration(kept)


async def event_of(database: Database, registration_id: str) -> str | None:
    """The event a registration is for, if there is one."""
    found = await find(database, registration_id)
    return None if found is None else found.event_id


async def get(database: Database, registration_id: str) -> Registration:
    """The registration. Raises `NotFound`."""
    found = await find(database, registration_id)
    if found is None:
        raise NotFound
    return found


async def find_active(database: Database, event_id: str, person_id: str) -> Registration | None:
    """The person's seat or place in the line, if there is one."""
    kept = await database[COLLECTION].find_one({"event_id": event_id, "person_id": person_id, "active": True})
    return None if kept is None else await _placed(database, kept)


async def _placed(database: Database, kept: Mapping[str, Any]) -> Registration:
    return (await placed(database, [registration(kept)]))[0]


async def first_in_line(tx: Transaction, event_id: str, at_most: int | None) -> list[Registration]:
    """Those who have waited longest, in order; `None`: all who wait."""
    waiting = tx.database[COLLECTION].find({"event_id": event_id, "status": "waitlisted"})
    found = waiting.sort("line", 1).limit(at_most or 0)
    return [registration(kept) async for kept in found]


async def placed(database: Database, listed: Sequence[Registration]) -> list[Registration]:
    """The same registrations; those that wait know their position, from 1."""
    waiting: dict[str, int] = {}
    for one in listed:
        if one.status == "waitlisted":
            waiting[one.event_id] = max(one.line, waiting.get(one.event_id, 0))
    positions: dict[tuple[str, int], int] = {}
    for event_id, last in waiting.items():
        found = database[COLLECTION].find(
            {"event_id": event_id, "status": "waitlisted", "line": {"$lte": last}},
            {"_id": 0, "line": 1},
        )
        lines = [kept["line"] async for kept in found.sort("line", 1)]
        positions.update({(event_id, line): position for position, line in enumerate(lines, 1)})
    return [
        one.model_copy(update={"position": positions.get((one.event_id, one.line))}) if positions else one
        for one in listed
    ]


async def active_event_ids(tx: Transaction, person_id: str) -> list[str]:
    """The events at which the person has a seat or a place in the line."""
    where = {"person_id": person_id, "active": True}
    found = tx.database[COLLECTION].find(where, {"event_id": 1})
    return [kept["event_id"] async for kept in found]


async def confirmed_events(database: Database, person_id: str, event_ids: Sequence[str]) -> set[str]:
    """Which of these events the person has a seat at."""
    found = database[COLLECTION].find(
        {"event_id": {"$in": list(event_ids)}, "person_id": person_id, "active": True, "status": "confirmed"},
        {"event_id": 1},
    )
    return {kept["event_id"] async for kept in found}


async def page(
    database: Database, wanted: PageRequest, *, event_id: str | None = None, person_id: str | None = None
) -> Page[Registration]:
    """An event's registrations in the order they were made, or a person's, newest first. Another's cursor is refused.

    Read in one snapshot, so that no reader meets both a seat that was given up and the one it was given on to.
    """
    where = {
        **({"event_id": event_id} if event_id is not None else {}),
        **({"person_id": person_id} if person_id is not None else {}),
    }
    order = [("line", 1)] if event_id is not None else [("_id", -1)]
    kinds = [int if event_id is not None else str]

    async def work(tx: Transaction) -> Page[Registration]:
        page = await read_page(database[COLLECTION], where, wanted, order, kinds, registration)
        return page.model_copy(update={"nodes": await placed(database, page.nodes)})

    return await database.transaction(work)


async def by_ids(database: Database, ids: Sequence[str]) -> list[Registration]:
    """Those of these registrations that are there."""
    wanted = [one for one in dict.fromkeys(ids) if prefix_of(one) == "reg"]
    if not wanted:
        return []

    async def work(tx: Transaction) -> list[Registration]:
        found = database[COLLECTION].find({"_id": {"$in": wanted}})
        return await placed(database, [registration(kept) async for kept in found])

    return await database.transaction(work)
