"""Hears messages as they pass, for whoever keeps something in memory: the gateway's caches and live queries.

The queue is exclusive to this process and forgets with it: nothing heard here may be needed for good.
"""

from collections.abc import Callable, Sequence

from aio_pika.abc import AbstractChannel, AbstractIncomingMessage

from shared.logging import log
from shared.messaging.broker import Broker
from shared.messaging.envelope import Envelope, Malformed, unseal
from shared.messaging.topology import TIMEOUT, Names, declare_exchange


class Listener:
    """Calls `heard(envelope)` for each message whose type matches one of the binding keys (`membership.#`).

    `connected` is called whenever listening begins anew: messages may have been missed before.
    """

    def __init__(
        self,
        broker: Broker,
        keys: Sequence[str],
        heard: Callable[[Envelope], None],
        connected: Callable[[], None] | None = None,
    ) -> None:
        self.broker = broker
        self.keys = keys
        self.heard = heard
        self.connected = connected
        broker.on_connect(self._set_up)

    async def _set_up(self) -> AbstractChannel:
        channel = await self.broker.channel(publisher_confirms=False)
        exchange = await declare_exchange(channel, Names(self.broker.exchange_name, ""))
        queue = await channel.declare_queue(exclusive=True, auto_delete=True, timeout=TIMEOUT)
        for key in self.keys:
            await queue.bind(exchange, routing_key=key, timeout=TIMEOUT)
        underlying = await channel.get_underlay_channel()
        underlying.on_consumer_cancel_callbacks.add(lambda _: self.broker.connect_anew())
        await queue.consume(self._on_message, no_ack=True, timeout=TIMEOUT)
        if self.connected is not None:
            self.connected()
        return channel

    async def _on_message(self, message: AbstractIncomingMessage) -> None:
        try:
            self.heard(unseal(message.body))
        except Malformed as error:
            log.info("heard_malformed", error=str(error))
