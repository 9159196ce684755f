"""A small load balancer: one port for several replicas; each new connection goes to the next one that accepts it."""

import asyncio
import contextlib
from collections import Counter
from collections.abc import AsyncIterator, Sequence

CHUNK = 65536


class Balancer:
    """Forwards connections to the replicas in turn. `served` counts them by the replica's port."""

    def __init__(self, replicas: Sequence[int]) -> None:
        self.served: Counter[int] = Counter()
        self._replicas = list(replicas)
        self._next = 0
        self._open: set[asyncio.Task[None]] = set()

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Forward one connection until either side closes it."""
        task = asyncio.current_task()
        assert task is not None
        self._open.add(task)
        try:
            there = await self._connect()
            if there is not None:
                await _join((reader, writer), there)
        except asyncio.CancelledError:  # asyncio would log this as an error; only `stop` cancels
            pass
        finally:
            writer.transport.abort()
            self._open.discard(task)

    async def stop(self) -> None:
        """Cut all open connections."""
        for task in self._open:
            task.cancel()
        await asyncio.gather(*self._open, return_exceptions=True)

    async def _connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter] | None:
        for _ in self._replicas:
            port = self._replicas[self._next % len(self._replicas)]
            self._next += 1
            with contextlib.suppress(OSError):
                streams = await asyncio.open_connection("127.0.0.1", port)
                self.served[port] += 1
                return streams
        return None


async def _join(
    here: tuple[asyncio.StreamReader, asyncio.StreamWriter], there: tuple[asyncio.StreamReader, asyncio.StreamWriter]
) -> None:
    ways = [asyncio.create_task(_copy(here[0], there[1])), asyncio.create_task(_copy(there[0], here[1]))]
    try:
        await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for way in ways:
            way.cancel()
        await asyncio.gather(*ways, return_exceptions=True)
        with contextlib.suppress(OSError):  # the last bytes are sent before the connection ends
            await asyncio.wait_for(here[1].drain(), 1)
            here[1].close()
            await asyncio.wait_for(here[1].wait_closed(), 1)
        there[1].transport.abort()


async def _copy(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    with contextlib.suppress(OSError):
        while data := await source.read(CHUNK):
            target.write(data)
            await target.drain()


@contextlib.asynccontextmanager
async def a_balancer(port: int, replicas: Sequence[int]) -> AsyncIterator[Balancer]:
    """Run a balancer on 127.0.0.1:`port` while the block runs."""
    balancer = Balancer(replicas)
    server = await asyncio.start_server(balancer.serve, "127.0.0.1", port)
    try:
        yield balancer
    finally:
        server.close()
        await balancer.stop()
