"""Registrations and the audit lines of promotions: the collections `registrations` and `promotions`.

A person has at most one active registration for an event; a unique index holds that too.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from services.events.seats.model import Promotion, Registration
from shared.contracts.events.registrations import RegistrationOrder, RegistrationStatus
from shared.mongo import Database, Document, Index, InsertOne, ReplaceOne, ReturnDocument, Stale, Transaction
from shared.paging import Page, PageRequest
from shared.store import BY_ID, NEWEST_FIRST, Order, Store

IN_LINE: Order = (("line", 1),)
OF_EVENT: Mapping[RegistrationOrder, Order] = {
    RegistrationOrder.REGISTERED_FIRST: IN_LINE,
    RegistrationOrder.REGISTERED_LAST: (("line", -1),),
}
OF_PERSON: Mapping[RegistrationOrder, Order] = {
    RegistrationOrder.REGISTERED_FIRST: BY_ID,
    RegistrationOrder.REGISTERED_LAST: NEWEST_FIRST,
}


class _Registrations(Store[Registration]):
    def document(self, model: Registration) -> Document:
        """Without the position, which is worked out when reading."""
        fields = super().document(model)
        del fields["position"]
        return fields


REGISTRATIONS = _Registrations(
    "registrations",
    Registration,
    prefix="reg",
    for_queries=lambda registration: {"active": registration.is_active},
    indexes=[
        Index([("event_id", 1), ("person_id", 1)], unique=True, where={"active": True}, name="one_active_each"),
        Index([("event_id", 1), ("status", 1), ("line", 1)]),
        Index([("event_id", 1), ("line", 1)]),
        Index([("person_id", 1), ("_id", -1)]),
    ],
)
PROMOTIONS = Store("promotions", Promotion, indexes=[Index([("event_id", 1), ("_id", 1)])])

find, get, save = REGISTRATIONS.find, REGISTRATIONS.get, REGISTRATIONS.save


async def find_active_or_add(database: Database, new: Registration) -> Registration | None:
    """The person's seat or place in the line, if there is one already; else keep the new one and give `None`.

    One that is there takes over the later `belonging_version`: who left, came back and registers again keeps it.
    """
    fields = REGISTRATIONS.document(new)
    one_each = {name: fields.pop(name) for name in ("event_id", "person_id", "active")}
    change: dict[str, Document] = {"$setOnInsert": fields}
    if new.belonging_version:
        change["$max"] = {"belonging_version": fields.pop("belonging_version")}
    found = await REGISTRATIONS.of(database).find_one_and_update(
        one_each, change, upsert=True, return_document=ReturnDocument.BEFORE
    )
    return None if found is None else await _with_position(database, REGISTRATIONS.read(found))


async def save_promoted(database: Database, promoted: Sequence[Registration], now: datetime) -> None:
    """Keep promoted registrations, and for each an audit line. Raises `Stale`."""
    replaced = await REGISTRATIONS.of(database).bulk_write(
        [ReplaceOne({"_id": one.id, "version": one.version - 1}, REGISTRATIONS.document(one)) for one in promoted]
    )
    if replaced.matched_count != len(promoted):
        raise Stale
    lines = [
        Promotion(event_id=one.event_id, registration_id=one.id, person_id=one.person_id, line=one.line, at=now)
        for one in promoted
    ]
    await PROMOTIONS.of(database).bulk_write([InsertOne(PROMOTIONS.document(line)) for line in lines])


async def event_of(database: Database, registration_id: str) -> str | None:
    """The event a registration is for, if there is one."""
    found = await find(database, registration_id)
    return None if found is None else found.event_id


async def find_active(database: Database, event_id: str, person_id: str) -> Registration | None:
    """The person's seat or place in the line, if there is one."""
    where = {"event_id": event_id, "person_id": person_id, "active": True}
    found = await REGISTRATIONS.find_where(database, where)
    return None if found is None else await _with_position(database, found)


async def first_in_line(database: Database, event_id: str, at_most: int) -> list[Registration]:
    """Those who have waited longest, in order."""
    where = {"event_id": event_id, "status": RegistrationStatus.WAITLISTED}
    return await REGISTRATIONS.all_where(database, where, IN_LINE, at_most)


async def next_in_line(
    database: Database, event_id: str, status: RegistrationStatus, after_line: int, at_most: int
) -> list[Registration]:
    """The registrations of this status whose places come after `after_line`, in order."""
    where = {"event_id": event_id, "status": status, "line": {"$gt": after_line}}
    return await REGISTRATIONS.all_where(database, where, IN_LINE, at_most)


async def active_of(database: Database, event_id: str, person_ids: Sequence[str]) -> list[Registration]:
    """What these people have at the event, seats and places in the line, in order; without positions."""
    where: Mapping[str, Any] = {"event_id": event_id, "person_id": {"$in": list(person_ids)}, "active": True}
    return await REGISTRATIONS.all_where(database, where, IN_LINE)


async def with_positions(database: Database, listed: Sequence[Registration]) -> list[Registration]:
    """The same registrations; those that wait know their position, from 1."""
    last: dict[str, int] = {}
    for one in listed:
        if one.status is RegistrationStatus.WAITLISTED:
            last[one.event_id] = max(one.line, last.get(one.event_id, 0))
    positions: dict[tuple[str, int], int] = {}
    for event_id, line in last.items():
        where = {"event_id": event_id, "status": RegistrationStatus.WAITLISTED, "line": {"$lte": line}}
        found = REGISTRATIONS.of(database).find(where, {"_id": 0, "line": 1}).sort([("line", 1)])
        lines = [row["line"] async for row in found]
        positions.update({(event_id, line): position for position, line in enumerate(lines, 1)})
    return [
        one.model_copy(update={"position": positions.get((one.event_id, one.line))}) if positions else one
        for one in listed
    ]


async def active_event_ids(database: Database, person_id: str) -> list[str]:
    """The events at which the person has a seat or a place in the line."""
    where = {"person_id": person_id, "active": True}
    return [row["event_id"] async for row in REGISTRATIONS.of(database).find(where, {"event_id": 1})]


async def active_at(database: Database, person_id: str, event_ids: Sequence[str]) -> dict[str, Registration]:
    """The person's seats and places in the line at these events, by event; without positions. One query."""
    where: Mapping[str, Any] = {"event_id": {"$in": list(event_ids)}, "person_id": person_id, "active": True}
    return {one.event_id: one for one in await REGISTRATIONS.all_where(database, where)} if event_ids else {}


async def page(
    database: Database,
    request: PageRequest,
    *,
    event_id: str | None = None,
    person_id: str | None = None,
    statuses: Sequence[RegistrationStatus] = (),
    order: RegistrationOrder | None = None,
) -> Page[Registration]:
    """An event's registrations, unless said otherwise in the order they were made, or a person's, newest first.

    Read in one snapshot, so that no reader meets both a seat that was given up and the one it was given on to.
    """
    asked = {
        **({"event_id": event_id} if event_id is not None else {}),
        **({"person_id": person_id} if person_id is not None else {}),
        **({"status": {"$in": sorted(set(statuses))}} if statuses else {}),
    }
    if event_id is not None:
        sort = OF_EVENT[order or RegistrationOrder.REGISTERED_FIRST]
    else:
        sort = OF_PERSON[order or RegistrationOrder.REGISTERED_LAST]

    async def read(tx: Transaction) -> Page[Registration]:
        page = await REGISTRATIONS.page(database, asked, request, order=sort)
        return page.model_copy(update={"nodes": await with_positions(database, page.nodes)})

    return await database.transaction(read)


async def by_ids(database: Database, ids: Sequence[str]) -> list[Registration]:
    """Those of these registrations that are there, read in one snapshot with their positions."""

    async def read(tx: Transaction) -> list[Registration]:
        return await with_positions(database, await REGISTRATIONS.by_ids(database, ids))

    return await database.transaction(read)


async def _with_position(database: Database, registration: Registration) -> Registration:
    return (await with_positions(database, [registration]))[0]
