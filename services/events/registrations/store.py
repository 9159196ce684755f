"""People who left a group or hub lately: the collection `departures`, one document for each person and place.

Documents are kept for a day. That is long enough: a gateway may take the person for a member for some seconds more, and
its internal tokens last a minute.
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
    """Keep that the person left this group or hub. `version`: the `belonging_version` of the message."""
    await _write(database, person_id, place_id, version, now)


async def hold_departure(database: Database, person_id: str, place_id: str, now: datetime) -> int:
    """The `belonging_version` with which the person last left this place; 0 when they did not leave it lately.

    This also writes the document. A registration and the reaction to the leaving then conflict when they run at the
    same time: the second runs again and sees the first.
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
