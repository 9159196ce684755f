"""The product as separate processes, with two replicas of every service, which can be killed and restarted."""

import asyncio
import os
import signal
from collections.abc import AsyncIterator, Iterable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import replace
from pathlib import Path

from deploy.local.applications import GATEWAY, SERVICES, Application, is_ready, process_of
from deploy.local.ports import free_ports
from deploy.local.processes import Process
from shared.settings import Settings
from tests.proofs.ledger import application as served
from tests.proofs.ledger.balancer import Balancer, a_balancer
from tests.support.waiting import eventually

ROOT = Path(__file__).resolve().parents[3]
REPLICAS = 2


class Product:
    """The gateway and the replicas, on the settings' database and broker. `balancers`: by service, while it runs.

    `processes`: by name; a replica's name is the service's with a number, such as `events-2`.
    """

    def __init__(self, settings: Settings, folder: Path) -> None:
        names = [service.name for service in SERVICES]
        gateway, *ports = free_ports(0, *(0 for _ in range(len(names) * (1 + REPLICAS))))
        self.front_ports = {name: ports.pop() for name in names}
        self.replicas = {name: [f"{name}-{number}" for number in range(1, REPLICAS + 1)] for name in names}
        self.ports = {replica: ports.pop() for name in names for replica in self.replicas[name]} | {"gateway": gateway}
        self.balancers: dict[str, Balancer] = {}
        urls = {f"{name}_url": f"http://127.0.0.1:{self.front_ports[name]}" for name in names}
        self.settings = settings.model_copy(
            update={**urls, "public_url": f"http://127.0.0.1:{gateway}", "relay_lease_seconds": 3.0}
        )
        self.graphql = f"http://127.0.0.1:{gateway}/graphql"
        self._folder = folder
        self.processes: dict[str, Process] = {
            replica: self._process(service, replica) for service in SERVICES for replica in self.replicas[service.name]
        } | {"gateway": self._process(GATEWAY, "gateway")}

    def _process(self, application: Application, name: str) -> Process:
        env = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            served.VARIABLE: application.module,
            **self._environment(),
        }
        with_breakage = replace(application, name=name, module=served.__name__)
        return process_of(with_breakage, self.ports[name], log=self._folder / f"{name}.log", env=env, folder=ROOT)

    def _environment(self) -> dict[str, str]:
        variables: dict[str, str] = {}
        for name in Settings.model_fields:
            value = getattr(self.settings, name)
            if value is not None:
                plain = value.get_secret_value() if hasattr(value, "get_secret_value") else value
                variables[f"MYCELIUM_{name.upper()}"] = str(plain)
        return variables

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Run all processes while the block runs; it begins when they are ready."""
        async with AsyncExitStack() as ends:
            for name, port in self.front_ports.items():
                replicas = [self.ports[replica] for replica in self.replicas[name]]
                self.balancers[name] = await ends.enter_async_context(a_balancer(port, replicas))
            ends.callback(self._stop)
            for process in self.processes.values():
                process.start()
            await self.ready(self.processes)
            yield

    async def ready(self, names: Iterable[str]) -> None:
        """Wait until these processes are ready."""
        for name in names:

            async def says_so(name: str = name) -> bool:
                return await asyncio.to_thread(is_ready, self.ports[name])

            await eventually(says_so, within=120)

    async def kill_and_restart(self, *names: str) -> None:
        """Send SIGKILL to these processes at once, as in a power failure, and start them again."""
        killed = [self.processes[name] for name in names]
        for process in killed:
            os.kill(process.pid, signal.SIGKILL)

        def dead() -> bool:
            return not any(process.is_running for process in killed)

        await eventually(dead)
        for process in killed:
            process.start()
        await self.ready(names)

    def surprises(self) -> list[str]:
        """Unexpected errors in the logs. The faults of this proof are expected, and are answered with 503."""
        logs = sorted(self._folder.glob("*.log*"))
        return [
            f"{log.name}: {line[:500]}"
            for log in logs
            for line in log.read_text(errors="replace").splitlines()
            if '"unforeseen_error"' in line
        ]

    def _stop(self) -> None:
        for process in reversed(self.processes.values()):
            process.ask_to_end()
        for process in reversed(self.processes.values()):
            process.stop(10)
