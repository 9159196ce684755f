"""`python -m deploy.local up | status | down`: the whole product on this machine, without Docker."""

import argparse
import os
import sys
from pathlib import Path

from dotenv import dotenv_values

from deploy.local.control import down, say, status, up, up_detached
from deploy.local.folder import ROOT, Folder
from deploy.local.stack import Stack


def main() -> int:
    """Read the command line and do what it says; gives the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / ".mycelium", help="where its data and logs are")
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("up", help="start everything and stay until Ctrl-C")
    starting.add_argument("--detach", action="store_true", help="return when everything is ready")
    commands.add_parser("status", help="say what runs, and where")
    commands.add_parser("down", help="stop what `up` started")
    asked = parser.parse_args()
    folder = Folder(asked.folder.resolve())
    match asked.command:
        case "up" if asked.detach:
            return up_detached(folder, [sys.executable, "-m", "deploy.local", "--folder", str(folder.path), "up"])
        case "up":
            return up(folder, lambda: Stack(folder, _given_settings(), say))
        case "status":
            return status(folder)
        case _:
            return down(folder)


def _given_settings() -> dict[str, str]:
    """What the operator set, in the environment or else in `.env`, as the applications themselves would read it."""
    written = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return {**written, **os.environ}


if __name__ == "__main__":
    sys.exit(main())
