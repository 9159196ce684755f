"""Bounds what a receiver may answer, while it is being read: aiohttp bounds each line, not how many there are.

Interim answers (100 Continue) are dropped; we never ask for one. Reading stops when there are too many of them, when a
head does not end, or when an answer goes on long after all that is kept of it.
"""

import asyncio
import functools
from typing import Any

import aiohttp
from aiohttp.client_proto import ResponseHandler
from aiohttp.http import RawResponseMessage
from aiohttp.streams import StreamReader

MOST_INTERIM = 8
LONGEST_HEAD = 64 * 1024
LONGEST_ANSWER = 512 * 1024
"""In bytes on the wire: head, body and what frames it."""

SLICE = 4 * 1024
"""What is parsed at once: a parser looks at all it is given before anybody can say that it is enough."""


class HeadTooLong(aiohttp.ClientPayloadError):
    """The head of an answer does not end, or too many interim answers come before it."""


class AnswerTooLong(aiohttp.ClientPayloadError):
    """An answer goes on far beyond what is kept of it."""


class BoundedHandler(ResponseHandler):
    """aiohttp's reader of answers, on one connection, with these bounds for each answer."""

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(loop)
        self._begin()

    def _begin(self) -> None:
        self._interim = 0
        self._bytes = 0
        self._has_head = False

    def set_response_params(self, **params: Any) -> None:
        """Called by aiohttp before each request."""
        self._begin()
        super().set_response_params(**params)

    def feed_data(self, data: tuple[RawResponseMessage, StreamReader], size: int = 0) -> None:
        """Called by the parser with each head that is complete."""
        if 100 <= data[0].code <= 199 and data[0].code != 101:
            self._interim += 1
        else:
            self._has_head = True
            super().feed_data(data, size)

    def data_received(self, data: bytes) -> None:
        """Called with what has come, of whatever length."""
        if not data:
            super().data_received(data)
            return
        for start in range(0, len(data), SLICE):
            if self.transport is None or self.transport.is_closing():
                return
            part = data[start : start + SLICE]
            self._bytes += len(part)
            super().data_received(part)
            if not self._has_head and (self._interim > MOST_INTERIM or self._bytes > LONGEST_HEAD):
                self._give_up(HeadTooLong())
            elif self._bytes > LONGEST_ANSWER:
                self._give_up(AnswerTooLong())

    def _give_up(self, error: aiohttp.ClientPayloadError) -> None:
        self.set_exception(error)
        if self._payload is not None and not self._payload.is_eof():
            self._payload.set_exception(error)
        if self.transport is not None:
            self.transport.abort()


class BoundedConnector(aiohttp.TCPConnector):
    """Makes connections whose answers are bounded. Make it in the running loop."""

    def __init__(self, **options: Any) -> None:
        super().__init__(**options)
        assert hasattr(self, "_factory"), "aiohttp makes its protocols in another way now"
        self._factory = functools.partial(_handler, loop=asyncio.get_running_loop())


def _handler(loop: asyncio.AbstractEventLoop) -> ResponseHandler:
    return BoundedHandler(loop)
