"""Thousands of callers who send half a request and wait: the gateway, as a process of its own, goes on answering."""

import asyncio
import os
import resource
import socket
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp

from deploy.local.ports import free_ports
from tests.support.namespaces import new_namespace
from tests.support.waiting import eventually

ROOT = Path(__file__).parents[2]
MANY = 9_000
HALF = b"POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\n"
SECRET = "A" * 43


@asynccontextmanager
async def gateway(amqp_url: str, files: int | None = None) -> AsyncIterator[tuple[str, int]]:
    """A gateway process, which may have so many files open; gives its address and its process id."""
    (port,) = free_ports(0)
    env = {name: value for name, value in os.environ.items() if not name.startswith("MYCELIUM_")}
    env |= {
        "MYCELIUM_SECRET": SECRET,
        "MYCELIUM_AMQP_URL": amqp_url,
        "MYCELIUM_NAMESPACE": new_namespace(),
        "MYCELIUM_ENVIRONMENT": "test",
        "MYCELIUM_LOG_LEVEL": "ERROR",
    }
    command = [sys.executable, "-m", "gateway", "--port", str(port)]
    if files is not None:
        command = ["prlimit", f"--nofile={files}:{files}", *command]
    process = await asyncio.create_subprocess_exec(*command, cwd=ROOT, env=env)
    url = f"http://127.0.0.1:{port}"
    try:
        async with aiohttp.ClientSession() as http:

            async def lives() -> bool:
                assert process.returncode is None
                try:
                    async with http.get(f"{url}/livez") as answer:
                        return answer.status == 200
                except aiohttp.ClientError:
                    return False

            await eventually(lives, within=120)
        yield url, process.pid
    finally:
        process.terminate()
        await process.wait()


def room_for(wanted: int) -> int:
    """As many connections as this process may have, at most so many."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < min(hard, wanted + 500):
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, wanted + 500), hard))
        soft = min(hard, wanted + 500)
    return min(wanted, soft - 300)


async def half_sent(url: str, number: int) -> list[socket.socket]:
    """So many connections, over each of which half a head was sent."""
    address = urlsplit(url)
    loop = asyncio.get_running_loop()

    async def one() -> socket.socket:
        connection = socket.socket()
        connection.setblocking(False)
        await loop.sock_connect(connection, (address.hostname, address.port))
        await loop.sock_sendall(connection, HALF)
        return connection

    made: list[socket.socket] = []
    while len(made) < number:
        made += await asyncio.gather(*(one() for _ in range(min(100, number - len(made)))))
    return made


async def slowest_of(url: str, times: int) -> float:
    """How long the slowest of so many queries took, each over a connection of its own, in seconds."""
    slowest = 0.0
    for _ in range(times):
        began = time.perf_counter()
        async with (
            aiohttp.ClientSession() as http,
            http.post(f"{url}/graphql", json={"query": "{ viewer { kind } }"}) as answer,
        ):
            assert await answer.json() == {"data": {"viewer": {"kind": "ANONYMOUS"}}}
        slowest = max(slowest, time.perf_counter() - began)
    return slowest


def memory_of(process: int) -> int:
    """How much memory a process has, in MB."""
    lines = Path(f"/proc/{process}/status").read_text().splitlines()
    return next(int(line.split()[1]) // 1024 for line in lines if line.startswith("VmRSS"))


def is_over(connection: socket.socket) -> bool:
    """Whether the other side hung up."""
    try:
        while connection.recv(4096):
            pass
    except BlockingIOError:
        return False
    except OSError:
        pass
    return True


async def test_thousands_of_half_sent_requests_do_no_harm_and_end(amqp_url: str) -> None:
    number = room_for(MANY)
    async with gateway(amqp_url) as (url, process):
        alone, memory = await slowest_of(url, 20), memory_of(process)
        waiting = await half_sent(url, number)
        try:
            beside = await slowest_of(url, 20)
            grown = memory_of(process) - memory
            print(f"{number} half-sent: slowest query {beside * 1000:.0f} ms, {alone * 1000:.0f} ms alone; +{grown} MB")
            assert grown < 250
            await eventually(lambda: all(map(is_over, waiting)), within=120)
        finally:
            for connection in waiting:
                connection.close()


async def test_more_of_them_than_the_gateway_may_have_files_do_no_harm_either(amqp_url: str) -> None:
    async with gateway(amqp_url, files=1_600) as (url, _):
        waiting = await half_sent(url, room_for(3_000))
        try:
            await slowest_of(url, 20)
        finally:
            for connection in waiting:
                connection.close()
