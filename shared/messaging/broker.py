"""The connection to RabbitMQ: one a process, kept up in the background, publishing with confirms.

Starting does not wait for the broker: a service without it still answers reads and takes writes, and says in its
readiness what is missing. A failed publish is never replayed here: the outbox does that.
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
"""Attempts in which a broker that is started beside us may come up before its absence is worth a warning."""
HEARTBEAT_SECONDS = 10
"""A connection over which nothing came for about three of these is given up."""


class Unroutable(Exception):
    """No queue wants the message, so the broker gave it back."""


class Refused(Exception):
    """The broker did not confirm: it is away, or it said no."""


def asked_to_stop() -> bool:
    """Whether this task itself was cancelled: all who wait on a connection that hung are given that error too."""
    task = asyncio.current_task()
    return task is not None and task.cancelling() > 0


class Broker:
    """One robust connection, one confirming channel for publishing, and whoever wants to know of each connection."""

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
        """Have `call` run on every new connection: consumers set themselves up there, on the channel they give back.

        Should that channel end by itself, the whole connection is made anew.
        """
        self._on_connect.append(call)

    async def start(self) -> None:
        """Begin connecting, and go on for ever."""
        self._keeper = asyncio.create_task(self._keep(), name="broker")

    async def close(self) -> None:
        """Stop connecting and close."""
        if self._keeper is not None:
            self._keeper.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._keeper
        await self._drop()

    def connect_anew(self) -> None:
        """Give the present connection up and make another, on which everybody sets up again."""
        self._anew.set()

    @property
    def is_connected(self) -> bool:
        """Whether publishing can be tried."""
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
        """A channel of one's own. Raises `Refused` while the broker is away."""
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
        """Publish persistently and wait for the confirm. `queue`: straight to that queue instead of the exchange.

        Raises `Unroutable` when mandatory and nobody wants it, `Refused` when the broker did not confirm.
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
        except Exception as error:  # whatever ended the connection or the channel is given to all who wait on it
            raise Refused(str(error) or type(error).__name__) from error

    async def _keep(self) -> None:
        awaited = 0  # attempts so far, until the first that succeeds
        while not asked_to_stop():  # a connection that is just failing may swallow what was to stop us
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
            except Exception as error:  # noqa: BLE001 a connection may end with any error, and must be made anew after each
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
        except BaseException:  # left unclosed, it would be closed by whichever thread collects it, and fail at that
            await connection.close()
            raise
        self.connection = connection
        self._channel = await self.connection.channel(publisher_confirms=True, on_return_raises=True)
        self._exchange = await declare_exchange(self._channel, Names(self.exchange_name, ""))
        self._watched = [self._channel, *[await call() for call in self._on_connect]]
        self._connected.set()

    async def _until_closed(self) -> None:
        """Wait for the connection, or one of its channels, to end, or to be given up."""
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
        except Exception as error:  # noqa: BLE001 it is given up in any case
            log.info("broker_not_closed", error=type(error).__name__)
