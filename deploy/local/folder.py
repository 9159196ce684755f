"""The files of the local stack: `.mycelium/` in the repository, which git ignores."""

import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]


@dataclass(frozen=True)
class Folder:
    """The files and folders of one local stack, all below `path`."""

    path: Path = ROOT / ".mycelium"

    @property
    def mongo(self) -> Path:
        return self.path / "mongo"

    @property
    def rabbitmq(self) -> Path:
        return self.path / "rabbitmq"

    @property
    def mail(self) -> Path:
        """Caught mails, one file for each."""
        return self.path / "mail"

    @property
    def secrets(self) -> Path:
        return self.path / "secrets.json"

    @property
    def lock(self) -> Path:
        """The supervisor holds this lock while it runs."""
        return self.path / "supervisor.lock"

    @property
    def processes(self) -> Path:
        """The processes that the supervisor started, so that the next supervisor can end them if it is killed."""
        return self.path / "processes.json"

    @property
    def stack(self) -> Path:
        """The facts about the running stack; the file exists only while the stack is ready."""
        return self.path / "stack.json"

    @property
    def ended(self) -> Path:
        """When and why the stack ended; the file exists from its end to the next start."""
        return self.path / "ended.json"

    def log(self, name: str) -> Path:
        """The log of one process."""
        return self.path / "logs" / f"{name}.log"

    def make(self) -> None:
        """Create the folders that must exist before anything starts."""
        for folder in (self.path, self.mail, self.path / "logs"):
            folder.mkdir(parents=True, exist_ok=True)


def read_json(path: Path) -> Any:
    """The content of a JSON file, or None when it does not exist or is incomplete."""
    try:
        return json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return None


def write_json(path: Path, content: Any) -> None:
    """Write a JSON file atomically, readable only by its owner."""
    half = path.with_name(path.name + ".new")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as file:
        json.dump(content, file, indent=2)
        file.write("\n")
    half.replace(path)
