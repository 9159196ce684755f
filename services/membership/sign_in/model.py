"""Signing in with a code that is mailed, and staying signed in with refresh tokens that work once."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Protocol

from pydantic import Field

from services.membership.sign_in.codes import code_hash
from shared.contracts.membership.people import PersonId
from shared.errors import Gone, Invalid, NotSignedIn
from shared.ids import new_id
from shared.values import Stored

CODE_LASTS = timedelta(minutes=10)
REQUESTS = 5
REQUESTS_WITHIN = timedelta(minutes=15)
TRIES = 5
LOCKED_FOR = timedelta(minutes=15)
ACCESS_LASTS = timedelta(minutes=15)
REFRESH_LASTS = timedelta(days=30)
SESSION_LASTS = timedelta(days=90)
ROWS_KEPT = timedelta(hours=1)


class CodeRefused(Invalid):
    """The code signs nobody in. A wrong, used, old or locked code and an unknown address all get this same answer."""

    code = "code_refused"
    message = "This code does not work. Ask for a new one, or wait a quarter of an hour after several wrong tries."


class RefreshRefused(NotSignedIn):
    """The refresh token is unknown, too old or used before, or its session has ended."""

    code = "refresh_refused"
    message = "This session has ended. Sign in again."


class RequestOver(Gone):
    """The request is too old or used, or nobody has the address, so no code is sent."""

    code = "request_over"
    message = "This request for a code is over."


@dataclass(frozen=True)
class AccessClaims:
    """The claims of a valid access token."""

    person_id: str
    session_id: str
    expires_at: datetime


class Signer(Protocol):
    """Makes and reads access tokens."""

    def issue(self, person_id: str, session_id: str, now: datetime) -> str:
        """A new access token for this session of this person."""
        ...

    def read(self, token: str, now: datetime) -> AccessClaims:
        """The claims of a token. Raises `NotSignedIn` when it is not valid."""
        ...

    def session_of(self, token: str) -> str:
        """The session id of one of our tokens, which may have expired. Raises `NotSignedIn` for any other text."""
        ...

    def public_keys(self) -> dict[str, Any]:
        """The public keys to check tokens with, as a JWK set."""
        ...


class RateLimit(Stored):
    """How often an address has asked for codes. `id`: its keyed hash. `asked`: when, within the last quarter of an
    hour."""

    id: str
    asked: list[datetime] = Field(default_factory=list)
    expires_at: datetime

    def count(self, now: datetime) -> "RateLimit | None":
        """The count with one more request; `None` when the address has asked too often."""
        recent = [moment for moment in self.asked if moment > now - REQUESTS_WITHIN]
        if len(recent) >= REQUESTS:
            return None
        return RateLimit(id=self.id, asked=[*recent, now], expires_at=now + ROWS_KEPT)


class CodeRequest(Stored):
    """One request for a code. `person_id` is `None` when nobody has the address; then no code is made."""

    id: str
    address_hash: str
    person_id: PersonId | None = None
    asked_at: datetime
    code_hash: str | None = None
    code_expires_at: datetime | None = None
    used_at: datetime | None = None
    expires_at: datetime
    version: int = 1

    def with_code(self, secret: bytes, code: str, now: datetime) -> "CodeRequest":
        """The request with this code, made now. Raises `RequestOver`."""
        if self.person_id is None or self.used_at is not None or self.asked_at + CODE_LASTS <= now:
            raise RequestOver
        return self.model_copy(
            update={
                "code_hash": code_hash(secret, self.id, code),
                "code_expires_at": now + CODE_LASTS,
                "version": self.version + 1,
            }
        )

    def use(self, now: datetime) -> "CodeRequest":
        """The request, used now to sign in."""
        return self.model_copy(update={"used_at": now, "version": self.version + 1})

    def opened_by(self, secret: bytes, code: str, now: datetime) -> bool:
        """Whether this is the request's code, and it was made for somebody, is not too old and was not used."""
        is_right = hmac.compare_digest(code_hash(secret, self.id, code), self.code_hash or "")
        is_good = self.used_at is None and self.code_expires_at is not None and self.code_expires_at > now
        return is_right and is_good and self.person_id is not None


class Session(Stored):
    """A person who is signed in on one device. `expires_at`: when it ends, however often it is refreshed."""

    id: str
    person_id: PersonId
    created_at: datetime
    last_used_at: datetime
    expires_at: datetime
    ended_at: datetime | None = None
    version: int = 1

    def is_live(self, now: datetime) -> bool:
        """Whether it has neither ended nor expired."""
        return self.ended_at is None and self.expires_at > now

    def used(self, now: datetime) -> "Session":
        """The session, refreshed now."""
        return self.model_copy(update={"last_used_at": now, "version": self.version + 1})

    def ended(self, now: datetime) -> "Session":
        """The session, ended now."""
        return self.model_copy(update={"ended_at": now, "version": self.version + 1})


class RefreshToken(Stored):
    """A refresh token that was issued, as a hash. Used ones are kept, so that a second use is noticed."""

    id: str
    session_id: str
    valid_until: datetime
    used_at: datetime | None = None
    expires_at: datetime


def open_session(person_id: str, now: datetime) -> Session:
    """A new session."""
    return Session(
        id=new_id("ses"), person_id=person_id, created_at=now, last_used_at=now, expires_at=now + SESSION_LASTS
    )


def refresh_token(session: Session, text: str, now: datetime) -> RefreshToken:
    """The record of a token issued for a session. It is valid for 30 days, and no longer than the session."""
    return RefreshToken(
        id=token_hash(text),
        session_id=session.id,
        valid_until=min(now + REFRESH_LASTS, session.expires_at),
        expires_at=session.expires_at,
    )


def token_hash(text: str) -> str:
    """The hash under which a refresh token is stored. A token has 256 random bits, so no key or slow hash is needed."""
    return hashlib.sha256(text.encode()).hexdigest()
