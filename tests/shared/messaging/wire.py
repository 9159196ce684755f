"""A wire to the broker that a test can cut, or hold up as a network does that loses all packets and says nothing."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from urllib.parse import urlsplit, urlunsplit


class Wire:
    """`url` leads to the broker through this process."""

    def __init__(self, host: str, port: int) -> None:
        self.url = ""
        self._host = host
        self._port = port
        self._open = asyncio.Event()
        self._open.set()
        self._ends: list[asyncio.StreamWriter] = []

    def cut(self) -> None:
        """End all connections at once."""
        for end in self._ends:
            end.transport.abort()
        self._ends.clear()

    def hold(self) -> None:
        """Let nothing through any more, without closing anything."""
        self._open.clear()

    def let_go(self) -> None:
        """Let through what comes, and what was held."""
        self._open.set()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One connection, until either side ends it."""
        there, back = await asyncio.open_connection(self._host, self._port)
        self._ends += [writer, back]
        await asyncio.gather(self._pour(reader, back), self._pour(there, writer))

    async def _pour(self, source: asyncio.StreamReader, into: asyncio.StreamWriter) -> None:
        with contextlib.suppress(OSError):
            while data := await source.read(65536):
                await self._open.wait()
                into.write(data)
                await into.drain()
        into.close()


@contextlib.asynccontextmanager
async def a_wire(url: str) -> AsyncIterator[Wire]:
    """A wire to the broker at this address."""
    parts = urlsplit(url)
    wire = Wire(parts.hostname or "127.0.0.1", parts.port or 5672)
    server = await asyncio.start_server(wire.carry, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    name, _, _ = parts.netloc.rpartition("@")
    wire.url = urlunsplit(parts._replace(netloc=f"{name}@127.0.0.1:{port}"))
    try:
        yield wire
    finally:
        wire.let_go()
        wire.cut()
        server.close()
