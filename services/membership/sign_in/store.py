"""What sign-in keeps: who asks, requests with the hash of their code, counts of tries, sessions, refresh tokens."""

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
    """The requests of an address whose code may still sign in, or may still be made.

    Nobody's address has them too, for as long as it would take to make a code: it is to be treated alike.
    """
    made = {"code_expires_at": {"$gt": now}}
    unmade = {"code_expires_at": None, "asked_at": {"$gt": now - CODE_LASTS}}
    where = {"address_hash": address_hash, "used_at": None, "$or": [made, unmade]}
    return await REQUESTS.all_where(database, where)


async def count_try(database: Database, address_hash: str, now: datetime) -> bool:
    """Count one try before it is looked at; `False` when all are used up.

    One atomic step outside any transaction: of any number of tries made at once only so many are looked at, and the
    count stays although the request it was made in is refused and its transaction aborted.
    """
    tries = database.outside_transaction(TRIES_MADE)
    free = {"_id": address_hash, "$or": [{"tries": {"$lt": TRIES}}, {"expires_at": {"$lte": now}}]}
    count = {"$cond": [{"$gt": ["$expires_at", now]}, {"$add": ["$tries", 1]}, 1]}
    step = [{"$set": {"tries": count, "expires_at": now + LOCKED_FOR}}]
    after = ReturnDocument.AFTER
    try:
        return await tries.find_one_and_update(free, step, upsert=True, return_document=after) is not None
    except DuplicateKeyError:  # it is there: locked, or made by another try this very moment
        return await tries.find_one_and_update(free, step, return_document=after) is not None


async def reset_tries(database: Database, address_hash: str) -> None:
    """Begin to count anew, for somebody has shown the right code. Outside any transaction, as the tries are counted."""
    await database.outside_transaction(TRIES_MADE).delete_one({"_id": address_hash})


async def use_token(database: Database, token: RefreshToken, now: datetime) -> None:
    """Note that the token was used. Two uses at a time conflict here."""
    await TOKENS.of(database).update_one({"_id": token.id}, {"$set": {"used_at": now}})
