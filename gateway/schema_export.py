"""Writes `gateway/schema.graphql`, the committed schema; with `--check`, says whether it is current.

python -m gateway.schema_export [--check]
"""

import sys
from pathlib import Path

from gateway.graph.schema import graph

FILE = Path(__file__).with_name("schema.graphql")


def schema_text() -> str:
    """The schema in GraphQL's schema definition language."""
    return graph().as_str().rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the file, or compare it. Gives the exit status."""
    text = schema_text()
    if "--check" in arguments:
        if not FILE.exists() or FILE.read_text() != text:
            sys.stderr.write("gateway/schema.graphql is not current: run python -m gateway.schema_export\n")
            return 1
        return 0
    FILE.write_text(text)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
