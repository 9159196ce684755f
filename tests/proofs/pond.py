"""A process that dies at a chosen point. It is started once and forks a child for every round, which is fast.

    python -m tests.proofs.pond FOLDER < rounds      each line: "<point> <number>"

The child commits a stone and its message, publishes, consumes, and dies by SIGKILL at the point. It appends each commit
that succeeded to FOLDER/committed-<point>. The parent answers "done <number>" when the child is dead.
"""

import asyncio
import os
import signal
import sys
from collections.abc import Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import aio_pika
from aio_pika.message import IncomingMessage

from shared.app import Service, build_service
from shared.logging import configure_logging
from shared.messaging.broker import Broker
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.reactions import Subscriptions
from shared.mongo import Transaction
from shared.settings import Settings
from tests.proofs import breakage
from tests.support.service import COUNTS_RIPPLES, throw

POINTS = (
    "before_commit",
    "committed_unpublished",
    "taken_unpublished",
    "published_unsent",
    "published_unconfirmed",
    "confirmed_unmarked",
    "committed_unacked",
    "after_ack",
)
CONSUMING = ("committed_unacked", "after_ack")
ROUND_SECONDS = 20


def die(*_: Any) -> None:
    """Die at once, as in a power failure."""
    os.kill(os.getpid(), signal.SIGKILL)


def service_name(point: str) -> str:
    """The service's name for a point: each point has its own database and queue."""
    return "pond_" + point


async def live_and_die(point: str, number: int, committed: Path) -> None:
    """Run one round, in the child."""
    settings = Settings()
    subscriptions = COUNTS_RIPPLES if point in CONSUMING else Subscriptions()
    service = build_service(service_name(point), settings, subscriptions)
    _arm(service, point, number)
    await service.relay.start()
    if point in CONSUMING:
        await service.consumer.start()
    else:
        service.broker._on_connect.clear()  # the queue exists already, and another process consumes it
    await service.broker.start()
    await service.broker.connected()
    await throw(service.database, number)
    with committed.open("a") as file:
        file.write(f"{number}\n")
    await asyncio.Event().wait()  # until death, or the alarm


def _arm(service: Service, point: str, number: int) -> None:
    if point == "before_commit":

        async def before(transaction: Transaction) -> None:
            die()

        service.database.before_commit.append(before)
    elif point == "committed_unpublished":
        service.outbox.committed = die
    elif point == "taken_unpublished":
        service.broker.publish = _async_die  # type: ignore[method-assign,assignment]
    elif point == "published_unsent":
        _lose_what_is_published()
        _die_after_the_verdict(service)
    elif point == "published_unconfirmed":
        service.broker.publish = _publish_and_die(service.broker)  # type: ignore[method-assign,assignment]
    elif point == "confirmed_unmarked":
        service.outbox.mark = _async_die  # type: ignore[method-assign]
    else:
        _die_at_ack(point, number)


async def _async_die(*_: Any, **__: Any) -> int:
    die()
    return 0


def _lose_what_is_published() -> None:
    """Let the client library accept the bytes, and cut the connection before the socket has sent them."""
    honest_write, honest_drain = asyncio.StreamWriter.write, asyncio.StreamWriter.drain
    lost: set[asyncio.StreamWriter] = set()

    def write(self: asyncio.StreamWriter, data: Any) -> None:
        if CONTENT_TYPE.encode() in data:
            lost.add(self)
        else:
            honest_write(self, data)

    async def drain(self: asyncio.StreamWriter) -> None:
        if self in lost:
            asyncio.get_running_loop().call_soon(self.transport.abort)
        else:
            await honest_drain(self)

    asyncio.StreamWriter.write = write  # type: ignore[method-assign]
    asyncio.StreamWriter.drain = drain  # type: ignore[method-assign]


def _die_after_the_verdict(service: Service) -> None:
    """Let the relay record the outcome of publishing, and die."""
    outbox = service.outbox
    honest_mark, honest_put_off = outbox.mark, outbox.put_off

    async def mark(ids: list[str], token: str) -> int:
        await honest_mark(ids, token)
        return await _async_die()

    async def put_off(ids: list[str], token: str, wait: timedelta) -> None:
        await honest_put_off(ids, token, wait)
        die()

    outbox.mark, outbox.put_off = mark, put_off  # type: ignore[method-assign]


def _publish_and_die(broker: Broker) -> Callable[..., Awaitable[None]]:
    async def publish(routing_key: str, message_id: str, body: bytes, **_: Any) -> None:
        channel = await broker.channel(publisher_confirms=False)
        exchange = await channel.get_exchange(broker.exchange_name)
        message = aio_pika.Message(
            body, message_id=message_id, content_type=CONTENT_TYPE, delivery_mode=aio_pika.DeliveryMode.PERSISTENT
        )
        await exchange.publish(message, routing_key, mandatory=False)
        die()

    return publish


def _die_at_ack(point: str, number: int) -> None:
    honest = IncomingMessage.ack

    async def ack(self: IncomingMessage, multiple: bool = False) -> None:
        mine = f'"number":{number},'.encode() in self.body + b"," or f'"number":{number}}}'.encode() in self.body
        if mine and point == "committed_unacked":
            die()
        await honest(self, multiple)
        if mine and point == "after_ack":
            die()

    IncomingMessage.ack = ack  # type: ignore[method-assign]


def main() -> None:
    """Fork a child for every line of standard input, and wait for its death."""
    folder = Path(sys.argv[1])
    breakage.apply()
    for line in sys.stdin:
        point, number = line.split()
        child = os.fork()
        if child == 0:
            configure_logging("pond", level="WARNING")
            signal.alarm(ROUND_SECONDS)
            asyncio.run(live_and_die(point, int(number), folder / f"committed-{point}"))
            os._exit(1)
        _, status = os.waitpid(child, 0)
        by_us = os.WIFSIGNALED(status) and os.WTERMSIG(status) == signal.SIGKILL
        print("done" if by_us else f"lived {status}", number, flush=True)


if __name__ == "__main__":
    main()
