"""A minimal webhook receiver as a separate process: answers 204. `python -m bench.receiving PORT`.

`/arrivals` lists when each message first arrived, `/stall` never answers in time, and `/sign-in/requests/{id}/mail`
answers like membership with the address and code of a sign-in mail.
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
    """Run a receiver while the block runs; yields its URL."""
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
    return web.json_response(_arrivals)  # all processes of a machine share the clock of `perf_counter`


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
