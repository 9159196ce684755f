"""The connection to RabbitMQ: one per process, renewed in the background, publishing with confirms.

Starting does not wait for the broker: without it a service still answers reads and accepts writes, and `/readyz` names
what is missing. A failed publish is not retried here: the outbox does that.
"""

import asyncio
import contextlib
from collections.abc import Awaitable, Callable
from typing import Any

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, DeliveryMode
from aio_pika.connection import make_url
from aio_pika.exceptions import AMQPError, DeliveryError, PublishError

from shared.logging import log
from shared.messaging.envelope import CONTENT_TYPE
from shared.messaging.topology import TIMEOUT, Names, declare_exchange

Lost = (AMQPError, ConnectionError, OSError, asyncio.TimeoutError, RuntimeError)
RECONNECT_SECONDS = 1.0
PATIENCE = 20
"""Attempts to connect before a missing broker is logged as a warning: it may have been started together with us."""
HEARTBEAT_SECONDS = 10
"""A connection that is silent for about three of these is closed."""


class Unroutable(Exception):
    """No queue is bound for the message, so the broker returned it."""


class Refused(Exception):
    """The broker did not confirm: it is unreachable, or it rejected the message."""


def asked_to_stop() -> bool:
    """Whether this task itself was cancelled: a lost connection also raises `CancelledError` in waiting tasks."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Broker:
    """One connection that is renewed, one channel for confirmed publishing, and callbacks for each new connection."""

    def __init__(self, url: str, exchange: str) -> None:
        self.url = url
        self.exchange_name = exchange
        self.connection: aio_pika.abc.AbstractConnection | None = None
        self._channel: AbstractChannel | None = None
        self._exchange: AbstractExchange | None = None
        self._connected = asyncio.Event()
        self._keeper: asyncio.Task[None] | None = None
        self._on_connect: list[Callable[[], Awaitable[AbstractChannel]]] = []
        self._watched: list[AbstractChannel] = []
        self._anew = asyncio.Event()

    def on_connect(self, call: Callable[[], Awaitable[AbstractChannel]]) -> None:
        """Run `call` on every new connection. A consumer sets itself up there and returns the channel it uses.

        When that channel closes, the whole connection is renewed.
        """
        self._on_connect.append(call)

    async def start(self) -> None:
        """Start connecting and reconnecting in the background."""
        self._keeper = asyncio.create_task(self._keep(), name="broker")

    async def close(self) -> None:
        """Stop reconnecting and close the connection."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._drop()

    def connect_anew(self) -> None:
        """Close the current connection and open another one, on which all callbacks run again."""
        self._anew.set()

    @property
    def is_connected(self) -> bool:
        """Whether there is an open connection and channel to publish on."""
        return (
            self._connected.is_set()
            and self._channel is not None
            and not self._channel.is_closed
            and self.connection is not None
            and not self.connection.is_closed
        )

    async def connected(self) -> None:
        """Wait until there is a connection."""
        await self._connected.wait()

    async def channel(self, **options: Any) -> AbstractChannel:
        """A new channel on the current connection. Raises `Refused` while there is no connection."""
        if self.connection is None or self.connection.is_closed:
            raise Refused("no connection")
        return await self.connection.channel(**options)

    async def publish(
        self,
        routing_key: str,
        message_id: str,
        body: bytes,
        *,
        headers: dict[str, Any] | None = None,
        mandatory: bool = True,
        queue: str | None = None,
    ) -> None:
        """Publish persistently and wait for the confirm. `queue`: directly to that queue, not through the exchange.

        Raises `Unroutable` when it is mandatory and no queue is bound for it, `Refused` when there is no confirm.
        """
        channel, exchange = self._channel, self._exchange
        if channel is None or exchange is None or not self.is_connected:
            raise Refused("no connection")
        message = aio_pika.Message(
            body,
            message_id=message_id,
            content_type=CONTENT_TYPE,
            delivery_mode=DeliveryMode.PERSISTENT,
            headers=headers or {},
        )
        target = channel.default_exchange if queue is not None else exchange
        try:
            await target.publish(message, queue or routing_key, mandatory=mandatory, timeout=TIMEOUT)
        except PublishError as error:
            raise Unroutable(routing_key) from error
        except DeliveryError as error:
            raise Refused("the broker said no") from error
        except asyncio.CancelledError as error:
            if asked_to_stop():
                raise
            raise Refused("the connection ended") from error
        except Exception as error:  # a connection or channel that ends raises its error in all tasks that wait on it
            raise Refused(str(error) or type(error).__name__) from error

    async def _keep(self) -> None:
        awaited = 0  # attempts so far, until the first that succeeds
        while not asked_to_stop():  # a connection that is just failing may swallow our cancellation
            try:
                await self._connect()
                awaited = PATIENCE
                assert self.connection is not None
                await self._until_closed()
                log.warning("broker_lost")
            except asyncio.CancelledError:
                if asked_to_stop():
                    raise
                log.warning("broker_lost")
            except Exception as error:  # noqa: BLE001 a connection may end with any error, and must be renewed after each
                if awaited == 0:
                    log.info("broker_awaited")
                elif awaited >= PATIENCE:
                    log.warning("broker_unreachable", error=str(error) or type(error).__name__)
                awaited += 1
            await self._drop()
            await asyncio.sleep(RECONNECT_SECONDS)

    async def _connect(self) -> None:
        self._anew.clear()
        connection = aio_pika.Connection(make_url(self.url, heartbeat=HEARTBEAT_SECONDS))
        try:
            await connection.connect(timeout=TIMEOUT)
        except BaseException:  # otherwise the garbage collector closes it, perhaps in another thread, and that fails
            await connection.close()
            raise
        self.connection = connection
        self._channel = await self.connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await declare_exchange(self._channel, Names(self.exchange_name, ""))
        self._watched = [self._channel, *[await call() for call in self._on_connect]]
        self._connected.set()

    async def _until_closed(self) -> None:
        """Wait until the connection or one of its channels closes, or `connect_anew` is called."""
        assert self.connection is not None
        closings = [self.connection.closed(), *(channel.closed() for channel in self._watched), self._anew.wait()]
        ends = [asyncio.ensure_future(closing) for closing in closings]
        try:
            await asyncio.wait(ends, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for end in ends:
                end.cancel()

    async def _drop(self) -> None:
        self._connected.clear()
        connection, self.connection = self.connection, None
        self._channel = self._exchange = None
        if connection is None or connection.is_closed:
            return
        try:
            await asyncio.wait_for(connection.close(), 5)
        except asyncio.CancelledError:
            if asked_to_stop():
                raise
        except Exception as error:  # noqa: BLE001 the connection is dropped in any case
            log.info("broker_not_closed", error=type(error).__name__)
