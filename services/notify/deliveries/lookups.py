"""Looks host names up with bounded means, divided between hubs, so that names whose servers stall hold up nobody else.

A lookup that stalls keeps its thread for as long as the system likes. So the place it takes is free again when the
thread is, not when whoever asked has given up; and a hub may take only as many as it leaves free for others.
"""

import asyncio
import socket
from collections.abc import Awaitable, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

from services.notify.deliveries.shares import FairPlaces
from shared.errors import Unavailable

LookUp = Callable[[str], Awaitable[Sequence[str]]]
"""Takes a host name, gives its addresses as text; raises `OSError` when there are none."""

AT_ONCE = 32
MOST_WAITING_OF_HUB = 64
WAITS_AT_MOST = timedelta(seconds=2)
"""How long a lookup waits for a place. The lookup itself has its own limit."""

LOOKUP_LIMIT = timedelta(seconds=5)


class LookupPutOff(Unavailable):
    """The name was not looked up at all: too many lookups are under way. That says nothing about the name."""

    code = "lookup_put_off"
    message = "Too many names are being looked up now. Try again."


class LookUps:
    """All lookups of a process. Who asks for a name that is being looked up waits for that answer."""

    def __init__(self, look_up: LookUp, at_once: int = AT_ONCE) -> None:
        self.places = FairPlaces(at_once)
        self._look_up = look_up
        self._under_way: dict[str, asyncio.Task[Sequence[str]]] = {}

    async def addresses(self, host: str, hub_id: str) -> Sequence[str]:
        """The addresses of `host`, looked up for this hub. Raises `OSError` if none, and `LookupPutOff`."""
        if host not in self._under_way:
            await self._place(hub_id)
            if host in self._under_way:  # somebody was faster
                self.places.release(hub_id)
            else:
                self._begin(host, hub_id)
        async with asyncio.timeout(LOOKUP_LIMIT.total_seconds()):
            return await asyncio.shield(self._under_way[host])

    async def _place(self, hub_id: str) -> None:
        if self.places.waiting_of(hub_id) >= MOST_WAITING_OF_HUB:
            raise LookupPutOff
        try:
            async with asyncio.timeout(WAITS_AT_MOST.total_seconds()):
                await self.places.acquire(hub_id)
        except TimeoutError:
            raise LookupPutOff from None

    def _begin(self, host: str, hub_id: str) -> None:
        task = asyncio.ensure_future(self._look_up_now(host))
        self._under_way[host] = task
        task.add_done_callback(lambda done: self._finish(host, hub_id, done))

    async def _look_up_now(self, host: str) -> Sequence[str]:
        return await self._look_up(host)

    def _finish(self, host: str, hub_id: str, done: "asyncio.Task[Sequence[str]]") -> None:
        del self._under_way[host]
        self.places.release(hub_id)
        if not done.cancelled():
            done.exception()  # seen, even when all who asked have gone


class SystemLookUp:
    """The system's resolver in threads of its own, one for each lookup that may be under way."""

    def __init__(self, threads: int = AT_ONCE) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="webhook-lookup")

    async def __call__(self, host: str) -> list[str]:
        """All addresses of `host`, IPv6 and IPv4, as the system orders them (RFC 6724); `OSError` if none."""
        return await asyncio.get_running_loop().run_in_executor(self._threads, _addresses_of, host)


def _addresses_of(host: str) -> list[str]:
    # As bytes: text would go through Python's IDNA codec, which maps look-alikes of digits and dots.
    found = socket.getaddrinfo(host.encode("ascii"), None, type=socket.SOCK_STREAM)
    return [str(address[0]) for *_, address in found]
