"""A bare receiver in a process of its own: answers 204. `python -m bench.receiving PORT`.

It also says when each message first came (`/arrivals`), keeps whoever comes to `/stall` waiting, and answers for
membership to whom a sign-in code goes.
"""

import asyncio
import contextlib
import subprocess
import sys
import time
from collections.abc import Iterator

from aiohttp import web

from deploy.local.ports import answers, free_ports


@contextlib.contextmanager
def receiver() -> Iterator[str]:
    """Run one; gives its URL."""
    (port,) = free_ports(0)
    process = subprocess.Popen([sys.executable, "-m", "bench.receiving", str(port)])
    try:
        while not answers(port):
            if process.poll() is not None:
                raise RuntimeError("the receiver did not start")
        yield f"http://127.0.0.1:{port}/"
    finally:
        process.terminate()
        process.wait()


_arrivals: dict[str, float] = {}


async def _receive(request: web.Request) -> web.Response:
    await request.read()
    if "webhook-id" in request.headers:
        _arrivals.setdefault(request.headers["webhook-id"], time.perf_counter())
    return web.Response(status=204)


async def _quick(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=204)


async def _stall(request: web.Request) -> web.Response:
    await asyncio.sleep(600)
    return web.Response(status=204)


async def _arrived(request: web.Request) -> web.Response:
    return web.json_response(_arrivals)  # `perf_counter` is one clock for all processes of a machine


async def _code(request: web.Request) -> web.Response:
    address = f"{request.match_info['id']}@example.org"
    return web.json_response({"address": address, "code": "AAAABBBB", "expires_at": "2100-01-01T00:00:00Z"})


if __name__ == "__main__":
    application = web.Application()
    application.router.add_post("/", _receive)
    application.router.add_post("/quick", _quick)
    application.router.add_post("/stall", _stall)
    application.router.add_get("/arrivals", _arrived)
    application.router.add_post("/sign-in/requests/{id}/mail", _code)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
