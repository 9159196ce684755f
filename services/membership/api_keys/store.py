"""API keys in the collection `api_keys`."""

from collections.abc import Sequence
from datetime import datetime

from services.membership.api_keys.model import USE_NOTED_EVERY, ApiKey
from shared.mongo import Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import Store

API_KEYS = Store(
    "api_keys", ApiKey, prefix="key", indexes=[Index([("hub_id", 1), ("_id", 1)]), Index([("made_by", 1)])]
)
add, save, find, get, by_ids = API_KEYS.add, API_KEYS.save, API_KEYS.find, API_KEYS.get, API_KEYS.by_ids


async def page(
    database: Database, hub_ids: Sequence[str] | None, revoked: bool | None, request: PageRequest, scope: str
) -> Page[ApiKey]:
    """Keys of these hubs, or all keys when `hub_ids` is `None`, revoked or not.

    The oldest first, and in no other order: a hub has few.
    """
    where: Document = {} if hub_ids is None else {"hub_id": {"$in": list(hub_ids)}}
    if revoked is not None:
        where["revoked_at"] = {"$ne": None} if revoked else None
    return await API_KEYS.page(database, where, request, scope=scope)


async def count_open(database: Database, hub_id: str, now: datetime) -> int:
    """How many keys of this hub itself are neither revoked nor expired."""
    not_over = {"revoked_at": None, "$or": [{"expires_at": None}, {"expires_at": {"$gt": now}}]}
    found = API_KEYS.of(database).count_documents({"hub_id": hub_id, **not_over})
    return int(await found)


async def made_by(database: Database, makers: Sequence[str]) -> list[ApiKey]:
    """The keys that these people or keys created."""
    return await API_KEYS.all_where(database, {"made_by": {"$in": list(makers)}})


async def touch_maker(database: Database, key_id: str) -> None:
    """Write to a key that creates another, so that a concurrent revocation conflicts and then finds the new key."""
    await API_KEYS.of(database).update_one({"_id": key_id}, {"$inc": {"made": 1}})


async def note_use(database: Database, key: ApiKey, now: datetime) -> None:
    """Note that the key was used, at most once a minute. This changes no version."""
    if key.last_used_at is None or key.last_used_at <= now - USE_NOTED_EVERY:
        await API_KEYS.of(database).update_one({"_id": key.id}, {"$max": {"last_used_at": now}})
