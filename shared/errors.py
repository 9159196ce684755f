"""What can go wrong in a way a caller may be told. One small hierarchy by kind, mapped once to HTTP here.

A problem has a stable `code`, a sentence a person can act on, and the `path` of the field it is about.
Nothing internal is ever put into one.
"""

from typing import ClassVar

Path = tuple[str | int, ...]


class ProblemError(Exception):
    """The base: never raised itself. `status` is the HTTP status its kind answers with (RFC 9110)."""

    status: ClassVar[int] = 500
    code: str = "problem"
    message: str = "Something went wrong."

    def __init__(
        self,
        *,
        code: str | None = None,
        message: str | None = None,
        path: Path | list[str | int] = (),
        retry_after: int | None = None,
        others: "tuple[ProblemError, ...]" = (),
    ) -> None:
        self.code = code or type(self).code
        self.message = message or type(self).message
        self.path: Path = tuple(path)
        self.retry_after = retry_after
        self.others = others
        super().__init__(f"{self.code}: {self.message}")


class Invalid(ProblemError):
    """The input is not acceptable as it stands; `path` names the field."""

    status = 422
    code = "invalid"
    message = "This value cannot be used."


class NotSignedIn(ProblemError):
    """No credential, or one that is unknown, expired or revoked."""

    status = 401
    code = "not_signed_in"
    message = "Sign in, or send an API key, to do this."


class NotAllowed(ProblemError):
    """The caller is known and may see the thing, but not do this to it."""

    status = 403
    code = "not_allowed"
    message = "You may not do this."


class NotFound(ProblemError):
    """Not there, or not the caller's to see: both answer alike."""

    status = 404
    code = "not_found"
    message = "There is nothing here that you may see."


class Conflict(ProblemError):
    """The thing's present state does not allow it."""

    status = 409
    code = "conflict"
    message = "This cannot be done in the present state."


class Gone(ProblemError):
    """It was here, and is not coming back."""

    status = 410
    code = "gone"
    message = "This is no longer available."


class TooLarge(ProblemError):
    """The request is larger than is accepted."""

    status = 413
    code = "too_large"
    message = "The request is too large."


class TooMany(ProblemError):
    """A limit is reached; `retry_after` seconds say when to come back."""

    status = 429
    code = "too_many"
    message = "Too many tries. Wait a little."


class Unavailable(ProblemError):
    """A part the answer needs is not there now. Trying again is right."""

    status = 503
    code = "unavailable"
    message = "A part of the system is not reachable now. Try again."


def suppressed(why: str) -> None:
    """Mark, in the log, an error that was deliberately not passed on. A reason is owed."""
    from shared.logging import log

    log.info("suppressed", why=why, exc_info=True)
