"""The messages, as a page to read."""

from deploy.cli.reference.schemas import ABOUT, data_schema, messages
from shared.messaging.envelope import Message
from shared.settings import SERVICES

HEAD = """\
# Messages

Facts, past tense: each tells of one change, after it was made. Every message is a CloudEvents 1.0 event in JSON, the
same bytes on the broker, in the log, in a webhook. They hold ids only: read names, with your own credential, when you
need them.

Messages marked *internal* are for our own services and do not leave; nor do those about what only a group may see. One
marked *to one endpoint* is not subscribed to: the endpoint it is about is sent it, whatever its topics.
The schemas of the others are in [schemas/](schemas/), all of them in [asyncapi.json](asyncapi.json). A message may gain
fields within its version: ignore what you do not know.
"""


def messages_page() -> str:
    """`docs/reference/messages.md`."""
    lines = [HEAD, "## The envelope", "", "| attribute | |", "|---|---|"]
    lines += [f"| `{name}` | {about} |" for name, about in ABOUT.items()]
    for service in SERVICES:
        lines += ["", f"## {service.capitalize()}"]
        for type_, cls in messages().items():
            if type_.startswith(f"{service}."):
                lines += ["", *_about(cls)]
    return "\n".join([*lines, ""])


def _about(cls: type[Message]) -> list[str]:
    schema = data_schema(cls)
    title = f"### `{cls.topic}`" + _reach(cls)
    fields = ", ".join(f"`{name}`" for name in schema["properties"])
    return [title, "", schema["description"], "", f"Version {cls.schema_version}. Fields: {fields}."]


def _reach(cls: type[Message]) -> str:
    return " (to one endpoint)" if cls.to_one else "" if cls.public else " (internal)"
