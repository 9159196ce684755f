"""API keys in the collection `api_keys`."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from services.membership.api_keys.model import USE_NOTED_EVERY, ApiKey
from services.membership.documents import BY_AGE, document_of, find_all, find_one, page_of
from shared.errors import NotFound
from shared.mongo import Database, Document, Index, save_versioned, session_of
from shared.paging import Page, PageRequest

COLLECTION = "api_keys"
INDEXES = {COLLECTION: [Index([("hub_id", 1), ("_id", 1)])]}


async def add(database: Database, key: ApiKey) -> None:
    """Keep a new key."""
    await database[COLLECTION].insert_one(document_of(key), session=session_of(None))


async def save(database: Database, key: ApiKey) -> None:
    """Keep a changed key. Raises `Stale`."""
    await save_versioned(database[COLLECTION], document_of(key))


async def find(database: Database, key_id: str) -> ApiKey | None:
    """The key, if there is one."""
    return await find_one(database, COLLECTION, {"_id": key_id}, ApiKey)


async def get(database: Database, key_id: str) -> ApiKey:
    """The key. Raises `NotFound`."""
    key = await find(database, key_id)
    if key is None:
        raise NotFound
    return key


async def by_ids(database: Database, ids: Iterable[str]) -> list[ApiKey]:
    """Those of these keys that there are."""
    return await find_all(database, COLLECTION, {"_id": {"$in": list(ids)}}, ApiKey)


async def page(database: Database, hub_ids: Sequence[str] | None, request: PageRequest, scope: str) -> Page[ApiKey]:
    """Keys of these hubs, or all; the oldest first."""
    where: Document = {} if hub_ids is None else {"hub_id": {"$in": list(hub_ids)}}
    return await page_of(database, COLLECTION, where, ApiKey, BY_AGE, request, scope)


async def note_use(database: Database, key: ApiKey, now: datetime) -> None:
    """Note that the key was used, at most once a minute. Not worth a version or a transaction."""
    if key.last_used_at is None or key.last_used_at <= now - USE_NOTED_EVERY:
        await database[COLLECTION].update_one({"_id": key.id}, {"$max": {"last_used_at": now}})
