"""The product in processes of its own, which can be killed and started again."""

import asyncio
import os
import signal
from pathlib import Path

from deploy.local.applications import GATEWAY, SERVICES, is_ready, process_of
from deploy.local.ports import free_ports
from deploy.local.processes import Process
from shared.settings import Settings
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[3]


class Product:
    """Five processes on the settings' database and broker."""

    def __init__(self, settings: Settings, folder: Path) -> None:
        names = [application.name for application in SERVICES]
        gateway, *ports = free_ports(0, *(0 for _ in names))
        self.ports = dict(zip(names, ports, strict=True)) | {"gateway": gateway}
        urls = {f"{name}_url": f"http://127.0.0.1:{self.ports[name]}" for name in names}
        self.settings = settings.model_copy(
            update={**urls, "public_url": f"http://127.0.0.1:{gateway}", "relay_lease_seconds": 3.0}
        )
        self.graphql = f"http://127.0.0.1:{gateway}/graphql"
        environment = {**os.environ, "PYTHONPATH": str(ROOT), **self._told()}
        self.processes: dict[str, Process] = {
            application.name: process_of(
                application,
                self.ports[application.name],
                log=folder / f"{application.name}.log",
                env=environment,
                folder=ROOT,
            )
            for application in (*SERVICES, GATEWAY)
        }

    def _told(self) -> dict[str, str]:
        told: dict[str, str] = {}
        for name in Settings.model_fields:
            value = getattr(self.settings, name)
            if value is not None:
                plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
                told[f"MYCELIUM_{name.upper()}"] = str(plain)
        return told

    async def start(self) -> None:
        """Start all and wait until they are ready."""
        for process in self.processes.values():
            process.start()
        for name in self.processes:
            await self.ready(name)

    async def ready(self, name: str) -> None:
        """Wait until one of them says so."""

        async def says_so() -> bool:
            return await asyncio.to_thread(is_ready, self.ports[name])

        await eventually(says_so, within=60)

    async def kill_and_restart(self, name: str) -> None:
        """SIGKILL one of them, as by a power cut, and start it again."""
        process = self.processes[name]
        os.kill(process.pid, signal.SIGKILL)

        def dead() -> bool:
            return not process.is_running

        await eventually(dead)
        process.start()
        await self.ready(name)

    def stop(self) -> None:
        """End all that run."""
        for process in reversed(list(self.processes.values())):
            process.stop(10)
