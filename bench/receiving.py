"""A bare receiver in a process of its own: answers 204 and counts. `python -m bench.receiving PORT`."""

import contextlib
import subprocess
import sys
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


async def _receive(request: web.Request) -> web.Response:
    await request.read()
    return web.Response(status=204)


if __name__ == "__main__":
    application = web.Application()
    application.router.add_post("/", _receive)
    web.run_app(application, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None)
