"""`node(id)` and `nodes(ids)`: the prefix of an id tells which service to ask."""

from collections.abc import Sequence
from typing import Any

import strawberry

from gateway.context import Context
from gateway.graph.declared import Info, argument, declare
from gateway.graph.kinds import Kind, kind_of
from gateway.graph.shapes import ID, Node
from shared.errors import Invalid

MOST_NODES = 100


class TooManyNodes(Invalid):
    """More ids than are answered at once."""

    code = "too_many_ids"
    message = f"Ask for at most {MOST_NODES} nodes at once."


async def read_one(context: Context, kind: Kind | None, identifier: str) -> Any:
    """The thing with this id; None if it is not of this kind, does not exist, or is not visible to the caller."""
    if kind is None or kind_of(identifier) is not kind:
        return None
    found = context.loader.one(kind, identifier)
    return found if found is None or isinstance(found, dict) else await found


async def _node(source: Any, info: Info, id: str) -> Any:
    return await read_one(info.context, kind_of(id), id)


def _nodes(source: Any, info: Info, ids: Sequence[str]) -> list[Any]:
    if len(ids) > MOST_NODES:
        raise TooManyNodes(path=("ids",))
    found: list[Any] = []
    for identifier in ids:
        kind = kind_of(identifier)
        found.append(None if kind is None else info.context.loader.one(kind, identifier))
    return found


QUERIES = (
    declare(
        "node",
        Node | None,
        _node,
        arguments=(argument("id", strawberry.ID, ID),),
        description="The thing with this id; null when it is not there for you to see.",
    ),
    declare(
        "nodes",
        list[Node | None] | None,
        _nodes,
        arguments=(argument("ids", list[strawberry.ID], "Ids of things of any type."),),
        description=f"The things with these ids, at most {MOST_NODES}, in their order; null where there is none.",
    ),
)
