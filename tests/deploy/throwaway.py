"""A local stack around tiny applications, so that the supervisor is tested without the product it runs.

Run as `python -m tests.deploy.throwaway FOLDER`; `FOLDER/code` must hold what `write_code` writes.
"""

import os
import sys
from pathlib import Path

from deploy.local.applications import Application
from deploy.local.control import say, up
from deploy.local.folder import Folder
from deploy.local.stack import Stack

APPLICATION = '''
import os
import sys


def create_app():
    """Ready at once; /die ends the process, /env tells what the application was told."""

    async def app(scope, receive, send):
        if scope["type"] == "lifespan":
            while True:
                message = await receive()
                await send({"type": message["type"] + ".complete"})
                if message["type"] == "lifespan.shutdown":
                    return
        if scope["path"] == "/die":
            print("a last word", file=sys.stderr, flush=True)
            os._exit(3)
        body = "\\n".join(f"{k}={v}" for k, v in os.environ.items() if k.startswith("MYCELIUM_"))
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": body.encode()})

    return app
'''

DEMO = """
import json, os
hub = {"slug": "north-east", "name": "North East"}
print(json.dumps({"hub": hub, "keys": {"operator": "o", "hub": "key-of-hub", "partner": "p"}}))
"""


def write_code(folder: Path) -> None:
    """Write the application and the demo."""
    code = folder / "code"
    code.mkdir(parents=True)
    (code / "tiny.py").write_text(APPLICATION)
    (code / "tinydemo.py").write_text(DEMO)


def make_stack(path: Path) -> Stack:
    """A stack of two services and a gateway, all of them the tiny application."""
    return Stack(
        Folder(path / "stack"),
        os.environ,
        say,
        services=[Application("one", "tiny", 8301), Application("two", "tiny", 8302)],
        gateway=Application("gateway", "tiny", 8300),
        demo="tinydemo",
        code=path / "code",
    )


if __name__ == "__main__":
    here = Path(sys.argv[1])
    sys.exit(up(Folder(here / "stack"), lambda: make_stack(here)))
