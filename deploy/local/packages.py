"""Installs the two packages that no Python wheel contains: RabbitMQ, and a library that mongod needs."""

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from deploy.local import rabbitmq
from deploy.local.mongo import find_mongod
from deploy.local.processes import StartFailed


def ensure_rabbitmq(log: Path, say: Callable[[str], None]) -> None:
    """Install RabbitMQ if it is missing and apt-get may be used. Otherwise raise StartFailed with what to do."""
    if not rabbitmq.is_installed():
        _install(
            "rabbitmq-server",
            otherwise="RabbitMQ is not installed here: install the package `rabbitmq-server` "
            "(sudo apt-get install rabbitmq-server), or set MYCELIUM_AMQP_URL to a broker you have.",
            log=log,
            say=say,
        )


def ensure_mongod_runs(log: Path, say: Callable[[str], None]) -> None:
    """Install libcurl if mongod needs it and apt-get may be used. Raise StartFailed if mongod still does not run."""
    mongod = find_mongod()
    tried = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False)
    if tried.returncode != 0 and "libcurl.so.4" in tried.stderr:
        _install(
            "libcurl4",
            otherwise="MongoDB needs the library libcurl: install the package `libcurl4` "
            "(sudo apt-get install libcurl4), or set MYCELIUM_MONGO_URL to a database you have.",
            log=log,
            say=say,
        )
        tried = subprocess.run([mongod, "--version"], capture_output=True, text=True, check=False)
    if tried.returncode != 0:
        why = tried.stderr.strip() or f"it ended with {tried.returncode}"
        raise StartFailed(f"MongoDB does not run on this machine ({why}): set MYCELIUM_MONGO_URL instead.")


def _install(package: str, *, otherwise: str, log: Path, say: Callable[[str], None]) -> None:
    as_root = _root_prefix()
    if shutil.which("apt-get") is None or as_root is None:
        raise StartFailed(otherwise)
    say(f"Installing {package} (apt-get, once) ...")
    install = ["apt-get", "install", "-y", "--no-install-recommends", package]
    with log.open("ab") as output:
        for command in (["apt-get", "update"], install):
            words = [*as_root, "env", "DEBIAN_FRONTEND=noninteractive", *command]
            done = subprocess.run(words, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, check=False)
    if done.returncode != 0:
        raise StartFailed(f"apt-get could not install {package} (see {log}). {otherwise}")


def _root_prefix() -> list[str] | None:
    """The words before a command that run it as root: none, or sudo. `None` when neither is possible."""
    if os.geteuid() == 0:
        return []
    if shutil.which("sudo") is None:
        return None
    tried = subprocess.run(["sudo", "-n", "true"], capture_output=True, stdin=subprocess.DEVNULL, check=False)
    return ["sudo", "-n"] if tried.returncode == 0 else None
