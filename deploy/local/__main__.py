"""`python -m deploy.local up | status | down`: the whole product on this machine, without Docker."""

import argparse
import os
import signal
import sys
from pathlib import Path

from deploy.local.folder import ROOT, Folder


def main() -> int:
    """Run the command line; return the exit code."""
    if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # nothing to stop yet, so Ctrl-C just ends the process
    parser = argparse.ArgumentParser(prog="python -m deploy.local", description=__doc__)
    parser.add_argument("--folder", type=Path, default=ROOT / ".mycelium", help="where its data and logs are")
    commands = parser.add_subparsers(dest="command", required=True)
    starting = commands.add_parser("up", help="start everything and stay until Ctrl-C")
    starting.add_argument("--detach", action="store_true", help="return when everything is ready")
    commands.add_parser("status", help="say what runs, and where")
    commands.add_parser("down", help="stop what `up` started")
    arguments = parser.parse_args()
    command = "up_detached" if arguments.command == "up" and arguments.detach else arguments.command
    return _run(command, Folder(arguments.folder.resolve()))


def _run(command: str, folder: Folder) -> int:
    # Imported here, because the imports take long enough to be interrupted.
    from deploy.local import control
    from deploy.local.describe import describe_trouble
    from deploy.local.stack import Stack

    try:
        match command:
            case "up_detached":
                again = [sys.executable, "-m", "deploy.local", "--folder", str(folder.path), "up"]
                return control.up_detached(folder, again)
            case "up":
                return control.up(folder, lambda: Stack(folder, _operator_settings(), control.say))
            case "status":
                return control.status(folder)
            case _:
                return control.down(folder)
    except OSError as error:
        control.say(describe_trouble(error))
        return 1


def _operator_settings() -> dict[str, str]:
    """The operator's settings from the environment or else from `.env`, as the applications would read them."""
    from dotenv import dotenv_values

    from_file = {name: value for name, value in dotenv_values(ROOT / ".env").items() if value is not None}
    return {**from_file, **os.environ}


if __name__ == "__main__":
    sys.exit(main())
