"""Signing in, refreshing and signing out. No answer shows a stranger whether an address belongs to somebody."""

from datetime import datetime

from services.membership.people import store as people
from services.membership.sign_in import store
from services.membership.sign_in.codes import address_hash, new_code
from services.membership.sign_in.model import (
    ACCESS_LASTS,
    CODE_LASTS,
    ROWS_KEPT,
    CodeRefused,
    CodeRequest,
    RateLimit,
    RefreshRefused,
    RequestOver,
    Session,
    Signer,
    open_session,
    refresh_token,
    token_hash,
)
from shared.commands import in_transaction
from shared.contracts.membership.sign_in import CodeMailView, SessionEnded, SessionView, SignInRequested
from shared.ids import new_id
from shared.keys import random_base62
from shared.mongo import Database, Transaction

TOKEN_LENGTH = 43  # base62 characters: 256 bits


@in_transaction()
async def request_code(tx: Transaction, secret: bytes, address: str, *, now: datetime) -> bool:
    """Ask for a code by mail. Gives whether the request was taken; `False` when the address has asked too often.

    Neither the answer nor the work done shows whether anybody has the address.
    """
    hashed = address_hash(secret, address)
    person = await people.find_by_address(tx.database, address)
    limit = await store.find_rate_limit(tx.database, hashed) or RateLimit(id=hashed, expires_at=now)
    request = CodeRequest(
        id=new_id("sir"),
        address_hash=hashed,
        person_id=person.id if person else None,
        asked_at=now,
        expires_at=now + ROWS_KEPT,
    )
    after = limit.count(now)
    if after is None:
        return False
    await store.keep_rate_limit(tx.database, after)
    await store.add_request(tx.database, request)
    tx.record(SignInRequested(request_id=request.id), subject=request.id, anonymous=True)
    return True


@in_transaction()
async def make_code(tx: Transaction, secret: bytes, request_id: str, *, now: datetime) -> CodeMailView:
    """Make the code for a request, and say to which address it goes.

    It replaces an earlier code of the same request. Codes of other requests keep working: a stranger who asks for
    another code must not make one useless that is on its way.

    Raises `RequestOver` when the request is too old or used or nobody has the address; `NotFound` for an unknown one.
    """
    request = await store.get_request(tx.database, request_id)
    code = new_code()
    await store.save_request(tx.database, request.with_code(secret, code, now))
    person = await people.find(tx.database, request.person_id or "")
    if person is None:
        raise RequestOver
    return CodeMailView(address=person.address, code=code, expires_at=now + CODE_LASTS)


async def sign_in(
    database: Database, secret: bytes, signer: Signer, address: str, code: str, *, now: datetime
) -> SessionView:
    """Sign in with a code that was mailed. All other codes of the address then stop working.

    Five wrong tries lock the codes of the address for a quarter of an hour. Tries are counted only while there is a
    code to guess. Raises `CodeRefused`, whatever was wrong.
    """
    hashed = address_hash(secret, address)
    if not await store.open_requests(database, hashed, now) or not await store.count_try(database, hashed, now):
        raise CodeRefused(path=("code",))
    view = await _use_code(database, secret, signer, hashed, code, now=now)
    await store.reset_tries(database, hashed)
    return view


@in_transaction()
async def _use_code(
    tx: Transaction, secret: bytes, signer: Signer, hashed: str, code: str, *, now: datetime
) -> SessionView:
    requests = await store.open_requests(tx.database, hashed, now)
    opened = [request.person_id for request in requests if request.opened_by(secret, code, now)]
    if not opened or opened[0] is None:
        raise CodeRefused(path=("code",))
    for request in requests:
        await store.save_request(tx.database, request.use(now))
    session = open_session(opened[0], now)
    await store.add_session(tx.database, session)
    return await _give_tokens(tx, signer, session, now)


async def refresh(database: Database, signer: Signer, text: str, *, now: datetime) -> SessionView:
    """Exchange a refresh token for new tokens. Using one twice ends its session. Raises `RefreshRefused`."""
    outcome = await _use_refresh_token(database, signer, text, now=now)
    if isinstance(outcome, Session):
        await _end_session_apart(database, outcome.id, now=now)  # kept although this request is refused
        raise RefreshRefused(path=("refresh_token",))
    return outcome


@in_transaction()
async def _use_refresh_token(tx: Transaction, signer: Signer, text: str, *, now: datetime) -> SessionView | Session:
    """New tokens; or, when the token was used before, its session, which is to end."""
    token = await store.find_token(tx.database, token_hash(text))
    session = await store.find_session(tx.database, token.session_id) if token else None
    if token is None or session is None or not session.is_live(now):
        raise RefreshRefused(path=("refresh_token",))
    if token.used_at is not None:
        return session
    if token.valid_until <= now:
        raise RefreshRefused(path=("refresh_token",))
    await store.use_token(tx.database, token, now)
    await store.save_session(tx.database, session.used(now))
    return await _give_tokens(tx, signer, session, now)


async def sign_out(database: Database, signer: Signer, access_token: str, *, now: datetime) -> None:
    """End the session of an access token. The token may have expired.

    Signing out again changes nothing, so a client that lost the answer can repeat the request. Raises `NotSignedIn` for
    a text that is not one of our tokens.
    """
    await _end_session(database, signer.session_of(access_token), now=now)


async def _end(tx: Transaction, session_id: str, *, now: datetime) -> None:
    session = await store.find_session(tx.database, session_id)
    if session is None or session.ended_at is not None:
        return
    await store.save_session(tx.database, session.ended(now))
    tx.record(
        SessionEnded(person_id=session.person_id, session_id=session.id),
        subject=session.id,
        touches=[session.person_id],
    )


_end_session = in_transaction()(_end)
_end_session_apart = in_transaction(apart=True)(_end)


async def _give_tokens(tx: Transaction, signer: Signer, session: Session, now: datetime) -> SessionView:
    text = f"myr_{random_base62(TOKEN_LENGTH)}"
    token = refresh_token(session, text, now)
    await store.add_token(tx.database, token)
    return SessionView(
        person_id=session.person_id,
        access_token=signer.issue(session.person_id, session.id, now),
        refresh_token=text,
        expires_in=int(ACCESS_LASTS.total_seconds()),
        refresh_expires_in=int((token.valid_until - now).total_seconds()),
    )
