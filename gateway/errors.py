"""Errors in GraphQL: `extensions.code` for programs, a sentence for people, the request id for operators.

What a caller can correct in the input of a mutation comes back in the payload (`graph/mutation.py`). An unforeseen
error is logged, and its text is replaced here.
"""

from collections.abc import Sequence
from typing import Any

from graphql import GraphQLError

from shared import errors
from shared.context import current_cause
from shared.errors import ProblemError, Unavailable
from shared.logging import log

BAD_REQUEST = "BAD_REQUEST"
INTERNAL = "INTERNAL"
GRAPHQL_CODES: dict[type[ProblemError], str] = {
    errors.Invalid: BAD_REQUEST,
    errors.NotSignedIn: "NOT_SIGNED_IN",
    errors.NotAllowed: "NOT_ALLOWED",
    errors.NotFound: "NOT_FOUND",
    errors.Conflict: "CONFLICT",
    errors.Gone: "GONE",
    errors.TooLarge: "TOO_LARGE",
    errors.TooMany: "TOO_MANY",
    errors.Unavailable: "UNAVAILABLE",
}
MOST_SAID = 500
"""The longest message in characters: messages of graphql-core repeat what was sent."""
MOST_ERRORS = 100
_MASKED = "Something went wrong on our side. It has been logged."


class AsksTooMuch(errors.Invalid):
    """One request leads to too many lists, or its answer would be too large."""

    code = "asks_too_much"
    message = "This asks for too much at once. Ask for fewer lists, for shorter ones, or for less of each thing."


class ServiceUnavailable(Unavailable):
    """A service did not answer, or not in time; `service` names it."""

    def __init__(self, service: str, retry_after: int | None = None) -> None:
        super().__init__(message=f"The {service} service is not reachable now. Try again.", retry_after=retry_after)
        self.service = service


class ServiceFailed(ProblemError):
    """A service gave an unforeseen answer. It is logged where this is raised; the caller learns nothing of it."""

    code = "internal"
    message = _MASKED

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service


def code_of(problem: ProblemError) -> str:
    """The `extensions.code` of a problem: one for each class of problem."""
    for kind in type(problem).__mro__:
        if kind in GRAPHQL_CODES:
            return GRAPHQL_CODES[kind]
    return INTERNAL


def told(problem: ProblemError) -> dict[str, Any]:
    """The `extensions` of an error, from its problem. Without `problems` for what is not found or unavailable."""
    extensions: dict[str, Any] = {"code": code_of(problem), "requestId": current_cause().correlation}
    service = getattr(problem, "service", None)
    if service is not None:
        extensions["service"] = service
    if problem.retry_after is not None:
        extensions["retryAfter"] = problem.retry_after
    if not isinstance(problem, errors.NotFound | errors.Unavailable | ServiceFailed):
        extensions["problems"] = [
            {"code": each.code, "message": each.message, "path": list(each.path)} for each in (problem, *problem.others)
        ]
    return extensions


def problem_error(problem: ProblemError) -> dict[str, Any]:
    """An entry of `errors` for a problem of the request as a whole."""
    return {"message": problem.message, "extensions": told(problem)}


def masked_error() -> dict[str, Any]:
    """An entry of `errors` for an unforeseen error: only the request id, which finds it in the log."""
    return {"message": _MASKED, "extensions": {"code": INTERNAL, "requestId": current_cause().correlation}}


def format_errors(found: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """The `errors` of an answer, in their order (GraphQL specification, section 7.1.2)."""
    told = [_format(error) for error in found[:MOST_ERRORS]]
    if len(found) > MOST_ERRORS:
        told.append({**told[-1], "message": f"There are {len(found) - MOST_ERRORS} errors more."})
    return told


def _format(error: GraphQLError) -> dict[str, Any]:
    cause = _cause_of(error)
    formatted: dict[str, Any] = {"message": error.message[:MOST_SAID]}
    if error.locations:
        formatted["locations"] = [location.formatted for location in error.locations]
    if error.path is not None:
        formatted["path"] = error.path
    if isinstance(cause, ProblemError):
        if error.path is not None:  # without a path, the message of graphql-core names the field
            formatted["message"] = cause.message
        formatted["extensions"] = told(cause)
    elif cause is None and (error.path is None or error.message.startswith("Argument ")):
        formatted["extensions"] = {"code": BAD_REQUEST, "requestId": current_cause().correlation}
    else:
        log.error("unforeseen_error", path=error.path, exc_info=cause or error)
        formatted |= masked_error()
    return formatted


def _cause_of(error: GraphQLError) -> BaseException | None:
    """The first exception; None if graphql-core itself found the fault."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
