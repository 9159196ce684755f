"""Archived hubs and groups in MongoDB: `archived`, one document for each that is or was archived."""

from collections.abc import Iterable

from services.learning.archived.model import Archived
from shared.mongo import Database, keep_newest
from shared.store import Store

ARCHIVED = Store("archived", Archived)


async def note(database: Database, identifier: str, version: int, *, is_archived: bool) -> None:
    """Keep whether this hub or group is archived, unless a later version of it is known."""
    await keep_newest(ARCHIVED.of(database), identifier, version, {"is_archived": is_archived})


async def archived_among(database: Database, ids: Iterable[str | None]) -> set[str]:
    """Those of these hubs and groups that are archived."""
    named = (id_ for id_ in ids if id_ is not None)
    return {one.id for one in await ARCHIVED.by_ids(database, named) if one.is_archived}
