"""`mycelium topics`: lists all messages."""

import inspect

from deploy.cli.screen import show_json, show_table
from shared import contracts  # noqa: F401 registers the messages
from shared.messaging.envelope import registered


def report(*, as_json: bool) -> None:
    """Print every topic with its description."""
    rows = [
        {
            "topic": cls.topic,
            "type": type_,
            "public": cls.public,
            "says": inspect.getdoc(cls) or "",
        }
        for type_, cls in sorted(registered().items())
    ]
    if as_json:
        show_json(rows)
    else:
        show_table(
            ["topic", "public", "says"],
            ([str(row["topic"]), _reach(row["type"]), str(row["says"])] for row in rows),
        )


def _reach(type_: object) -> str:
    cls = registered()[str(type_)]
    return "to one endpoint" if cls.to_one else "yes" if cls.public else "no"
