"""How an error is told in GraphQL: `extensions.code` for programs, a sentence for people, the request id for us.

What a caller can mend in a mutation's input comes back in the payload instead (`graph/mutation.py`). Whatever nobody
foresaw is masked here and logged.
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
"""So many characters of a message: GraphQL's own repeat what was sent."""
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
    """A service answered in a way nobody foresaw. Logged where it is raised; the caller is told nothing of it."""

    code = "internal"
    message = _MASKED

    def __init__(self, service: str) -> None:
        super().__init__()
        self.service = service


def code_of(problem: ProblemError) -> str:
    """The `extensions.code` of a problem: one word for each kind."""
    for kind in type(problem).__mro__:
        if kind in GRAPHQL_CODES:
            return GRAPHQL_CODES[kind]
    return INTERNAL


def told(problem: ProblemError) -> dict[str, Any]:
    """The `extensions` of an error that a problem led to. `problems` is there for all but what is missing or away."""
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
    """A problem with the request as a whole, as an entry of `errors`."""
    return {"message": problem.message, "extensions": told(problem)}


def masked_error() -> dict[str, Any]:
    """What is told of an error nobody foresaw: nothing, but where we can look it up."""
    return {"message": _MASKED, "extensions": {"code": INTERNAL, "requestId": current_cause().correlation}}


def format_errors(found: Sequence[GraphQLError]) -> list[dict[str, Any]]:
    """The `errors` of an answer, in the order found (GraphQL specification, section 7.1.2)."""
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
        if error.path is not None:  # else it is the document's or the variables', whose message names the field
            formatted["message"] = cause.message
        formatted["extensions"] = told(cause)
    elif cause is None and (error.path is None or error.message.startswith("Argument ")):
        formatted["extensions"] = {"code": BAD_REQUEST, "requestId": current_cause().correlation}
    else:
        log.error("unforeseen_error", path=error.path, exc_info=cause or error)
        formatted |= masked_error()
    return formatted


def _cause_of(error: GraphQLError) -> BaseException | None:
    """What was raised in the first place; None when GraphQL itself found the fault."""
    cause: BaseException | None = error.original_error
    while isinstance(cause, GraphQLError):
        cause = cause.original_error
    return cause
