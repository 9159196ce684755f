"""A receiver whose answer never ends, as a separate process. `python -m tests.support.pouring WHAT`."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

START = {
    "interim answers": b"",
    "headers": b"HTTP/1.1 200 OK\r\n",
    "one header": b"HTTP/1.1 200 OK\r\nX-Long: ",
    "reason": b"HTTP/1.1 200 ",
    "slow bytes": b"HTTP/1.1 200 OK\r\nX-Slow: ",
    "body": b"HTTP/1.1 200 OK\r\nContent-Length: 10000000000\r\n\r\n",
    "tiny chunks": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
    "chunk extensions": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1",
    "trailers": b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n",
}
THEN = {
    "interim answers": b"HTTP/1.1 100 Continue\r\n\r\n" * 10_000,
    "headers": b"X-Many: a\r\n" * 10_000,
    "one header": b"a" * 100_000,
    "reason": b"a" * 100_000,
    "slow bytes": b"a",
    "body": b"a" * 1_000_000,
    "tiny chunks": b"1\r\na\r\n" * 50_000,
    "chunk extensions": b";a=b" * 50_000,
    "trailers": b"X-Many: a\r\n" * 10_000,
}


@asynccontextmanager
async def pouring(what: str) -> AsyncIterator[str]:
    """Run a receiver while the block runs; yields its URL."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.support.pouring", what, stdout=asyncio.subprocess.PIPE
    )
    assert process.stdout is not None
    try:
        yield f"http://127.0.0.1:{int(await process.stdout.readline())}/"
    finally:
        process.terminate()
        await process.wait()


async def _serve(what: str) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(START[what])
            while True:
                writer.write(THEN[what])
                await writer.drain()
                if what == "slow bytes":
                    await asyncio.sleep(0.05)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has closed the connection
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    sys.stdout.write(f"{server.sockets[0].getsockname()[1]}\n")
    sys.stdout.flush()
    await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(_serve(sys.argv[1]))
