"""Sign-in in five collections: rate limits, requests with the hash of their code, tries, sessions, refresh tokens."""

from datetime import datetime

from services.membership.sign_in.model import (
    CODE_LASTS,
    LOCKED_FOR,
    TRIES,
    CodeRequest,
    RateLimit,
    RefreshToken,
    Session,
)
from shared.mongo import Database, DuplicateKeyError, Index, ReturnDocument
from shared.store import Store

_FORGET = Index([("expires_at", 1)], expire_after_seconds=0)
RATE_LIMITS = Store("sign_in_askers", RateLimit, indexes=[_FORGET])
REQUESTS = Store("sign_in_requests", CodeRequest, prefix="sir", indexes=[_FORGET, Index([("address_hash", 1)])])
SESSIONS = Store("sessions", Session, prefix="ses", indexes=[_FORGET, Index([("person_id", 1)])])
TOKENS = Store("refresh_tokens", RefreshToken, indexes=[_FORGET])
TRIES_MADE = "sign_in_tries"
INDEXES = {TRIES_MADE: [_FORGET]}

find_rate_limit, keep_rate_limit = RATE_LIMITS.find, RATE_LIMITS.put
add_request, get_request, save_request = REQUESTS.add, REQUESTS.get, REQUESTS.save
add_session, find_session, save_session = SESSIONS.add, SESSIONS.find, SESSIONS.save
add_token, find_token = TOKENS.add, TOKENS.find


async def open_requests(database: Database, address_hash: str, now: datetime) -> list[CodeRequest]:
    """The unused requests of an address whose code still works, or can still be made.

    An address that nobody has gets requests too, so that it is treated like any other.
    """
    made = {"code_expires_at": {"$gt": now}}
    unmade = {"code_expires_at": None, "asked_at": {"$gt": now - CODE_LASTS}}
    where = {"address_hash": address_hash, "used_at": None, "$or": [made, unmade]}
    return await REQUESTS.all_where(database, where)


async def count_try(database: Database, address_hash: str, now: datetime) -> bool:
    """Count one try before the code is checked. `False` when no tries are left.

    It is one atomic step outside any transaction. So the limit holds for concurrent tries, and the count stays when the
    request is refused and its transaction aborted.
    """
    tries = database.outside_transaction(TRIES_MADE)
    free = {"_id": address_hash, "$or": [{"tries": {"$lt": TRIES}}, {"expires_at": {"$lte": now}}]}
    count = {"$cond": [{"$gt": ["$expires_at", now]}, {"$add": ["$tries", 1]}, 1]}
    step = [{"$set": {"tries": count, "expires_at": now + LOCKED_FOR}}]
    after = ReturnDocument.AFTER
    try:
        return await tries.find_one_and_update(free, step, upsert=True, return_document=after) is not None
    except DuplicateKeyError:  # the document exists: it is locked, or a concurrent try has just made it
        return await tries.find_one_and_update(free, step, return_document=after) is not None


async def reset_tries(database: Database, address_hash: str) -> None:
    """Reset the count, because somebody has shown the right code. Outside any transaction, like the counting itself."""
    await database.outside_transaction(TRIES_MADE).delete_one({"_id": address_hash})


async def use_token(database: Database, token: RefreshToken, now: datetime) -> None:
    """Note that the token was used. Concurrent uses conflict here."""
    await TOKENS.of(database).update_one({"_id": token.id}, {"$set": {"used_at": now}})
