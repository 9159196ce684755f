"""Who left which group or hub lately: the collection `departures`, an entry a person and place, kept for a day.

A gateway knows for some seconds no better than that the person still belongs there, and its token says so for a minute.
"""

from datetime import datetime

from services.events.registrations.model import Departure
from shared.mongo import Database, Index, ReturnDocument
from shared.store import Store

KEPT_SECONDS = 24 * 60 * 60

DEPARTURES = Store(
    "departures",
    Departure,
    key=lambda departure: _key(departure.person_id, departure.place_id),
    indexes=[Index([("noted_at", 1)], expire_after_seconds=KEPT_SECONDS)],
)


async def note_departure(database: Database, person_id: str, place_id: str, version: int, now: datetime) -> None:
    """Keep that the person's membership of this group or hub ended with this change of where they belong."""
    await _write(database, person_id, place_id, version, now)


async def hold_departure(database: Database, person_id: str, place_id: str, now: datetime) -> int:
    """With which change of where the person belongs they last left this place; 0: not lately.

    It is written and not only read: a registration and the news that the person left, at the same time, then conflict,
    and the later of the two knows of the other.
    """
    return await _write(database, person_id, place_id, 0, now)


async def _write(database: Database, person_id: str, place_id: str, version: int, now: datetime) -> int:
    change = {
        "$set": {"noted_at": now},
        "$max": {"version": version},
        "$setOnInsert": {"person_id": person_id, "place_id": place_id},
    }
    kept = await DEPARTURES.of(database).find_one_and_update(
        {"_id": _key(person_id, place_id)}, change, upsert=True, return_document=ReturnDocument.AFTER
    )
    return int(kept["version"]) if kept is not None else version


def _key(person_id: str, place_id: str) -> str:
    return f"{person_id}:{place_id}"
