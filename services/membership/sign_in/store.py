"""What sign-in keeps: who asks, requests with the hash of their code, counts of tries, sessions, refresh tokens."""

from datetime import datetime

from services.membership.documents import Shelf
from services.membership.sign_in.model import (
    CODE_LASTS,
    LOCKED_FOR,
    TRIES,
    Asker,
    CodeRequest,
    RefreshToken,
    Session,
)
from shared.mongo import Database, DuplicateKeyError, Index, ReturnDocument

ASKERS = "sign_in_askers"
REQUESTS = "sign_in_requests"
TRIES_MADE = "sign_in_tries"
SESSIONS = "sessions"
TOKENS = "refresh_tokens"
_FORGET = Index([("expires_at", 1)], expire_after_seconds=0)
INDEXES = {
    ASKERS: [_FORGET],
    REQUESTS: [_FORGET, Index([("address_hash", 1)])],
    TRIES_MADE: [_FORGET],
    SESSIONS: [_FORGET, Index([("person_id", 1)])],
    TOKENS: [_FORGET],
}

_askers = Shelf(ASKERS, Asker)
_requests = Shelf(REQUESTS, CodeRequest)
_sessions = Shelf(SESSIONS, Session)
_tokens = Shelf(TOKENS, RefreshToken)

find_asker, keep_asker = _askers.find, _askers.put
add_request, get_request, save_request = _requests.add, _requests.get, _requests.save
add_session, find_session, save_session = _sessions.add, _sessions.find, _sessions.save
add_token, find_token = _tokens.add, _tokens.find


async def open_requests(database: Database, address_hash: str, now: datetime) -> list[CodeRequest]:
    """The requests of an address whose code may still sign in, or may still be made.

    Nobody's address has them too, for as long as it would take to make a code: it is to be treated alike.
    """
    made = {"code_expires_at": {"$gt": now}}
    unmade = {"code_expires_at": None, "asked_at": {"$gt": now - CODE_LASTS}}
    where = {"address_hash": address_hash, "used_at": None, "$or": [made, unmade]}
    return await _requests.all_where(database, where)


async def take_a_try(database: Database, address_hash: str, now: datetime) -> bool:
    """Count one try before it is looked at; `False` when all are used up.

    One atomic step outside any transaction: of any number of tries made at once only so many are looked at, and the
    count stays although the request it was made in is refused and its transaction aborted.
    """
    free = {"_id": address_hash, "$or": [{"tries": {"$lt": TRIES}}, {"expires_at": {"$lte": now}}]}
    count = {"$cond": [{"$gt": ["$expires_at", now]}, {"$add": ["$tries", 1]}, 1]}
    step = [{"$set": {"tries": count, "expires_at": now + LOCKED_FOR}}]
    after = ReturnDocument.AFTER
    try:
        return (
            await database[TRIES_MADE].find_one_and_update(free, step, upsert=True, return_document=after) is not None
        )
    except DuplicateKeyError:  # it is there: locked, or made by another try this very moment
        return await database[TRIES_MADE].find_one_and_update(free, step, return_document=after) is not None


async def forget_tries(database: Database, address_hash: str) -> None:
    """Begin to count anew, for somebody has shown the right code."""
    await database[TRIES_MADE].delete_one({"_id": address_hash})


async def use_token(database: Database, token: RefreshToken, now: datetime) -> None:
    """Note that the token was used. Two uses at a time conflict here."""
    await database[TOKENS].update_one({"_id": token.id}, {"$set": {"used_at": now}})
