"""`python -m deploy.local up | status | down`: the whole product on this machine, without Docker."""

import argparse
import os
import signal
import sys
from pathlib import Path

from deploy.local.folder import ROOT, Folder


def main() -> int:
    """Read the command line and do what it says; gives the exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # until something runs that must be stopped, Ctrl-C just ends us
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / ".mycelium", help="where its data and logs are")
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("up", help="start everything and stay until Ctrl-C")
    starting.add_argument("--detach", action="store_true", help="return when everything is ready")
    commands.add_parser("status", help="say what runs, and where")
    commands.add_parser("down", help="stop what `up` started")
    asked = parser.parse_args()
    command = "up_detached" if asked.command == "up" and asked.detach else asked.command
    return _obey(command, Folder(asked.folder.resolve()))


def _obey(command: str, folder: Folder) -> int:
    # Imported here, for these take long enough to be interrupted.
    from deploy.local import control
    from deploy.local.describe import describe_trouble
    from deploy.local.stack import Stack

    try:
        match command:
            case "up_detached":
                again = [sys.executable, "-m", "deploy.local", "--folder", str(folder.path), "up"]
                return control.up_detached(folder, again)
            case "up":
                return control.up(folder, lambda: Stack(folder, _given_settings(), control.say))
            case "status":
                return control.status(folder)
            case _:
                return control.down(folder)
    except OSError as error:
        control.say(describe_trouble(error))
        return 1


def _given_settings() -> dict[str, str]:
    """What the operator set, in the environment or else in `.env`, as the applications themselves would read it."""
    from dotenv import dotenv_values

    written = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return {**written, **os.environ}


if __name__ == "__main__":
    sys.exit(main())
