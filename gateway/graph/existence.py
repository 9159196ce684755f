"""Checks that the people and events in an input exist and that the caller may see them.

A service cannot check things of another service, since services keep no copies of one another's data.
"""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.context import Context
from gateway.graph.kinds import Kind, kind_of
from shared.errors import NotFound

Before = Callable[[Context, dict[str, object]], Awaitable[None]]


def must_exist(**kinds: Kind) -> Before:
    """A `before` of a mutation: each of these fields, an id or a list of ids, must name existing things of its kind.

    Raises `NotFound` at the first that does not exist. An id of another form is left to the service, which refuses it.
    """

    async def look(context: Context, fields: dict[str, object]) -> None:
        for name, kind in kinds.items():
            given = fields.get(name)
            ids = [each for each in (given if isinstance(given, list) else [given]) if isinstance(each, str)]
            asked = [each for each in ids if kind_of(each) is kind]
            found = context.loader.many(kind, asked)
            there = {thing["id"] for thing in (await found if isinstance(found, asyncio.Future | Awaitable) else found)}
            for position, each in enumerate(ids):
                if each in asked and each not in there:
                    raise NotFound(path=(name, position) if isinstance(given, list) else (name,))

    return look
