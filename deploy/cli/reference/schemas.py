"""A JSON Schema for each public message, and for the envelope around it (JSON Schema 2020-12).

They are for those who receive: a message may gain fields within its version, so no schema forbids more than it names.
"""

import inspect
from typing import Any

from pydantic import BaseModel

from shared import contracts  # noqa: F401 registers the messages
from shared.messaging.envelope import Envelope, Message, registered
from shared.settings import SERVICES

DIALECT = "https://json-schema.org/draft/2020-12/schema"
ENVELOPE_ID = "urn:mycelium:schema:envelope"
# CloudEvents 1.0, "Context Attributes": its own (required and optional), then our extensions.
ABOUT = {
    "specversion": "The version of CloudEvents.",
    "id": "Unique. The same message has the same id by webhook and by polling: drop what you have seen.",
    "type": "The topic and the version of the message's schema.",
    "source": "Which part told it.",
    "subject": "The id of what it is about.",
    "time": "When it happened (RFC 3339, UTC).",
    "datacontenttype": "The media type of `data`.",
    "dataschema": "The name of the schema of `data`.",
    "data": "What happened: ids only, never a name or an address.",
    "hub": "The hub it concerns.",
    "actor": "Who did it: a person or an API key. Not there when the doer is to stay unknown.",
    "causation": "The id of the message that it answers.",
    "correlation": "The id of the request it comes from.",
    "traceparent": "The trace it belongs to (W3C Trace Context).",
    "touches": "The ids of everything the change is visible in.",
    "reach": "`hub`: the hub's developers may have it. `internal`: it stays between services.",
}
REQUIRED = ("id", "source", "specversion", "type", "subject", "time", "datacontenttype", "dataschema", "data")


def messages() -> dict[str, type[Message]]:
    """Every message class of the services by its type, in order. What tests register is none."""
    return {type_: cls for type_, cls in sorted(registered().items()) if type_.split(".")[0] in SERVICES}


def public_messages() -> dict[str, type[Message]]:
    """Those that developers may subscribe to."""
    return {type_: cls for type_, cls in messages().items() if cls.public}


def schema_id(cls: type[Message]) -> str:
    """What the schema of a message's data is called: the same as in `dataschema`."""
    return f"urn:mycelium:schema:{cls.type_name()}"


def data_schema(cls: type[Message]) -> dict[str, Any]:
    """The schema of a message's `data`."""
    return {"$schema": DIALECT, "$id": schema_id(cls), **_open(cls)}


def envelope_schema() -> dict[str, Any]:
    """The schema of the document that is on the broker, in the log and in a webhook."""
    plain = _open(Envelope)
    properties = {name: {**plain["properties"][name], "description": about} for name, about in ABOUT.items()}
    for schema in properties.values():
        schema.pop("default", None)
        if "anyOf" in schema:  # what is not known is left out, never null
            schema.update(schema.pop("anyOf")[0])
    return {
        "$schema": DIALECT,
        "$id": ENVELOPE_ID,
        "title": "Envelope",
        "description": "A CloudEvents 1.0 event in JSON.",
        "type": "object",
        "properties": properties,
        "required": [*REQUIRED, "touches", "reach"],
    }


def _open(cls: type[BaseModel]) -> dict[str, Any]:
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
