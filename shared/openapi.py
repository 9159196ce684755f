"""A service's OpenAPI document: what FastAPI makes of the routes, with the problem document and the security scheme."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from shared.problems import SCHEMA

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
            components.setdefault("schemas", {})["Problem"] = SCHEMA
            components["securitySchemes"] = {"internalToken": _TOKEN}
            app.openapi_schema = made
        return app.openapi_schema

    app.openapi = document  # type: ignore[method-assign]
