"""A service's OpenAPI document: what FastAPI makes of the routes, with the problem document and the security scheme."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

_PROBLEM: dict[str, Any] = {
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
_TOKEN = {
    "type": "http",
    "scheme": "bearer",
    "bearerFormat": "JWT",
    "description": "The internal token that the gateway makes for this service: HS256, 60 s.",
}


def describe(app: FastAPI) -> None:
    """Give an application this document."""

    def document() -> dict[str, Any]:
        if app.openapi_schema is None:
            made = get_openapi(title=app.title, version=app.version, routes=app.routes)
            components = made.setdefault("components", {})
            components.setdefault("schemas", {})["Problem"] = _PROBLEM
            components["securitySchemes"] = {"internalToken": _TOKEN}
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
