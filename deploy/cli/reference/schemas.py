"""A JSON Schema for each public message, and for the envelope around it (JSON Schema 2020-12).

They are for those who receive: a message may gain fields within its version, so no schema forbids more than it names.
"""

from typing import Any

from shared import contracts  # noqa: F401 registers the messages
from shared.contracts.schema import DIALECT, data_schema, open_schema, schema_id
from shared.messaging.envelope import Envelope, Message, registered
from shared.settings import SERVICES

__all__ = ["DIALECT", "data_schema", "envelope_schema", "messages", "public_messages", "schema_id", "webhook_messages"]

ENVELOPE_ID = "urn:mycelium:schema:envelope"
# CloudEvents 1.0, "Context Attributes": its own (required and optional), then our extensions.
ABOUT = {
    "specversion": "The version of the CloudEvents specification.",
    "id": "Unique. A message has the same id by webhook and by polling: ignore an id you have seen.",
    "type": "The topic and the version of the message's schema.",
    "source": "The service that published it.",
    "subject": "The id of the thing it is about.",
    "time": "When it happened (RFC 3339, UTC).",
    "datacontenttype": "The media type of `data`.",
    "dataschema": "The name of the schema of `data`.",
    "data": "What happened: ids only, never a name or an address.",
    "hub": "The hub it concerns.",
    "actor": "Who did it: a person or an API key. Absent when this must stay unknown.",
    "causation": "The id of the message that caused it.",
    "correlation": "The id of the request that caused it.",
    "traceparent": "The trace it belongs to (W3C Trace Context).",
    "touches": "The ids of everything that shows the change, separated by spaces.",
    "reach": "`hub`: the hub's developers may have it. `internal`: it stays between services.",
}
REQUIRED = ("id", "source", "specversion", "type", "subject", "time", "datacontenttype", "dataschema", "data")


def messages() -> dict[str, type[Message]]:
    """All message classes of the services by type, sorted; classes that tests register are left out."""
    return {type_: cls for type_, cls in sorted(registered().items()) if type_.split(".")[0] in SERVICES}


def public_messages() -> dict[str, type[Message]]:
    """The message classes that developers may subscribe to."""
    return {type_: cls for type_, cls in messages().items() if cls.public}


def webhook_messages() -> dict[str, type[Message]]:
    """The message classes that a webhook may carry: the public ones, and the ping."""
    return {type_: cls for type_, cls in messages().items() if cls.public or cls.to_one}


def envelope_schema() -> dict[str, Any]:
    """The schema of the envelope, which is the same on the broker, in the log and in a webhook."""
    plain = open_schema(Envelope)
    properties = {name: {**plain["properties"][name], "description": about} for name, about in ABOUT.items()}
    for schema in properties.values():
        schema.pop("default", None)
        if "anyOf" in schema:  # an absent attribute is left out, never null
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
