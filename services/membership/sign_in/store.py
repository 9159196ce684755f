"""What sign-in keeps: who asks, requests with the hash of their code, counts of tries, sessions, refresh tokens."""

from datetime import datetime

from services.membership.documents import document_of, find_all, find_one
from services.membership.sign_in.model import (
    CODE_LASTS,
    LOCKED_FOR,
    TRIES,
    Asker,
    CodeRequest,
    RefreshToken,
    Session,
)
from shared.errors import NotFound
from shared.mongo import Database, DuplicateKeyError, Index, ReturnDocument, save_versioned, session_of

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


async def find_asker(database: Database, address_hash: str) -> Asker | None:
    """What is known of an address that has asked of late."""
    return await find_one(database, ASKERS, {"_id": address_hash}, Asker)


async def keep_asker(database: Database, asker: Asker) -> None:
    """Keep it, new or changed."""
    await database[ASKERS].replace_one({"_id": asker.id}, document_of(asker), upsert=True, session=session_of(None))


async def add_request(database: Database, request: CodeRequest) -> None:
    """Keep a new request for a code."""
    await database[REQUESTS].insert_one(document_of(request), session=session_of(None))


async def find_request(database: Database, request_id: str) -> CodeRequest | None:
    """The request, if there is one."""
    return await find_one(database, REQUESTS, {"_id": request_id}, CodeRequest)


async def get_request(database: Database, request_id: str) -> CodeRequest:
    """The request. Raises `NotFound`."""
    request = await find_request(database, request_id)
    if request is None:
        raise NotFound
    return request


async def open_requests(database: Database, address_hash: str, now: datetime) -> list[CodeRequest]:
    """The requests of an address whose code may still sign in, or may still be made.

    Nobody's address has them too, for as long as it would take to make a code: it is to be treated alike.
    """
    made = {"code_expires_at": {"$gt": now}}
    unmade = {"code_expires_at": None, "asked_at": {"$gt": now - CODE_LASTS}}
    where = {"address_hash": address_hash, "used_at": None, "$or": [made, unmade]}
    return await find_all(database, REQUESTS, where, CodeRequest)


async def save_request(database: Database, request: CodeRequest) -> None:
    """Keep a changed request. Raises `Stale`."""
    await save_versioned(database[REQUESTS], document_of(request))


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


async def add_session(database: Database, session: Session) -> None:
    """Keep a new session."""
    await database[SESSIONS].insert_one(document_of(session), session=session_of(None))


async def find_session(database: Database, session_id: str) -> Session | None:
    """The session, if there is one."""
    return await find_one(database, SESSIONS, {"_id": session_id}, Session)


async def save_session(database: Database, session: Session) -> None:
    """Keep a changed session. Raises `Stale`."""
    await save_versioned(database[SESSIONS], document_of(session))


async def add_token(database: Database, token: RefreshToken) -> None:
    """Keep the record of a refresh token that is given out."""
    await database[TOKENS].insert_one(document_of(token), session=session_of(None))


async def find_token(database: Database, token_hash: str) -> RefreshToken | None:
    """The record of a refresh token, if it was ever given out."""
    return await find_one(database, TOKENS, {"_id": token_hash}, RefreshToken)


async def use_token(database: Database, token: RefreshToken, now: datetime) -> None:
    """Note that the token was used. Two uses at a time conflict here."""
    await database[TOKENS].update_one({"_id": token.id}, {"$set": {"used_at": now}}, session=session_of(None))
