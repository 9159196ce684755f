"""Writes the committed schemas. With `--check` it only says whether they are current.

`gateway/schema.graphql` is for people; `gateway/subgraph.graphql` is the same for federation.

python -m gateway.schema_export [--check]
"""

import sys
from pathlib import Path

from gateway.graph.federation import SUBGRAPH
from gateway.graph.schema import graph
from gateway.graph.subgraph import subgraph_of

FILE = Path(__file__).with_name("schema.graphql")


def schema_text() -> str:
    """The schema in GraphQL's schema definition language."""
    return graph().as_str().rstrip() + "\n"


def main(arguments: list[str]) -> int:
    """Write the files, or compare them with the schema. Returns the exit status."""
    schema = schema_text()
    old = 0
    for file, text in ((FILE, schema), (SUBGRAPH, subgraph_of(schema))):
        if "--check" not in arguments:
            file.write_text(text)
        elif not file.exists() or file.read_text() != text:
            sys.stderr.write(f"gateway/{file.name} is not current: run python -m gateway.schema_export\n")
            old = 1
    return old


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
