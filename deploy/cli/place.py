"""Which Mycelium the command is about: what the environment or `.env` says, else the local stack that runs here."""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer
from dotenv import dotenv_values

from deploy.local.folder import ROOT, Folder, read_json
from shared.messaging.topology import Names
from shared.settings import SERVICES, Settings, variable

URLS = ("mongo_url", "amqp_url", "public_url", *(f"{service}_url" for service in SERVICES))


@dataclass(frozen=True)
class Place:
    """Addresses by the name of the setting, and where they were found: all of them, or none."""

    urls: Mapping[str, str]
    namespace: str
    driver: str
    found: str

    @classmethod
    def of(cls, folder: Path | None = None) -> "Place":
        """Look around: what the environment or else `.env` says; the local stack when that says nothing else."""
        written = {name: value for name, value in dotenv_values(".env").items() if value is not None}
        given = {**written, **os.environ}
        told = {name: given[variable(name)] for name in URLS if given.get(variable(name))}
        stack = Folder(folder or ROOT / ".mycelium").stack
        running = _running(read_json(stack))
        is_it = bool(running) and all(running[name] == url for name, url in told.items())
        defaults = {name: str(Settings.model_fields[name].default) for name in URLS} if told else {}
        return cls(
            urls=running if is_it else {**defaults, **told},
            namespace=given.get(variable("namespace"), ""),
            driver=given.get(variable("mongo_driver")) or Settings.model_fields["mongo_driver"].default,
            found=str(stack) if is_it else "the environment",
        )

    def url(self, name: str) -> str:
        """An address; when nothing was found, a sentence on what to do and the end of the command."""
        if name not in self.urls:
            typer.echo(f"No Mycelium runs here: start one with `make up`, or set {variable(name)}.", err=True)
            raise typer.Exit(2)
        return self.urls[name]

    def names(self, service: str) -> Names:
        """What the exchange and a service's queues are called there."""
        return Names(self._named("mycelium"), self._named(service))

    def database_name(self, service: str) -> str:
        """What a service's database is called there."""
        return f"{self.namespace}-{service}" if self.namespace else service

    def _named(self, plain: str) -> str:
        return f"{self.namespace}.{plain}" if self.namespace else plain


def _running(facts: Any) -> dict[str, str]:
    if not isinstance(facts, dict):
        return {}
    services = {f"{name}_url": url for name, url in facts["services"].items()}
    return {"mongo_url": facts["mongo"], "amqp_url": facts["amqp"], "public_url": facts["gateway"], **services}
