"""Problems on the wire: RFC 9457 `application/problem+json`, one shape for every error of every service.

`code` is stable; `problems` lists each field at fault with its path; `request_id` finds the log line. An error nobody
foresaw answers 500 with nothing of its inside.
"""

import re
from collections.abc import Mapping
from typing import Any

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from shared.context import current_cause
from shared.errors import ProblemError
from shared.logging import log
from shared.mongo import Unreachable

MEDIA_TYPE = "application/problem+json"
TOO_LARGE = "The request is larger than is accepted."
_TITLES = {
    400: ("bad_request", "The request cannot be read."),
    401: ("not_signed_in", "Sign in first."),
    403: ("not_allowed", "This is not allowed."),
    404: ("not_found", "There is nothing here that you may see."),
    405: ("method_not_allowed", "This address does not take that method."),
    408: ("too_slow", "The request did not arrive in time."),
    413: ("too_large", TOO_LARGE),
    415: ("unsupported_media_type", "Send application/json."),
    422: ("invalid", "Some fields cannot be used as they are."),
    503: ("unavailable", "A part of the system is not reachable now. Try again."),
}
_MOMENT = "Write a moment with its offset, as in RFC 3339: 2026-03-05T12:30:00Z."
_DAY = "Write a day of the calendar, as in RFC 3339: 2026-03-05."
_NUMBER = "Give a number."
_WHOLE_NUMBER = "Give a whole number."
_TEXT = "Write this as text."
_LIST = "Give a list."
_OBJECT = "Give an object with fields."
NULL = "This cannot be null."
_ANYTHING_ELSE = "This cannot be used as it is."
# What pydantic finds, by its type of error, said in our own words; what stands in braces it tells beside the type.
SENTENCES = {
    "missing": "This is needed.",
    "extra_forbidden": "There is no such field.",
    "string_too_short": "Write at least {min_length} characters.",
    "string_too_long": "Write at most {max_length} characters.",
    "string_pattern_mismatch": "Write this so that it matches `{pattern}`.",
    "string_unicode": "Write this as text in UTF-8.",
    "string_type": _TEXT,
    "bytes_type": _TEXT,
    "enum": "Choose one of these: {expected}.",
    "literal_error": "Choose one of these: {expected}.",
    "bool_type": "Give true or false.",
    "bool_parsing": "Give true or false.",
    "int_type": _WHOLE_NUMBER,
    "int_parsing": _WHOLE_NUMBER,
    "int_parsing_size": "Give a smaller number.",
    "int_from_float": _WHOLE_NUMBER,
    "float_type": _NUMBER,
    "float_parsing": _NUMBER,
    "finite_number": _NUMBER,
    "multiple_of": "Give a multiple of {multiple_of}.",
    "greater_than": "Give more than {gt}.",
    "greater_than_equal": "Give {ge} or more.",
    "less_than": "Give less than {lt}.",
    "less_than_equal": "Give {le} or less.",
    "too_short": "Give at least {min_length} of these.",
    "too_long": "Give at most {max_length} of these.",
    "list_type": _LIST,
    "tuple_type": _LIST,
    "set_type": _LIST,
    "frozen_set_type": _LIST,
    "dict_type": _OBJECT,
    "mapping_type": _OBJECT,
    "model_type": _OBJECT,
    "model_attributes_type": _OBJECT,
    "date_type": _DAY,
    "date_parsing": _DAY,
    "date_from_datetime_parsing": _DAY,
    "date_from_datetime_inexact": _DAY,
    "datetime_type": _MOMENT,
    "datetime_parsing": _MOMENT,
    "datetime_from_date_parsing": _MOMENT,
    "datetime_object_invalid": _MOMENT,
    "timezone_aware": _MOMENT,
    "url_type": "Give a web address.",
    "url_parsing": "Give a web address.",
    "url_scheme": "Give a web address that begins with {expected_schemes}.",
}


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
        return problem_response(422, "not_json", "The body is not JSON in UTF-8 (RFC 8259).", None)
    listed = [{"code": str(e["type"]), "message": sentence_of(e), "path": _path(e["loc"])} for e in error.errors()]
    code, message = _TITLES[422]
    return problem_response(422, code, message, listed)


async def _on_http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    code, message = _TITLES.get(error.status_code, ("problem", "The request could not be served."))
    response = problem_response(error.status_code, code, message)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


async def _on_unreachable(request: Request, error: Exception) -> Response:
    log.error("database_unreachable", error=type(error).__name__)
    response = problem_response(503, *_TITLES[503])
    response.headers["retry-after"] = "2"
    return response


async def _on_disconnect(request: Request, error: Exception) -> Response:
    return problem_response(400, *_TITLES[400])  # nobody hears it; it is no fault of ours


async def _on_surprise(request: Request, error: Exception) -> Response:
    log.error("unforeseen_error", error=type(error).__name__)  # the server logs the trace itself
    response = problem_response(500, "internal", "Something went wrong on our side. It has been logged.")
    response.headers["x-request-id"] = current_cause().correlation
    return response


def _path(location: tuple[int | str, ...]) -> list[int | str]:
    """Where the field is, without FastAPI's `body`/`query` in front."""
    parts = list(location)
    return parts[1:] if parts and parts[0] in {"body", "query", "path", "header"} else parts


def sentence_of(error: Mapping[str, Any]) -> str:
    """What pydantic finds wrong, an entry of its `errors()`, as a sentence of our own: a validator's, or its type's."""
    kind, told = error["type"], error.get("ctx") or {}
    if error.get("input") is None and kind not in {"missing", "extra_forbidden"}:
        return NULL
    if kind == "value_error":
        # With a `reason` it is pydantic's own check of mail addresses that speaks, not a validator of ours.
        return "Give a mail address, such as name@example.org." if "reason" in told else _whole(error["msg"])
    if kind == "bad_id":
        return str(error["msg"])
    try:
        text = SENTENCES.get(kind, _ANYTHING_ELSE).format_map(
            {name: _plain(name, value) for name, value in told.items()}
        )
    except KeyError:
        return _ANYTHING_ELSE
    return re.sub(r"\b1 (character)s\b", r"1 \1", text)


def _plain(name: str, value: Any) -> str:
    """A limit, or the words there are to choose from, as it stands in a sentence."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("'", "`").replace("` or `", "`, `") if name == "expected" else str(value)


def _whole(message: str) -> str:
    text = message.removeprefix("Value error, ").strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
