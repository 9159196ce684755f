"""Names whose servers stall use up their own hub's share of lookups, and cost nobody else a try."""

import asyncio
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest

from services.notify.deliveries.guard import Guard, WebhookHostUnknown
from services.notify.deliveries.lookups import AT_ONCE, MOST_WAITING_OF_HUB, LookupPutOff
from tests.support.notify import Notify, a_hub_key, webhooks
from tests.support.receiver import Receiver
from tests.support.waiting import eventually

NEVER = timedelta(0)


class Resolver:
    """Stands where the system's resolver does: names under `stalls.example.org` are answered when `go_on` is set."""

    def __init__(self) -> None:
        self.go_on = threading.Event()
        self.asked: list[str] = []

    def getaddrinfo(self, host: bytes, port: None, **_: Any) -> list[tuple[Any, ...]]:
        name = host.decode()
        self.asked.append(name)
        if name.endswith("stalls.example.org"):
            self.go_on.wait(30)
            raise OSError("no answer")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 0))]


@pytest.fixture
def resolver(monkeypatch: pytest.MonkeyPatch) -> Iterator[Resolver]:
    """The system's resolver, in its real threads, with names that stall."""
    real, made = socket.getaddrinfo, Resolver()

    def look_up(host: Any, port: Any, *more: Any, **named: Any) -> Any:
        if isinstance(host, bytes) and host.endswith(b"example.org"):
            return made.getaddrinfo(host, port, **named)
        return real(host, port, *more, **named)

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    yield made
    made.go_on.set()


def stalled(guard: Guard, count: int, hub: str) -> list[asyncio.Task[Any]]:
    urls = (f"http://{number}.stalls.example.org/" for number in range(count))
    return [asyncio.create_task(guard.vet(url, hub_id=hub)) for url in urls]


async def test_another_hubs_names_are_looked_up_while_one_hubs_stall(resolver: Resolver) -> None:
    guard = Guard(allow_private=True, remember=NEVER)
    waiting = stalled(guard, 4 * AT_ONCE, "flooding")
    await eventually(lambda: len(resolver.asked) == AT_ONCE // 2)

    async with asyncio.timeout(3):
        target = await guard.vet("http://good.example.org/", hub_id="calm")

    assert target.addresses == ("127.0.0.1",)
    assert len([name for name in resolver.asked if "stalls" in name]) == AT_ONCE // 2
    resolver.go_on.set()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_what_could_not_be_looked_up_says_so_and_not_that_the_name_is_unknown(resolver: Resolver) -> None:
    guard = Guard(allow_private=True, remember=NEVER)
    outcomes = await asyncio.gather(*stalled(guard, 4 * AT_ONCE, "flooding"), return_exceptions=True)
    unknown = [one for one in outcomes if isinstance(one, WebhookHostUnknown)]
    put_off = [one for one in outcomes if isinstance(one, LookupPutOff)]
    assert len(unknown) == AT_ONCE // 2  # those that were asked for, and not answered in time
    assert len(put_off) == 4 * AT_ONCE - AT_ONCE // 2
    assert guard.lookups.places.waiting == 0
    # Who has given up has not freed the thread: it is still the resolver's.
    assert guard.lookups.places.shares.used == AT_ONCE // 2
    resolver.go_on.set()
    await eventually(lambda: guard.lookups.places.shares.used == 0)


async def test_the_queue_for_lookups_is_bounded(resolver: Resolver) -> None:
    guard = Guard(allow_private=True, remember=NEVER)
    waiting = stalled(guard, AT_ONCE // 2 + MOST_WAITING_OF_HUB, "flooding")
    await eventually(lambda: guard.lookups.places.waiting == MOST_WAITING_OF_HUB)
    with pytest.raises(LookupPutOff):
        async with asyncio.timeout(1):
            await guard.vet("http://one-more.stalls.example.org/", hub_id="flooding")
    resolver.go_on.set()
    await asyncio.gather(*waiting, return_exceptions=True)


async def test_a_lookup_that_could_not_be_made_costs_no_try(
    notify: Notify, receiver: Receiver, resolver: Resolver
) -> None:
    hub = await notify.a_hub()
    port = receiver.url.rpartition(":")[2]
    await notify.an_endpoint(hub, f"http://good.example.org:{port}/")
    guard: Guard = notify.service.extra["guard"]
    guard.forget()
    waiting = stalled(guard, AT_ONCE // 2 + MOST_WAITING_OF_HUB, hub)  # its own names: its share is used up
    await eventually(lambda: guard.lookups.places.waiting == MOST_WAITING_OF_HUB)

    message_id = await notify.publish_event(hub)
    await eventually(lambda: notify.dispatcher.counters["put_off"])
    [delivery] = await notify.deliveries(hub)
    assert (delivery["status"], delivery["attempts"]) == ("pending", [])

    resolver.go_on.set()
    await asyncio.gather(*waiting, return_exceptions=True)
    done = await notify.settled(hub)
    assert [attempt["number"] for attempt in done["attempts"]] == [1]
    assert len(webhooks(receiver, message_id)) == 1


async def test_an_endpoint_whose_name_cannot_be_looked_up_now_is_asked_for_again(
    notify: Notify, resolver: Resolver
) -> None:
    hub = await notify.a_hub()
    guard: Guard = notify.service.extra["guard"]
    waiting = stalled(guard, AT_ONCE // 2 + MOST_WAITING_OF_HUB, hub)
    await eventually(lambda: guard.lookups.places.waiting == MOST_WAITING_OF_HUB)
    answer = await notify.by(a_hub_key(hub)).post("/endpoints", {"hub_id": hub, "url": "http://new.example.org/"})
    assert answer.problem() == (503, "lookup_put_off", ["url"])
    resolver.go_on.set()
    await asyncio.gather(*waiting, return_exceptions=True)
