"""What schemathesis needs beside a service's OpenAPI document: internal tokens, which last a minute, and ids of things.

It runs in a process of its own; `OPENAPI_WORLD` in its environment is a `World` as JSON.
"""

import os
import zlib
from typing import Any

import schemathesis
from pydantic import SecretStr

from shared.auth import InternalTokens, service_principal
from shared.settings import decode_secret
from tests.openapi.refusals import unknown_refusals
from tests.openapi.world import World

RENEWED_SECONDS = 30


WORLD = World.model_validate_json(os.environ["OPENAPI_WORLD"])


@schemathesis.auth(refresh_interval=RENEWED_SECONDS, cache_by_key=lambda case, context: _asker(context))
class Tokens:
    """Internal tokens as the gateway makes them; those of one of our own parts where a route is only for it."""

    def get(self, case: schemathesis.Case[Any], context: schemathesis.AuthContext) -> str:
        """A token for this operation."""
        part = _asker(context)
        principal = service_principal(part) if part else WORLD.caller
        return InternalTokens(decode_secret(SecretStr(WORLD.secret)), part or "gateway").issue(principal, WORLD.service)

    def set(self, case: schemathesis.Case[Any], data: str, context: schemathesis.AuthContext) -> None:
        """Send it."""
        case.headers["Authorization"] = f"Bearer {data}"


@schemathesis.hook
def map_path_parameters(context: schemathesis.HookContext, path_parameters: dict[str, Any] | None) -> Any:
    """Put the id of something that is there in place of every other made-up one."""
    if not path_parameters:
        return path_parameters
    return {
        name: WORLD.ids[name] if name in WORLD.ids and zlib.crc32(repr(value).encode()) % 2 else value
        for name, value in path_parameters.items()
    }


@schemathesis.check
def refused_for_what_a_schema_cannot_say(
    ctx: schemathesis.CheckContext, response: schemathesis.Response, case: schemathesis.Case[Any]
) -> None:
    """Data that fits the document is answered 422 only for the reasons in `refusals.py`."""
    if case.meta is not None and case.meta.generation.mode.is_positive and response.status_code == 422:
        unknown = unknown_refusals(case.operation.label, response.json()["problems"])
        assert not unknown, f"{case.operation.label} refuses what its document allows: {unknown}"


def _asker(context: schemathesis.AuthContext) -> str:
    needs = str(context.operation.definition.raw.get("x-needs", ""))
    return needs.removeprefix("only for ") if needs.startswith("only for ") else ""
