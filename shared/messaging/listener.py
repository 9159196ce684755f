"""Hears messages as they pass, for whoever keeps something in memory: the gateway's caches and live queries.

The queue is exclusive to this process and forgets with it: nothing heard here may be needed for good.
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
    """Calls `heard(envelope)` for each message whose type matches one of the binding keys (`membership.#`).

    `connected` is called whenever listening begins anew: messages may have been missed before. While `keep_checking`
    runs, the listener sends messages to itself; `checked` is called for each that came back.
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
        """For ever: send a message through the exchange into this listener's own queue.

        The queue keeps the order. So when a check comes back, everything was heard that the broker had put into the
        queue before the check was sent: `checked` is called with that time (`time.monotonic()`).
        """
        while True:
            # A broker that hangs may keep the call waiting, a lost one refuses it. Either way no check comes back.
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
