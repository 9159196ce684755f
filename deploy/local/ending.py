"""Why a stack does not run: what its supervisor recorded, or that it was killed before it could record anything."""

from deploy.local.folder import Folder, read_json, write_json
from shared import clock

STOPPED = "it was stopped"


def record(folder: Folder, why: str) -> None:
    """Record why the folder's stack ends: `STOPPED`, or a description of what went wrong."""
    write_json(folder.ended, {"at": clock.iso(clock.now()), "why": why})


def forget(folder: Folder) -> None:
    """Delete the record of the last run, because a new run begins."""
    folder.ended.unlink(missing_ok=True)


def describe(folder: Folder) -> str:
    """A text on why the folder's stack does not run, as far as it is known."""
    known = read_json(folder.ended)
    if isinstance(known, dict) and known.get("why") == STOPPED:
        return f"Mycelium is not running: {STOPPED} at {known['at']}."
    if isinstance(known, dict):
        return f"Mycelium is not running. It ended at {known.get('at')}, because of this:\n\n{known.get('why')}"
    if folder.processes.exists():
        return (
            "Mycelium is not running. Its supervisor was killed, or the machine went down, while it ran. "
            "`make up` ends what may be left of it and starts anew; `make down` only ends it."
        )
    return "Mycelium is not running."
