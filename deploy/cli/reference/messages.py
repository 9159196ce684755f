"""The page about the messages."""

from deploy.cli.reference.schemas import ABOUT, data_schema, messages
from shared.messaging.envelope import Message
from shared.settings import SERVICES

HEAD = """\
# Messages

A message is a fact: it reports one change after it was made. Every message is a CloudEvents 1.0 event in JSON; the
broker, the log and a webhook carry the same bytes. Messages contain only ids: read names with your own credential when
you need them.

Messages marked *internal* are only for Mycelium's own services. Messages about things that only a group may see are not
sent to developers either. A message marked *to one endpoint* needs no subscription: it is sent to the endpoint it is
about, whatever its topics. The schemas of all messages but the internal ones are in [schemas/](schemas/), those of all
messages in [asyncapi.json](asyncapi.json). A message may gain fields within its version: ignore fields you do not know.
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
