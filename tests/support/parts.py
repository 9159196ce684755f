"""MongoDB and RabbitMQ for a test run: by URL, else those of `make test-parts`, else Docker containers, else local."""

import os
import shutil
import socket
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from deploy.local.processes import Process
from tests.support.standing import find_standing

MONGO_IMAGE = "mongo:8.0"
RABBITMQ_IMAGE = "rabbitmq:4.3"
MEMORY = Path("/dev/shm")
MEMORY_NEEDED = 6 * 1024**3
PREFIX = "mycelium-tests-"


class Parts:
    """The parts of a test run. `start` starts both at once; each URL waits only for its own part.

    `folder` is for their data (default: a temporary folder); `processes` are those started without Docker.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._ends = ExitStack()
        self.processes: list[Process] = []
        self._mongo: Callable[[], str] | None = None
        self._amqp: Callable[[], str] | None = None

    def start(self, *, mongo: bool, amqp: bool) -> None:
        """Start the wanted parts in the background, unless MYCELIUM_TEST_{MONGO,AMQP}_URL or `make test-parts` do."""
        standing = find_standing()
        mongo_url = os.environ.get("MYCELIUM_TEST_MONGO_URL") or (standing and standing.mongo_url)
        amqp_url = os.environ.get("MYCELIUM_TEST_AMQP_URL") or (standing and standing.amqp_url)
        if mongo_url:
            self._mongo = lambda: mongo_url
        if amqp_url:
            self._amqp = lambda: amqp_url
        self.begin(mongo=mongo and not mongo_url, amqp=amqp and not amqp_url)

    def begin(self, *, mongo: bool, amqp: bool) -> None:
        """Start new parts in the background, in containers if a Docker engine answers."""
        if not (mongo or amqp):
            return
        if docker_answers():
            self._start_containers(mongo, amqp)
        else:
            self._start_local(mongo, amqp)

    def mongo_url(self) -> str:
        """Wait until the replica set accepts writes; return its URL."""
        if self._mongo is None:
            raise RuntimeError("MongoDB was not asked for")
        return self._mongo()

    def amqp_url(self) -> str:
        """Wait until the broker answers; return its URL."""
        if self._amqp is None:
            raise RuntimeError("RabbitMQ was not asked for")
        return self._amqp()

    def stop(self) -> None:
        """Stop everything this run started, and delete its data."""
        self._ends.close()

    def _start_local(self, mongo: bool, amqp: bool) -> None:
        # Imported here, so that a test that needs no parts does not wait for the imports.
        from deploy.local.mongo import Mongo
        from deploy.local.ports import free_ports
        from deploy.local.rabbitmq import RabbitMQ

        folder = self._folder or new_data_folder()
        self._ends.callback(shutil.rmtree, folder, ignore_errors=True)
        mongo_port, amqp_port = free_ports(0, 0)
        if mongo:
            database = Mongo(folder / "mongo", mongo_port)
            self._ends.callback(database.stop)
            database.start()
            self.processes.append(database.process)
            self._mongo = _once(database.wait_ready, database.url)
        if amqp:
            broker = RabbitMQ(folder / "rabbitmq", amqp_port)
            self._ends.callback(broker.stop)
            broker.start()
            self.processes += [broker.process, broker.port_mapper]
            self._amqp = _once(broker.wait_ready, broker.url)

    def _start_containers(self, mongo: bool, amqp: bool) -> None:
        from tests.support.containers import start_mongo_container, start_rabbitmq_container

        if mongo:
            self._mongo = start_mongo_container(self._ends, MONGO_IMAGE)
        if amqp:
            self._amqp = start_rabbitmq_container(self._ends, RABBITMQ_IMAGE)


def new_data_folder() -> Path:
    """A new folder for data that one run needs: in memory where there is room, since each commit waits for the disk.

    Its name carries our process id, so that a later run removes what a killed one left in memory.
    """
    try:
        has_room = shutil.disk_usage(MEMORY).free >= MEMORY_NEEDED and os.access(MEMORY, os.W_OK)
    except OSError:
        has_room = False
    if not has_room:
        return Path(tempfile.mkdtemp(prefix=PREFIX))
    for left in MEMORY.glob(f"{PREFIX}*-*"):
        if not Path("/proc", left.name.removeprefix(PREFIX).partition("-")[0]).exists():
            shutil.rmtree(left, ignore_errors=True)
    return Path(tempfile.mkdtemp(prefix=f"{PREFIX}{os.getpid()}-", dir=MEMORY))


def docker_answers() -> bool:
    """Whether a Docker engine answers. A `docker` command on PATH is not enough."""
    host = os.environ.get("DOCKER_HOST", "unix:///var/run/docker.sock")
    # Checked here first, because Docker's client leaves a socket open when nothing listens.
    if host.startswith("unix://") and not _accepts(host.removeprefix("unix://")):
        return False
    import docker  # type: ignore[import-untyped]
    from docker.errors import DockerException  # type: ignore[import-untyped]

    try:
        client = docker.from_env(timeout=2)
    except DockerException:
        return False
    try:
        return bool(client.ping())
    except (DockerException, OSError):
        return False
    finally:
        client.close()


def _accepts(path: str) -> bool:
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as probe:
        probe.settimeout(2)
        return probe.connect_ex(path) == 0


def _once(wait: Callable[[], None], url: str) -> Callable[[], str]:
    waited: list[str] = []

    def ready() -> str:
        if not waited:
            wait()
            waited.append(url)
        return url

    return ready
