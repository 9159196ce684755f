"""What a service cannot know: that the people and events an input names are there, and the caller's to see.

Services keep no copies of one another's things, so the gateway looks before it passes an id on.
"""

import asyncio
from collections.abc import Awaitable, Callable

from gateway.context import Context
from gateway.graph.kinds import Kind, kind_of
from shared.errors import NotFound

Before = Callable[[Context, dict[str, object]], Awaitable[None]]


def must_exist(**kinds: Kind) -> Before:
    """A mutation's `before`: each of these fields, an id or a list of them, must name things of its kind.

    Raises `NotFound` at the first that does not. An id of another shape is left to the service, which says so.
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
