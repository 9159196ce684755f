"""The whole local stack: starts all parts in order, waits until they are ready, and stops them in order."""

import os
import socket
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from deploy.local.applications import (
    GATEWAY,
    SERVICES,
    Application,
    find_module,
    is_ready,
    load_secrets,
    process_of,
)
from deploy.local.checks import check_broker, check_mongo, check_settings
from deploy.local.folder import ROOT, Folder, read_json
from deploy.local.leftovers import end_leftovers, remember
from deploy.local.mongo import Mongo
from deploy.local.packages import ensure_mongod_runs, ensure_rabbitmq
from deploy.local.ports import answers, reserve_ports
from deploy.local.processes import Process, StartFailed
from deploy.local.rabbitmq import RabbitMQ

MONGO_PORT, AMQP_PORT, SMTP_PORT = 27117, 5772, 8125
CALLED = {"mongo": "MongoDB", "amqp": "RabbitMQ", "mail": "the mail catcher", "gateway": "the gateway"}
READY_SECONDS = 90.0
DRAIN_SECONDS = 10.0
DEMO_SECONDS = 600.0


class Stack:
    """One local stack in one folder. `settings` are the operator's settings, by environment variable.

    `code` is the folder with the modules of the applications and of `demo`. If the module `demo` exists, it is run: it
    loads the demo community and prints what it made as JSON.
    """

    def __init__(
        self,
        folder: Folder,
        settings: Mapping[str, str],
        say: Callable[[str], None],
        *,
        services: Sequence[Application] = SERVICES,
        gateway: Application = GATEWAY,
        demo: str = "deploy.demo",
        code: Path = ROOT,
    ) -> None:
        self._folder = folder
        self._operator_settings = settings
        self._say = say
        self._services = services
        self._gateway = gateway
        self._demo = demo
        self._code = code
        self._mongo: Mongo | None = None
        self._broker: RabbitMQ | None = None
        self._mail: Process | None = None
        self._applications: dict[str, Process] = {}
        self._loading: Process | None = None
        self._wishes: dict[str, int] = {}
        self._ports: dict[str, int] = {}
        self._reserved: list[socket.socket] = []
        self._urls: dict[str, str] = {}

    def start(self) -> dict[str, Any]:
        """Start everything and wait until it is ready; return the facts for stack.json. Raises StartFailed."""
        self._folder.make()
        self._folder.stack.unlink(missing_ok=True)
        for name in end_leftovers(self._folder.processes):
            self._say(f"Ended {name}, which an earlier run had left running.")
        is_first = not (self._folder.path / "demo-keys.json").exists()
        self._choose_addresses()
        for sentence in check_settings(self._operator_settings, self._settings()):
            self._say(sentence)
        self._say_other_ports()
        if is_first:
            self._say("The first start takes half a minute or more, later ones less.")
        self._say("MongoDB and RabbitMQ ...")
        self._start_parts()
        # The applications wait for the broker themselves, so they can start at the same time.
        if self._mongo is not None:
            self._mongo.wait_ready(READY_SECONDS)
        environment = self._environment()
        self._say("The applications ...")
        self._start_applications(environment)
        if self._broker is not None:
            self._broker.wait_ready(READY_SECONDS)
        self._wait_for_applications()
        self._say("The demo community ...")
        return self._facts(self._load_demo(environment))

    def watch(self) -> Process:
        """Wait until a process that should run has ended; return it."""
        while True:
            for process in self._processes():
                if not process.is_running:
                    return process
            time.sleep(0.5)

    def stop(self) -> None:
        """Stop the applications, then mail, RabbitMQ and MongoDB. May be called at any time, also when nothing runs."""
        _remove(self._folder.stack)
        first = [*self._applications.values(), *([self._loading] if self._loading else [])]
        for process in first:
            process.ask_to_end()
        deadline = time.monotonic() + DRAIN_SECONDS
        for process in first:
            process.stop(max(0.0, deadline - time.monotonic()))
        if self._mail is not None:
            self._mail.stop()
        # Both at the same time, because neither depends on the other.
        if self._mongo is not None:
            self._mongo.process.ask_to_end()
        if self._broker is not None:
            self._broker.stop()
        if self._mongo is not None:
            self._mongo.stop()
        for reserved in self._reserved:
            reserved.close()
        _remove(self._folder.processes)

    def _choose_addresses(self) -> None:
        self._wishes = {"mongo": MONGO_PORT, "amqp": AMQP_PORT, "mail": SMTP_PORT}
        self._wishes |= {application.name: application.port for application in (*self._services, self._gateway)}
        ports, self._reserved = reserve_ports(*self._wishes.values())
        self._ports = dict(zip(self._wishes, ports, strict=True))
        self._urls = {
            application.name: f"http://127.0.0.1:{self._ports[application.name]}"
            for application in (*self._services, self._gateway)
        }

    def _say_other_ports(self) -> None:
        """Say which parts do not have their usual port. The operator's own MongoDB and RabbitMQ are left out."""
        for name, wish in self._wishes.items():
            is_own = name in ("mongo", "amqp") and self._operator_settings.get(f"MYCELIUM_{name.upper()}_URL")
            if self._ports[name] != wish and not is_own:
                self._say(f"{wish} is taken: {CALLED.get(name, name)} is on {self._ports[name]}.")

    def _start_parts(self) -> None:
        mongo_url = self._operator_settings.get("MYCELIUM_MONGO_URL")
        amqp_url = self._operator_settings.get("MYCELIUM_AMQP_URL")
        # Report or install everything that is missing before anything runs.
        if mongo_url:
            check_mongo(mongo_url)
        else:
            ensure_mongod_runs(self._folder.log("apt"), self._say)
        if amqp_url:
            check_broker(amqp_url)
        else:
            ensure_rabbitmq(self._folder.log("apt"), self._say)
        if not mongo_url:
            self._mongo = Mongo(self._folder.mongo, self._ports["mongo"], log=self._folder.log("mongo"))
            mongo_url = self._mongo.url
            self._mongo.start()
            self._remember()
        if not amqp_url:
            self._broker = RabbitMQ(self._folder.rabbitmq, self._ports["amqp"], log=self._folder.log("rabbitmq"))
            amqp_url = self._broker.url
            self._broker.start()
            self._remember()
        self._urls |= {"mongo": mongo_url, "amqp": amqp_url}
        catcher = [sys.executable, "-m", "deploy.local.mail", str(self._ports["mail"]), str(self._folder.mail)]
        self._mail = Process("mail", catcher, log=self._folder.log("mail"), folder=ROOT)
        self._mail.start()
        self._remember()

    def _environment(self) -> dict[str, str]:
        """The environment of the applications and the demo. They read all other settings from `.env` themselves."""
        parts = {"MYCELIUM_MONGO_URL": self._urls["mongo"], "MYCELIUM_AMQP_URL": self._urls["amqp"]}
        return {**os.environ, **self._settings(), **parts}

    def _settings(self) -> dict[str, str]:
        """The settings that this stack makes itself, without the addresses of MongoDB and RabbitMQ."""
        ours = {
            "ENVIRONMENT": "local",
            "NAMESPACE": self._operator_settings.get("MYCELIUM_NAMESPACE", ""),
            **{f"{service.name.upper()}_URL": self._urls[service.name] for service in self._services},
            "PUBLIC_URL": self._urls[self._gateway.name],
            "SMTP_URL": f"smtp://127.0.0.1:{self._ports['mail']}",
            "WEBHOOKS_ALLOW_PRIVATE": self._operator_settings.get("MYCELIUM_WEBHOOKS_ALLOW_PRIVATE", "true"),
            "GRAPHIQL": "true",
            "LOG_FORMAT": "json",
        }
        return {**load_secrets(self._folder.secrets), **{f"MYCELIUM_{name}": value for name, value in ours.items()}}

    def _start_applications(self, environment: Mapping[str, str]) -> None:
        for application in (*self._services, self._gateway):
            process = process_of(
                application,
                self._ports[application.name],
                log=self._folder.log(application.name),
                env=environment,
                folder=self._code,
            )
            self._applications[application.name] = process
            process.start()
            self._remember()

    def _wait_for_applications(self) -> None:
        deadline = time.monotonic() + READY_SECONDS
        waiting = dict(self._applications)
        while waiting:
            self._check_all_running()
            waiting = {name: each for name, each in waiting.items() if not is_ready(self._ports[name])}
            if waiting and time.monotonic() > deadline:
                raise StartFailed("\n".join(each.not_ready(READY_SECONDS) for each in waiting.values()))
            time.sleep(0.05)
        if self._mail is not None:
            self._mail.wait_until(lambda: answers(self._ports["mail"]), within=READY_SECONDS)

    def _load_demo(self, environment: Mapping[str, str]) -> dict[str, Any]:
        """Load the demo community; return what the demo printed, or nothing when there is no demo module."""
        if find_module(self._code, self._demo) is None:
            self._say("There is no demo community to load.")
            return {}
        made = self._folder.path / "demo.json"
        self._loading = Process(
            "demo",
            [sys.executable, "-m", self._demo, "--keys", str(self._folder.path / "demo-keys.json")],
            log=self._folder.log("demo"),
            output=made,
            env=environment,
            folder=self._code,
        )
        self._loading.start()
        deadline = time.monotonic() + DEMO_SECONDS
        while self._loading.is_running:
            self._check_all_running()
            if time.monotonic() > deadline:
                raise StartFailed(self._loading.not_ready(DEMO_SECONDS))
            time.sleep(0.05)
        facts = read_json(made)
        if self._loading.exit_code != 0 or not isinstance(facts, dict):
            raise StartFailed(self._loading.ended())
        made.unlink()  # it contains keys
        return facts

    def _facts(self, demo: Mapping[str, Any]) -> dict[str, Any]:
        gateway = self._urls[self._gateway.name]
        return {
            **demo,
            "graphql": f"{gateway}/graphql",
            "gateway": gateway,
            "services": {service.name: self._urls[service.name] for service in self._services},
            "mongo": self._urls["mongo"],
            "amqp": self._urls["amqp"],
            "mail": str(self._folder.mail.resolve()),
            "keys": demo.get("keys", {}),
            "pids": {"supervisor": os.getpid(), **{each.name: each.pid for each in self._processes()}},
        }

    def _processes(self) -> list[Process]:
        """All processes that should be running, in the order in which they were started."""
        parts = [self._mongo.process] if self._mongo else []
        if self._broker is not None:
            parts += [self._broker.port_mapper, self._broker.process]
        if self._mail is not None:
            parts.append(self._mail)
        return [*parts, *self._applications.values()]

    def _check_all_running(self) -> None:
        for process in self._processes():
            if not process.is_running:
                raise StartFailed(process.ended())

    def _remember(self) -> None:
        remember(self._folder.processes, {each.name: each.pid for each in self._processes() if each.is_running})


def _remove(path: Path) -> None:
    """Delete a file if possible: a disk that has become read-only must not prevent the stack from stopping."""
    with suppress(OSError):
        path.unlink(missing_ok=True)
