"""Reads things by id for one request. All ids of one turn of the event loop become one call for each collection.

A request reads each thing once. A thing that does not exist, or that the caller may not see, is None.
"""

import asyncio
from collections.abc import Awaitable, Iterable
from typing import Any

from gateway.graph.kinds import Kind
from gateway.services import Caller, Services

MOST_IDS = 500
MOST_LONG = 25
"""The most things with long texts in one call: 500 of them could be 80 MB."""
Thing = dict[str, Any]


class Loader:
    """The reader of one request. Each value it returns is a thing, None, or a future of one."""

    def __init__(self, services: Services, caller: Caller) -> None:
        self._services = services
        self._caller = caller
        self._found: dict[str, Thing | asyncio.Future[Thing | None] | None] = {}
        self._wanted: dict[Kind, list[str]] = {}
        self._reading: set[asyncio.Task[None]] = set()

    def one(self, kind: Kind, identifier: str) -> Thing | Awaitable[Thing | None] | None:
        """The thing with this id, which must be of this kind."""
        try:
            return self._found[identifier]
        except KeyError:
            pass
        if not self._wanted:
            asyncio.get_running_loop().call_soon(self._read_wanted)
        self._wanted.setdefault(kind, []).append(identifier)
        future: asyncio.Future[Thing | None] = asyncio.get_running_loop().create_future()
        self._found[identifier] = future
        return future

    def many(self, kind: Kind, identifiers: Iterable[str]) -> list[Thing] | Awaitable[list[Thing]]:
        """The things with these ids, in this order, without those that the caller cannot see."""
        values = [self.one(kind, identifier) for identifier in identifiers]
        if any(isinstance(value, asyncio.Future) for value in values):
            return self._gather(values)
        return [value for value in values if isinstance(value, dict)]

    def know(self, things: Iterable[Thing]) -> None:
        """Keep things that a list has returned, so that they are not read again."""
        for thing in things:
            self._found.setdefault(thing["id"], thing)

    def act_as(self, caller: Caller) -> None:
        """After a change: forget all things, and read in the name of this caller from now on."""
        self._caller = caller
        self._found.clear()

    async def _gather(self, values: list[Any]) -> list[Thing]:
        found = [await value if isinstance(value, asyncio.Future) else value for value in values]
        return [value for value in found if value is not None]

    def _read_wanted(self) -> None:
        wanted, self._wanted = self._wanted, {}
        for kind, identifiers in wanted.items():
            most = MOST_LONG if kind.is_long else MOST_IDS
            for start in range(0, len(identifiers), most):
                batch = {each: self._found[each] for each in identifiers[start : start + most]}
                task = asyncio.create_task(self._read(kind, batch))
                self._reading.add(task)
                task.add_done_callback(self._reading.discard)

    async def _read(self, kind: Kind, batch: dict[str, Any]) -> None:
        """Read a batch and settle its futures. If the call fails, all of them get its error."""
        try:
            things = await self._services[kind.service].by_ids(self._caller, kind.collection, list(batch))
        except Exception as error:  # noqa: BLE001 the fields that wait raise it
            for future in batch.values():
                if not future.done():
                    future.set_exception(error)
                    future.exception()  # retrieved, since the fields that asked may be gone
            return
        by_id = {thing["id"]: thing for thing in things}
        for identifier, future in batch.items():
            found = by_id.get(identifier)
            if not future.done():
                future.set_result(found)
            if self._found.get(identifier) is future:
                self._found[identifier] = found  # later reads need not wait
