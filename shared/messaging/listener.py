"""Receives messages as they are published, for state in memory: the gateway's caches and live queries.

The queue is exclusive to this process and is deleted with it, so nothing durable may depend on it.
"""

import asyncio
import contextlib
import time
from collections.abc import Callable, Sequence

import aio_pika
from aio_pika.abc import AbstractChannel, AbstractExchange, AbstractIncomingMessage, DeliveryMode

from shared.logging import log
from shared.messaging.broker import Broker, Lost
from shared.messaging.envelope import Envelope, Malformed, unseal
from shared.messaging.topology import TIMEOUT, Names, declare_exchange

CHECK_EVERY = 0.25  # seconds


class Listener:
    """Calls `heard(envelope)` for each message whose type matches one of the binding keys, such as `membership.#`.

    `connected` is called after each new connection: messages may have been missed before it. While `keep_checking`
    runs, the listener sends check messages to itself and calls `checked` for each one that returns.
    """

    def __init__(
        self,
        broker: Broker,
        keys: Sequence[str],
        heard: Callable[[Envelope], None],
        connected: Callable[[], None] | None = None,
        checked: Callable[[float], None] | None = None,
    ) -> None:
        self.broker = broker
        self.keys = keys
        self.heard = heard
        self.connected = connected
        self.checked = checked
        self._exchange: AbstractExchange | None = None
        self._check_key = ""
        broker.on_connect(self._set_up)

    async def keep_checking(self) -> None:
        """Repeat until cancelled: send a check message through the exchange to this listener's own queue.

        The queue keeps the order. So when a check returns, every message that the broker put into the queue before the
        check was sent has been handled. `checked` is called with the time of sending (`time.monotonic()`, seconds).
        """
        while True:
            # A hanging broker lets the call wait, a lost connection raises. In both cases no check returns.
            with contextlib.suppress(*Lost):
                async with asyncio.timeout(1):
                    await self._send_check()
            await asyncio.sleep(CHECK_EVERY)

    async def _send_check(self) -> None:
        if self._exchange is None:
            return
        message = aio_pika.Message(repr(time.monotonic()).encode(), delivery_mode=DeliveryMode.NOT_PERSISTENT)
        await self._exchange.publish(message, self._check_key, mandatory=False)

    async def _set_up(self) -> AbstractChannel:
        channel = await self.broker.channel(publisher_confirms=False)
        exchange = await declare_exchange(channel, Names(self.broker.exchange_name, ""))
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, timeout=TIMEOUT)
        self._check_key = f"check.{queue.name}"
        for key in (*self.keys, self._check_key):
            await queue.bind(exchange, routing_key=key, timeout=TIMEOUT)
        underlying = await channel.get_underlay_channel()
        underlying.on_consumer_cancel_callbacks.add(lambda _: self.broker.connect_anew())
        await queue.consume(self._on_message, no_ack=True, timeout=TIMEOUT)
        self._exchange = exchange
        if self.connected is not None:
            self.connected()
        return channel

    async def _on_message(self, message: AbstractIncomingMessage) -> None:
        if message.routing_key == self._check_key:
            if self.checked is not None:
                self.checked(float(message.body))
            return
        try:
            self.heard(unseal(message.body))
        except Malformed as error:
            log.info("heard_malformed", error=str(error))
