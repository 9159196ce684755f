"""Errors that a caller may see: one class for each kind, with its HTTP status.

A problem has a stable `code`, a sentence that says what to do, and the `path` of the field it concerns.
It never contains internal details.
"""

from typing import ClassVar

Path = tuple[str | int, ...]


class ProblemError(Exception):
    """The base class; never raised itself. `status` is the HTTP status of its kind (RFC 9110).

    `retry_after`: seconds to wait before the next try. `others`: further problems of the same request.
    """

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
    """The input cannot be accepted; `path` names the field."""

    status = 422
    code = "invalid"
    message = "This value cannot be used."


class NotSignedIn(ProblemError):
    """There is no credential, or it is unknown, expired or revoked."""

    status = 401
    code = "not_signed_in"
    message = "Sign in, or send an API key, to do this."


class NotAllowed(ProblemError):
    """The caller is known and may see the thing, but may not do this to it."""

    status = 403
    code = "not_allowed"
    message = "You may not do this."


class NotFound(ProblemError):
    """The thing does not exist, or the caller may not see it. Both give the same answer."""

    status = 404
    code = "not_found"
    message = "There is nothing here that you may see, or that you may do this to."


class Conflict(ProblemError):
    """The current state of the thing does not allow the change."""

    status = 409
    code = "conflict"
    message = "This cannot be done in the present state."


class Gone(ProblemError):
    """The thing existed, and will not come back."""

    status = 410
    code = "gone"
    message = "This is no longer available."


class TooLarge(ProblemError):
    """The request is larger than the limit."""

    status = 413
    code = "too_large"
    message = "The request is too large."


class TooMany(ProblemError):
    """A limit is reached; try again after `retry_after` seconds."""

    status = 429
    code = "too_many"
    message = "Too many tries. Wait a little."


class Unavailable(ProblemError):
    """A part that the answer needs is unreachable now. The caller should try again."""

    status = 503
    code = "unavailable"
    message = "A part of the system is not reachable now. Try again."


def suppressed(why: str) -> None:
    """Log the current exception, which the code ignores on purpose, and the reason `why` it does so."""
    from shared.logging import log

    log.info("suppressed", why=why, exc_info=True)
