"""The time from a mutation's reply at the gateway to its webhook at a receiver, at 20 mutations per second.

Beside it: a bare POST to the same receiver in the same run, the lowest possible time for a webhook.
"""

import asyncio
import time
from datetime import timedelta
from typing import Any

import aiohttp
from aiohttp import web

from bench.table import Figure, percentile
from deploy.local.ports import free_ports
from shared import clock

PER_SECOND = 20
SECONDS = 20
WARM_UP = 40
P50, P99 = 0.040, 0.250

CREATE = "mutation($input: CreateEventInput!) { createEvent(input: $input) { event { id } problems { message } } }"
PUBLISH = "mutation($input: PublishEventInput!) { publishEvent(input: $input) { event { id } problems { message } } }"
UPDATE = "mutation($input: UpdateEventInput!) { updateEvent(input: $input) { event { version } problems { message } } }"
ENDPOINT = (
    "mutation($input: CreateWebhookEndpointInput!)"
    " { createWebhookEndpoint(input: $input) { endpoint { id } problems { message } } }"
)
DISABLE = (
    "mutation($input: UpdateWebhookEndpointInput!)"
    " { updateWebhookEndpoint(input: $input) { endpoint { id } problems { message } } }"
)


async def measure(facts: dict[str, Any]) -> list[Figure]:
    """The median and the 99th percentile of the run, without the warm-up."""
    arrived: dict[tuple[str, int], float] = {}
    all_here = asyncio.Event()

    async def receive(request: web.Request) -> web.Response:
        body = await request.json()
        data = body.get("data", {})
        if "version" in data:
            arrived.setdefault((data["event_id"], data["version"]), time.perf_counter())
            if len(arrived) >= WARM_UP + PER_SECOND * SECONDS:
                all_here.set()
        return web.Response(status=204)

    application = web.Application()
    application.router.add_post("/", receive)
    runner = web.AppRunner(application)
    await runner.setup()
    (port,) = free_ports(0)
    await web.TCPSite(runner, "127.0.0.1", port).start()
    url = f"http://127.0.0.1:{port}/"
    try:
        async with aiohttp.ClientSession() as http:
            client = _Client(http, facts)
            await _settled(http, facts)
            hub: str = facts["hub"]["id"]
            endpoint = await client.do(ENDPOINT, {"hub": hub, "url": url, "topics": ["events.event_changed"]})
            event = await _an_event(client, hub)
            replied: dict[tuple[str, int], float] = {}
            began = time.perf_counter()
            running: set[asyncio.Task[None]] = set()
            for number in range(WARM_UP + PER_SECOND * SECONDS):
                await asyncio.sleep(max(0.0, began + number / PER_SECOND - time.perf_counter()))
                running.add(asyncio.create_task(_update(client, event, number, replied)))
            await asyncio.gather(*running)
            async with asyncio.timeout(30):
                await all_here.wait()
            floor = await _bare(http, url)
            await client.do(DISABLE, {"endpoint": endpoint["endpoint"]["id"], "status": "DISABLED"})
    finally:
        await runner.cleanup()
    took = [arrived[key] - replied[key] for key in list(replied)[WARM_UP:]]
    p50, p99 = percentile(took, 0.5), percentile(took, 0.99)
    return [
        Figure(
            f"mutation acknowledged to webhook received, {PER_SECOND}/s for {SECONDS} s",
            f"p50 {p50 * 1000:.0f} ms, p99 {p99 * 1000:.0f} ms",
            f"bare POST to the same receiver: p50 {floor * 1000:.1f} ms",
            f"p50 ≤ {P50 * 1000:.0f} ms, p99 ≤ {P99 * 1000:.0f} ms",
            p50 <= P50 and p99 <= P99,
        )
    ]


async def _settled(http: aiohttp.ClientSession, facts: dict[str, Any]) -> None:
    """Wait until all messages of the demo community are published and handled, so that they are not measured."""
    async with asyncio.timeout(60):
        for empty in ("mycelium_outbox_backlog 0.0", "mycelium_inbox_backlog 0.0"):
            for url in facts["services"].values():
                while empty not in await _metrics(http, url):
                    await asyncio.sleep(0.2)


async def _metrics(http: aiohttp.ClientSession, url: str) -> str:
    async with http.get(f"{url}/metrics") as response:
        return await response.text()


class _Client:
    """A GraphQL client with the hub's key."""

    def __init__(self, http: aiohttp.ClientSession, facts: dict[str, Any]) -> None:
        self.http = http
        self.url = facts["graphql"]
        self.headers = {"Authorization": f"Bearer {facts['keys']['hub']}"}

    async def ask(self, query: str, variables: dict[str, Any]) -> dict[str, Any]:
        body = {"query": query, "variables": variables}
        async with self.http.post(self.url, json=body, headers=self.headers) as response:
            answer = await response.json()
        if answer.get("errors"):
            raise RuntimeError(answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data

    async def do(self, mutation: str, fields: dict[str, Any]) -> dict[str, Any]:
        (payload,) = (await self.ask(mutation, {"input": fields})).values()
        if payload["problems"]:
            raise RuntimeError(payload["problems"])
        found: dict[str, Any] = payload
        return found


async def _an_event(client: _Client, hub: str) -> str:
    starts = clock.now() + timedelta(days=30)
    fields = {
        "title": "A measured conversation",
        "kind": "ONLINE",
        "hub": hub,
        "startsAt": clock.iso(starts),
        "endsAt": clock.iso(starts + timedelta(hours=1)),
        "timeZone": "Europe/London",
    }
    event: str = (await client.do(CREATE, fields))["event"]["id"]
    await client.do(PUBLISH, {"event": event})
    return event


async def _update(client: _Client, event: str, number: int, replied: dict[tuple[str, int], float]) -> None:
    payload = await client.do(UPDATE, {"event": event, "summary": f"Take {number}"})
    replied[(event, payload["event"]["version"])] = time.perf_counter()


async def _bare(http: aiohttp.ClientSession, url: str) -> float:
    took: list[float] = []
    for _ in range(100):
        began = time.perf_counter()
        async with http.post(url, json={"data": {}}) as response:
            await response.read()
        took.append(time.perf_counter() - began)
    return percentile(took, 0.5)
