"""Runs RabbitMQ from the distribution's package, under the current account and without the machine's configuration.

The node has its own Erlang cookie, port mapper (epmd) and distribution port, on the loopback interface. So starting and
stopping it does not affect any other broker on the machine.
"""

import hashlib
import os
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from deploy.local.ports import answers, free_port, free_ports
from deploy.local.processes import Process, StartFailed

SERVER = Path("/usr/lib/rabbitmq/bin/rabbitmq-server")
_PROTOCOL_HEADER = b"AMQP\x00\x00\x09\x01"  # AMQP 0-9-1, section 4.2.2


def is_installed() -> bool:
    """Whether the distribution's RabbitMQ is installed."""
    return SERVER.exists() and _find_epmd() is not None


class RabbitMQ:
    """One broker node and its data folder. `start`, then `wait_ready`, then `stop`.

    The path of a node's durable state contains the node's name. So the name is derived from the folder and is the same
    at every start; ports may change.
    """

    def __init__(self, folder: Path, port: int, *, log: Path | None = None) -> None:
        self.port = port
        self.url = f"amqp://guest:guest@127.0.0.1:{port}/"
        self._folder = folder
        self._epmd_port, self._dist_port = free_ports(0, 0)
        log = log or folder / "rabbitmq.log"
        env = self._environment()
        epmd = _find_epmd()
        if epmd is None or not SERVER.exists():
            raise StartFailed("RabbitMQ is not installed: install `rabbitmq-server`, or set MYCELIUM_AMQP_URL.")
        self.port_mapper = Process(
            "epmd",
            [epmd, "-port", str(self._epmd_port), "-address", "127.0.0.1"],
            log=log.with_name("epmd.log"),
            env=env,
        )
        self.process = Process("rabbitmq", [str(SERVER)], log=log, env=env)

    def start(self) -> None:
        """Start the processes, without waiting until the broker is ready."""
        self._write_configuration()
        self.port_mapper.start()
        self.port_mapper.wait_until(lambda: answers(self._epmd_port), within=10)
        self.process.start()

    def wait_ready(self, within: float = 90.0) -> None:
        """Wait until it answers AMQP clients: then all its queues are recovered."""
        self.process.wait_until(self._greets, within)

    def stop(self, grace: float = 30.0) -> None:
        """Shut the broker down cleanly, then the port mapper."""
        try:
            self.process.stop(grace)
        finally:
            self.port_mapper.stop(5)

    def _greets(self) -> bool:
        try:
            with socket.create_connection(("127.0.0.1", self.port), timeout=1) as connection:
                connection.settimeout(5)
                connection.sendall(_PROTOCOL_HEADER)
                return connection.recv(1) == b"\x01"  # a method frame: Connection.Start
        except OSError:
            return False

    def _environment(self) -> dict[str, str]:
        """The broker's whole environment. The caller's RABBITMQ_… and ERL_… variables are not passed on."""
        folder = self._folder.resolve()
        node = "mycelium-" + hashlib.sha256(str(folder).encode()).hexdigest()[:12]
        return {
            "PATH": os.environ.get("PATH", os.defpath),
            "LANG": "C.UTF-8",
            "HOME": str(folder / "home"),  # where Erlang keeps the cookie
            "ERL_EPMD_PORT": str(self._epmd_port),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODENAME": f"{node}@localhost",
            "RABBITMQ_NODE_IP_ADDRESS": "127.0.0.1",
            "RABBITMQ_NODE_PORT": str(self.port),
            "RABBITMQ_DIST_PORT": str(self._dist_port),
            "RABBITMQ_MNESIA_BASE": str(folder / "data"),
            "RABBITMQ_LOG_BASE": str(folder / "log"),
            "RABBITMQ_LOGS": "-",
            "RABBITMQ_GENERATED_CONFIG_DIR": str(folder / "generated"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(folder / "enabled_plugins"),
            "RABBITMQ_CONFIG_FILE": str(folder / "rabbitmq.conf"),
            "RABBITMQ_CONFIG_FILES": str(folder / "conf.d"),
            "RABBITMQ_ADVANCED_CONFIG_FILE": str(folder / "advanced.config"),
            "RABBITMQ_CONF_ENV_FILE": str(folder / "rabbitmq-env.conf"),
            "RABBITMQ_SERVER_ADDITIONAL_ERL_ARGS": "-kernel inet_dist_use_interface {127,0,0,1}",
        }

    def _write_configuration(self) -> None:
        for name in ("home", "data", "log", "generated", "conf.d"):
            (self._folder / name).mkdir(parents=True, exist_ok=True)
        # All files that a broker would otherwise read from /etc/rabbitmq; some are empty.
        files = {
            "enabled_plugins": "[].\n",
            "advanced.config": "[].\n",
            "rabbitmq-env.conf": "",
            "rabbitmq.conf": (
                f"listeners.tcp.default = 127.0.0.1:{self.port}\n"
                "log.console = true\n"
                "log.console.level = warning\n"
                "log.file = false\n"
                # By default RabbitMQ takes a share of the machine's memory, far too much for a local broker.
                "vm_memory_high_watermark.absolute = 1GB\n"
                "disk_free_limit.absolute = 200MB\n"
                "raft.wal_max_size_bytes = 67108864\n"
            ),
        }
        for name, text in files.items():
            (self._folder / name).write_text(text)


def _find_epmd() -> str | None:
    on_path = shutil.which("epmd")
    if on_path is not None:
        return on_path
    return next((str(path) for path in sorted(Path("/usr/lib/erlang").glob("erts-*/bin/epmd"))), None)


@contextmanager
def start_rabbitmq(folder: Path, port: int = 0) -> Iterator[str]:
    """Run a RabbitMQ in `folder` while the block runs; yields its URL when it is ready. `port` 0: any free one."""
    broker = RabbitMQ(folder, port or free_port())
    try:
        broker.start()
        broker.wait_ready()
        yield broker.url
    finally:
        broker.stop()
