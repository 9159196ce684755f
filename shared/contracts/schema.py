"""The JSON Schema of a message's data (JSON Schema 2020-12), for those who receive it.

A message may gain fields within its version, so no schema forbids more than it names.
"""

import inspect
from typing import Any

from pydantic import BaseModel

from shared.messaging.envelope import Message

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def schema_id(cls: type[Message]) -> str:
    """What the schema of a message's data is called: the same as in `dataschema`."""
    return f"urn:mycelium:schema:{cls.type_name()}"


def data_schema(cls: type[Message]) -> dict[str, Any]:
    """The schema of a message's `data`."""
    return {"$schema": DIALECT, "$id": schema_id(cls), **open_schema(cls)}


def open_schema(cls: type[BaseModel]) -> dict[str, Any]:
    """The model's schema with its first paragraph as description: no field forbidden, no name said twice."""
    schema: dict[str, Any] = _plain(cls.model_json_schema())
    about = inspect.cleandoc(cls.__doc__ or "").partition("\n\n")[0].replace("\n", " ")
    return {"title": cls.__name__, "description": about, **schema}


def _plain(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {
            name: _plain(part)
            for name, part in schema.items()
            if not (name == "additionalProperties" and part is False)
            and not (name in {"title", "description"} and isinstance(part, str))
        }
    return [_plain(part) for part in schema] if isinstance(schema, list) else schema
