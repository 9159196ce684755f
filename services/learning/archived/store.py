"""Archived hubs and groups in MongoDB: `archived`, one document for each."""

from collections.abc import Iterable

from services.learning.archived.model import Archived
from shared.mongo import Database
from shared.store import Store

ARCHIVED = Store("archived", Archived)


async def archived_among(database: Database, ids: Iterable[str | None]) -> set[str]:
    """Those of these hubs and groups that are archived."""
    return {one.id for one in await ARCHIVED.by_ids(database, (id_ for id_ in ids if id_ is not None))}
