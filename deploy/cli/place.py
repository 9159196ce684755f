"""Finds the deployment a command is for: from the environment or `.env`, else the running local stack."""

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
    """The addresses of a deployment by the names of their settings (all or none), and where they were `found`."""

    urls: Mapping[str, str]
    namespace: str
    driver: str
    found: str

    @classmethod
    def of(cls, folder: Path | None = None) -> "Place":
        """The deployment that the environment or `.env` names; the local stack when they name no other one."""
        from_file = {name: value for name, value in dotenv_values(".env").items() if value is not None}
        environment = {**from_file, **os.environ}
        urls = {name: environment[variable(name)] for name in URLS if environment.get(variable(name))}
        stack = Folder(folder or ROOT / ".mycelium").stack
        running = _running(read_json(stack))
        is_local = bool(running) and all(running[name] == url for name, url in urls.items())
        defaults = {name: str(Settings.model_fields[name].default) for name in URLS} if urls else {}
        return cls(
            urls=running if is_local else {**defaults, **urls},
            namespace=environment.get(variable("namespace"), ""),
            driver=environment.get(variable("mongo_driver")) or Settings.model_fields["mongo_driver"].default,
            found=str(stack) if is_local else "the environment",
        )

    def url(self, name: str) -> str:
        """The address of this setting. Without a deployment, print what to do and end the command with exit code 2."""
        if name not in self.urls:
            typer.echo(f"No Mycelium runs here: start one with `make up`, or set {variable(name)}.", err=True)
            raise typer.Exit(2)
        return self.urls[name]

    def names(self, service: str) -> Names:
        """The names of the exchange and of a service's queues."""
        return Names(self._named("mycelium"), self._named(service))

    def database_name(self, service: str) -> str:
        """The name of a service's database."""
        return f"{self.namespace}-{service}" if self.namespace else service

    def _named(self, plain: str) -> str:
        return f"{self.namespace}.{plain}" if self.namespace else plain


def _running(facts: Any) -> dict[str, str]:
    if not isinstance(facts, dict):
        return {}
    services = {f"{name}_url": url for name, url in facts["services"].items()}
    return {"mongo_url": facts["mongo"], "amqp_url": facts["amqp"], "public_url": facts["gateway"], **services}
