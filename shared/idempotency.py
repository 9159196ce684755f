"""`Idempotency-Key`: a repeated request gets the reply of the first one and has no further effect, for 24 h.

A key belongs to its caller. Anonymous callers cannot be told apart: for them only the same request with the same key
counts as a repeat, for two minutes. So two anonymous callers who happen to use the same key do not block each other.

The record is written in the same transaction as the effect, so a crash leaves both or neither. Of concurrent repeats
one takes effect, and the others wait for its reply. The stored reply is encrypted with a key derived from the caller's
idempotency key, which is not stored: the database alone does not reveal the secrets that some replies contain.
"""

import hashlib
import hmac
import os
from datetime import timedelta
from typing import Any

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from fastapi import HTTPException, Request, Response
from fastapi.routing import APIRoute

from shared import clock
from shared.auth import Principal
from shared.errors import Invalid
from shared.json_body import read_json
from shared.mongo import Binary, Database, DuplicateKeyError, Index, Transaction

LIFETIME = timedelta(hours=24)
LIFETIME_IF_ANONYMOUS = timedelta(minutes=2)
COLLECTION = "idempotency"
INDEXES = {COLLECTION: [Index([("expires_at", 1)], expire_after_seconds=0)]}
MAX_KEY_LENGTH = 200


class IdempotencyKeyReused(Invalid):
    """The key was used before with a different request."""

    code = "idempotency_key_reused"
    message = "This Idempotency-Key was used with a different request. Use a new key for a new request."


class _Replayed(Exception):
    """Ends the transaction when a reply is already stored."""

    def __init__(self, response: Response) -> None:
        self.response = response


def check_key(key: str) -> str:
    """Return the key if it can be used: 1 to 200 visible ASCII characters. Raises `Invalid` otherwise."""
    if not 1 <= len(key) <= MAX_KEY_LENGTH or not all("!" <= c <= "~" for c in key):
        raise Invalid(
            code="bad_idempotency_key",
            message=f"An Idempotency-Key has 1 to {MAX_KEY_LENGTH} visible ASCII characters.",
            path=("Idempotency-Key",),
        )
    return key


class StrictJsonRequest(Request):
    """A request whose JSON is read strictly; the problem names each value that cannot be used."""

    async def json(self) -> Any:
        try:
            return read_json(await self.body())
        except Invalid as problem:
            raise HTTPException(problem.status) from problem  # FastAPI turns any other error into its own


class OnceRoute(APIRoute):
    """A route whose effect happens once for each `Idempotency-Key`. Use it as a router's `route_class`.

    When a POST, PUT, PATCH or DELETE has the header, the whole handler runs in one transaction. The commands it calls
    join it, and the reply is stored in it. Problems (4xx) abort the transaction and are not stored.
    """

    def get_route_handler(self) -> Any:
        handle = super().get_route_handler()

        async def once(plain: Request) -> Response:
            request = StrictJsonRequest(plain.scope, plain.receive)
            key = request.headers.get("idempotency-key")
            if key is None or request.method not in {"POST", "PUT", "PATCH", "DELETE"}:
                response: Response = await handle(request)
                return response
            check_key(key)
            service = request.app.state.service
            principal: Principal = service.caller(request)
            secret: bytes = service.secret
            body = await request.body()
            fingerprint = hashlib.sha256(
                b"\0".join([request.method.encode(), request.url.path.encode(), body])
            ).digest()
            is_anonymous = principal.kind == "anonymous"
            caller = f"{principal.id} {fingerprint.hex()}" if is_anonymous else principal.id
            lifetime = LIFETIME_IF_ANONYMOUS if is_anonymous else LIFETIME
            name = _digest(secret, b"name", caller, key)
            seal = AESGCM(_digest(secret, b"seal", caller, key))
            database: Database = service.database

            async def work(transaction: Transaction) -> Response:
                stored = await _claim(transaction, name, fingerprint, lifetime)
                if stored is not None:
                    raise _Replayed(_open(seal, name, stored))
                response: Response = await handle(request)
                await _store(transaction, name, seal, response)
                return response

            async with service.lock_of(request):
                try:
                    try:
                        return await database.transaction(work)
                    except DuplicateKeyError:
                        return await database.transaction(work)
                except _Replayed as replayed:
                    return replayed.response

        return once


async def _claim(transaction: Transaction, name: bytes, fingerprint: bytes, lifetime: timedelta) -> bytes | None:
    """Claim the key in this transaction and return `None`, or return the encrypted reply that is stored for it."""
    collection = transaction.database[COLLECTION]
    row = await collection.find_one({"_id": Binary(name)})
    if row is not None and row["expires_at"] > clock.now():
        if not hmac.compare_digest(bytes(row["fingerprint"]), fingerprint):
            raise IdempotencyKeyReused(path=("Idempotency-Key",))
        return bytes(row["reply"])
    await collection.replace_one(
        {"_id": Binary(name)},
        {"fingerprint": Binary(fingerprint), "reply": Binary(b""), "expires_at": clock.now() + lifetime},
        upsert=True,
    )
    return None


async def _store(transaction: Transaction, name: bytes, seal: AESGCM, response: Response) -> None:
    media = response.headers.get("content-type", "")
    plain = b"\0".join([str(response.status_code).encode(), media.encode(), bytes(response.body)])
    nonce = os.urandom(12)
    await transaction.database[COLLECTION].update_one(
        {"_id": Binary(name)},
        {"$set": {"reply": Binary(nonce + seal.encrypt(nonce, plain, name))}},
    )


def _open(seal: AESGCM, name: bytes, stored: bytes) -> Response:
    try:
        status, media, body = seal.decrypt(stored[:12], stored[12:], name).split(b"\0", 2)
    except InvalidTag:
        raise IdempotencyKeyReused(path=("Idempotency-Key",)) from None
    return Response(
        content=body,
        status_code=int(status),
        headers={"idempotency-replayed": "true"} | ({"content-type": media.decode()} if media else {}),
    )


def _digest(secret: bytes, use: bytes, caller: str, key: str) -> bytes:
    return hmac.new(secret, b"\0".join([use, caller.encode(), key.encode()]), hashlib.sha256).digest()
