"""Problems on the wire: RFC 9457 `application/problem+json`, one shape for every error of every service.

`code` is stable; `problems` lists each field at fault with its path; `request_id` finds the log line. An error nobody
foresaw answers 500 with nothing of its inside.
"""

from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.routing import Match

from shared.context import current_cause
from shared.errors import NotFound, ProblemError
from shared.faults import code_and_sentence
from shared.logging import log
from shared.mongo import Unreachable

MEDIA_TYPE = "application/problem+json"
TOO_LARGE = "The request is larger than is accepted."
NOT_JSON = ("not_json", "The body is not JSON in UTF-8 (RFC 8259).")
INTERNAL = ("internal", "Something went wrong on our side. It has been logged.")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
TITLES = {
    400: ("bad_request", "The request cannot be read."),
    401: ("not_signed_in", "Sign in first."),
    403: ("not_allowed", "This is not allowed."),
    404: ("not_found", NotFound.message),
    405: ("method_not_allowed", "This address does not take that method."),
    408: ("too_slow", "The request did not arrive in time."),
    413: ("too_large", TOO_LARGE),
    415: ("unsupported_media_type", "Send application/json."),
    422: ("invalid", "Some fields cannot be used as they are."),
    503: ("unavailable", "A part of the system is not reachable now. Try again."),
}


SCHEMA: dict[str, Any] = {
    "title": "Problem",
    "type": "object",
    "description": "Why a request was refused (RFC 9457). `problems` lists each fault with the path of its field.",
    "required": ["type", "title", "status", "code", "problems", "request_id"],
    "properties": {
        "type": {"type": "string", "description": "A relative reference that names the kind of problem."},
        "title": {"type": "string", "description": "A sentence a person can act on."},
        "status": {"type": "integer", "description": "The HTTP status."},
        "code": {"type": "string", "description": "Stable; for programs."},
        "problems": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["code", "message", "path"],
                "properties": {
                    "code": {"type": "string"},
                    "message": {"type": "string"},
                    "path": {"type": "array", "items": {"anyOf": [{"type": "string"}, {"type": "integer"}]}},
                },
            },
        },
        "request_id": {"type": "string", "description": "Finds the request in our logs."},
    },
}
"""The JSON Schema of a problem document, as `problem_body` makes it."""
SCHEMA_REFERENCE = {"$ref": "#/components/schemas/Problem"}
"""Where the OpenAPI document of a service has that schema."""


def problem_body(status: int, code: str, message: str, problems: list[dict[str, Any]]) -> dict[str, Any]:
    """The members of a problem document (RFC 9457, section 3.1) with our extensions."""
    return {
        "type": f"/problems/{code}",
        "title": message,
        "status": status,
        "code": code,
        "problems": problems,
        "request_id": current_cause().correlation,
    }


def problem_response(status: int, code: str, message: str, problems: list[dict[str, Any]] | None = None) -> Response:
    """A problem as a response."""
    listed = problems if problems is not None else [{"code": code, "message": message, "path": []}]
    body = orjson.dumps(problem_body(status, code, message, listed))
    headers = {"www-authenticate": "Bearer"} if status == 401 else {}
    return Response(body, status_code=status, media_type=MEDIA_TYPE, headers=headers)


def install_problem_handlers(app: FastAPI) -> None:
    """Answer every error of this application with a problem."""
    app.add_exception_handler(ProblemError, _on_problem)
    app.add_exception_handler(RequestValidationError, _on_validation)
    app.add_exception_handler(HTTPException, _on_http)
    app.add_exception_handler(Unreachable, _on_unreachable)
    app.add_exception_handler(ClientDisconnect, _on_disconnect)
    app.add_exception_handler(Exception, _on_surprise)


async def _on_problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, ProblemError)
    listed = [{"code": e.code, "message": e.message, "path": list(e.path)} for e in (error, *error.others)]
    response = problem_response(error.status, error.code, error.message, listed)
    if error.retry_after is not None:
        response.headers["retry-after"] = str(error.retry_after)
    return response


async def _on_validation(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    if any(str(e["type"]).startswith("json_") for e in error.errors()):
        return problem_response(422, *NOT_JSON)
    listed = [_listed(each) for each in error.errors()]
    code, message = TITLES[422]
    return problem_response(422, code, message, listed)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, ProblemError):
        return await _on_problem(request, error.__cause__)
    code, message = TITLES.get(error.status_code, ("problem", "The request could not be served."))
    response = problem_response(error.status_code, code, message)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    if error.status_code == 405:
        response.headers["allow"] = ", ".join(_allowed(request))
    return response


def _allowed(request: Request) -> list[str]:
    """Every method that the path of a request takes (RFC 9110, section 10.2.1), whichever route it belongs to."""
    routes = request.app.routes
    return [
        method
        for method in _METHODS
        if any(route.matches({**request.scope, "method": method})[0] is Match.FULL for route in routes)
    ]


async def _on_unreachable(request: Request, error: Exception) -> Response:
    log.error("database_unreachable", error=type(error).__name__)
    response = problem_response(503, *TITLES[503])
    response.headers["retry-after"] = "2"
    return response


async def _on_disconnect(request: Request, error: Exception) -> Response:
    return problem_response(400, *TITLES[400])  # nobody hears it; it is no fault of ours


async def _on_surprise(request: Request, error: Exception) -> Response:
    log.error("unforeseen_error", error=type(error).__name__)  # the server logs the trace itself
    response = problem_response(500, *INTERNAL)
    response.headers["x-request-id"] = current_cause().correlation
    return response


def _listed(error: Mapping[str, Any]) -> dict[str, Any]:
    """What pydantic finds wrong, an entry of its `errors()`, as an entry of `problems`."""
    code, message = code_and_sentence(error)
    return {"code": code, "message": message, "path": _path(error["loc"])}


def _path(location: tuple[int | str, ...]) -> list[int | str]:
    """Where the field is, without FastAPI's `body`/`query` in front."""
    parts = list(location)
    return parts[1:] if parts and parts[0] in {"body", "query", "path", "header"} else parts
