"""The compose file, run for real: what the operator's guide promises of it, one promise a test.

They share one deployment and leave it well, so each can also run alone.
"""

import socket
from contextlib import suppress
from typing import Any

import pytest
from standardwebhooks import Webhook

from shared.settings import SERVICES
from tests.compose.conftest import Loaded
from tests.compose.deployment import Deployment, Failed
from tests.support.waiting import eventually

pytestmark = pytest.mark.compose

APPLICATIONS = (*SERVICES, "gateway")
HUB = """{ hub(slug: "north-east") {
  id
  events(first: 1) { edges { node { title } } }
  entries(first: 1) { edges { node { title } } }
} }"""
KILL_ALL_BUT_INIT = """
import os, signal
for each in os.listdir("/proc"):
    if each.isdigit() and int(each) not in (1, os.getpid()):
        os.kill(int(each), signal.SIGKILL)
"""


def answer(address: str, port: int) -> bytes:
    """What comes back from there when it is asked by HTTP; nothing when there is no way there.

    To connect proves little: where no network of this machine has the address, a proxy may take any connection.
    """
    with suppress(OSError), socket.create_connection((address, port), timeout=2) as probe:
        probe.sendall(b"GET /livez HTTP/1.0\r\n\r\n")
        return probe.recv(1000)
    return b""


def shows_the_hub(loaded: Loaded) -> bool:
    """Whether a query through the edge gets an answer to which three services contribute."""
    hub = loaded.deployment.ask(loaded.key, HUB)["hub"]
    return bool(hub["id"] == loaded.hub and hub["events"]["edges"] and hub["entries"]["edges"])


def make_endpoint(loaded: Loaded) -> dict[str, Any]:
    """A webhook endpoint of the demo's hub, at the receiver of these tests."""
    made = loaded.deployment.ask(
        loaded.key,
        "mutation($input: CreateWebhookEndpointInput!) { createWebhookEndpoint(input: $input)"
        " { endpoint { id } secret problems { message } } }",
        input={"hub": loaded.hub, "url": "http://receiver:9009/"},
    )["createWebhookEndpoint"]
    assert made["problems"] == []
    return dict(made)


def ping(loaded: Loaded, endpoint: str) -> None:
    loaded.deployment.ask(
        loaded.key,
        "mutation($endpoint: ID!) { pingWebhookEndpoint(input: {endpoint: $endpoint}) { problems { message } } }",
        endpoint=endpoint,
    )


async def see_a_webhook(loaded: Loaded) -> None:
    """Ask for a ping through the edge, and see it come to the receiver, signed."""
    made = make_endpoint(loaded)
    before = len(loaded.deployment.received())
    ping(loaded, made["endpoint"]["id"])

    def it_came() -> dict[str, Any]:
        return (loaded.deployment.received()[before:] or [{}])[0]

    came = await eventually(it_came, within=60)
    assert Webhook(made["secret"]).verify(came["body"], came["headers"])["type"] == "notify.webhook_pinged.v1"


def test_the_operator_gets_a_key_that_opens_the_edge(deployment: Deployment) -> None:
    key = deployment.tool("operator-key", "--name", "Setting up").split()[-1]
    assert deployment.ask(key, "{ viewer { kind } }") == {"viewer": {"kind": "CLIENT"}}


def test_the_doctor_finds_everything_well(deployment: Deployment) -> None:
    said = deployment.tool("doctor")
    assert "ILL" not in said
    assert all(f"{service} queue" in said for service in SERVICES)


def test_a_query_through_the_edge_shows_the_demo_community(loaded: Loaded) -> None:
    assert shows_the_hub(loaded)


async def test_a_webhook_asked_for_through_the_edge_comes_signed(loaded: Loaded) -> None:
    await see_a_webhook(loaded)


def test_nothing_but_the_edge_is_published(deployment: Deployment) -> None:
    published = {
        (
            container["Config"]["Labels"]["com.docker.compose.service"],
            inside,
            binding["HostIp"],
            int(binding["HostPort"]),
        )
        for container in deployment.containers()
        for inside, bindings in container["NetworkSettings"]["Ports"].items()
        for binding in bindings or ()
        if ":" not in binding["HostIp"]  # the same again, by IPv6
    }
    https = deployment.https_port
    assert published == {
        ("caddy", "80/tcp", "0.0.0.0", deployment.http_port),
        ("caddy", f"{https}/tcp", "0.0.0.0", https),
        ("caddy", f"{https}/udp", "0.0.0.0", https),
        ("mailpit", "8025/tcp", "127.0.0.1", deployment.mailpit_port),
    }


def test_mongodb_and_rabbitmq_cannot_be_reached_from_this_machine(deployment: Deployment) -> None:
    if b"200 OK" not in answer(deployment.address("gateway", "default"), 8080):
        pytest.skip("The engine's networks are not this machine's, so there is nothing to see.")
    # By HTTP, MongoDB says in words that it does not speak it, and RabbitMQ which version of AMQP it speaks.
    assert b"MongoDB" not in answer(deployment.address("mongo", "parts"), 27017)
    assert b"AMQP" not in answer(deployment.address("rabbitmq", "parts"), 5672)


def test_every_container_has_a_memory_limit_and_a_log_that_rotates(deployment: Deployment) -> None:
    containers = [one for one in deployment.containers() if "-receiver-" not in one["Name"]]
    assert len(containers) == 9
    for container in containers:
        host = container["HostConfig"]
        assert host["Memory"] > 0, container["Name"]
        assert host["LogConfig"]["Type"] == "local", container["Name"]
        assert {"max-size", "max-file"} <= set(host["LogConfig"]["Config"]), container["Name"]


def test_nothing_was_killed_for_want_of_memory(loaded: Loaded) -> None:
    assert [one["Name"] for one in loaded.deployment.containers() if one["State"]["OOMKilled"]] == []


async def test_an_application_that_dies_comes_back_by_itself(loaded: Loaded) -> None:
    deployment = loaded.deployment
    (before,) = deployment.containers("events")
    with suppress(Failed):  # the command may die with the container it runs in
        deployment.compose("exec", "--no-TTY", "events", "python", "-c", KILL_ALL_BUT_INIT)

    def is_back() -> bool:
        (now,) = deployment.containers("events")
        return bool(now["RestartCount"] > before["RestartCount"] and now["State"]["Health"]["Status"] == "healthy")

    await eventually(is_back, within=90)
    assert shows_the_hub(loaded)


async def test_mongodb_and_rabbitmq_may_be_killed_and_started_again(loaded: Loaded) -> None:
    loaded.deployment.compose("kill", "mongo", "rabbitmq")
    loaded.deployment.up()
    await eventually(lambda: shows_the_hub(loaded), within=60)
    await see_a_webhook(loaded)
    assert "ILL" not in loaded.deployment.tool("doctor")


async def test_rabbitmqs_password_is_changed_as_the_guide_says(loaded: Loaded) -> None:
    deployment = loaded.deployment
    deployment.set("RABBITMQ_PASSWORD", "another_password-1")
    deployment.up("rabbitmq")
    change = 'rabbitmqctl change_password mycelium "$RABBITMQ_DEFAULT_PASS"'
    deployment.compose("exec", "--no-TTY", "rabbitmq", "sh", "-c", change)
    deployment.up()
    assert "ILL" not in deployment.tool("doctor")
    await see_a_webhook(loaded)


async def test_data_outlives_down_and_up(loaded: Loaded) -> None:
    endpoint = make_endpoint(loaded)["endpoint"]["id"]
    loaded.deployment.compose("down")
    loaded.deployment.up()
    assert shows_the_hub(loaded)
    ping(loaded, endpoint)
    await eventually(loaded.deployment.received, within=60)


async def test_every_application_may_run_twice(loaded: Loaded) -> None:
    deployment = loaded.deployment
    deployment.up(*(word for name in APPLICATIONS for word in ("--scale", f"{name}=2")))
    try:
        assert len(deployment.containers(*APPLICATIONS)) == 2 * len(APPLICATIONS)
        await see_a_webhook(loaded)
        assert all(shows_the_hub(loaded) for _ in range(10))
        assert "ILL" not in deployment.tool("doctor")
    finally:
        deployment.up()
    assert len(deployment.containers(*APPLICATIONS)) == len(APPLICATIONS)
