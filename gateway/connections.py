"""Ends connections that stall: those that send half a request, and those that do not read their answer.

uvicorn waits for both without end. Here each has a deadline. When there are more connections than this process may
have, the ones that have waited longest for the rest of a request are closed.
"""

import asyncio
import resource
from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_SECONDS = 10.0
REQUEST_SECONDS = 35.0  # the head, and 30 s for the body, after which the application answers 408
ANSWER_SECONDS = 60.0
LARGEST_HEAD = 65_536
MOST_HELD = 64 * 1_048_576  # bytes of incomplete bodies, of all connections
OTHER_FILES = 1_000  # files that this process has open besides its connections
_REFUSED = b"HTTP/1.1 %s\r\nconnection: close\r\ncontent-length: 0\r\n\r\n"


class Deadlines:
    """Connections with the same time limit, the one that has waited longest first. One timer serves all."""

    def __init__(self, seconds: Callable[[], float], over: Callable[["Connection"], None]) -> None:
        self._seconds = seconds
        self._over = over
        self._until: OrderedDict[Connection, float] = OrderedDict()
        self._timer: asyncio.TimerHandle | None = None

    def begin(self, connection: "Connection") -> None:
        """Start the time of a connection, unless it is running."""
        if connection not in self._until:
            self._until[connection] = asyncio.get_running_loop().time() + self._seconds()
            if self._timer is None:
                self._wait()

    def end(self, connection: "Connection") -> None:
        """Stop the time of a connection."""
        self._until.pop(connection, None)

    def longest(self) -> "Connection | None":
        """The connection that has waited longest."""
        return next(iter(self._until), None)

    def _wait(self) -> None:
        first = self.longest()
        self._timer = None
        if first is not None:
            self._timer = asyncio.get_running_loop().call_at(self._until[first], self._look)

    def _look(self) -> None:
        now = asyncio.get_running_loop().time()
        while (first := self.longest()) is not None and self._until[first] <= now:
            self.end(first)
            self._over(first)
        self._wait()


class Connections:
    """All connections of one event loop."""

    def __init__(self) -> None:
        self.heads = Deadlines(lambda: HEAD_SECONDS, lambda late: late.refuse(b"408 Request Timeout"))
        self.bodies = Deadlines(lambda: REQUEST_SECONDS, lambda late: late.drop())
        self.answers = Deadlines(lambda: ANSWER_SECONDS, lambda late: late.drop())
        self.idle: OrderedDict[Connection, None] = OrderedDict()
        self.held = 0
        self.most = most_connections()

    def make_room(self, among: int) -> None:
        """Drop a connection when there are too many: an idle one, or one whose request is not complete."""
        if among > self.most:
            spare = self.heads.longest() or next(iter(self.idle), None) or self.bodies.longest()
            if spare is not None:
                spare.drop()

    def hold(self, size: int) -> None:
        """Count the bytes of an incomplete body that arrived. A negative number: they are not held any more."""
        self.held += size
        if self.held > MOST_HELD and (longest := self.bodies.longest()) is not None:
            longest.drop()


_BY_LOOP: dict[asyncio.AbstractEventLoop, Connections] = {}


def connections() -> Connections:
    """The connections of the running event loop."""
    loop = asyncio.get_running_loop()
    if loop not in _BY_LOOP:
        for closed in [each for each in _BY_LOOP if each.is_closed()]:
            del _BY_LOOP[closed]
        _BY_LOOP[loop] = Connections()
    return _BY_LOOP[loop]


def most_connections() -> int:
    """How many connections this process may have at once, so that it can still open its other files."""
    soft, _ = resource.getrlimit(resource.RLIMIT_NOFILE)
    return max(soft - OTHER_FILES, soft // 2)


def raise_file_limit() -> None:
    """Raise the limit of open files to the highest that this process may set itself."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft != hard:
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


class Connection(HttpToolsProtocol):
    """uvicorn's connection, with deadlines for a request's head, for the whole request, and for reading the answer."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._all = connections()
        self._head = 0
        self._held = 0
        self._is_half = False
        """Whether a request has begun to arrive and is not complete."""
        self._is_reading_head = True

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """A caller has connected."""
        super().connection_made(transport)
        self._all.heads.begin(self)
        self._all.make_room(len(self.connections))

    def connection_lost(self, exc: Exception | None) -> None:
        """The connection is closed, by the caller or by us."""
        super().connection_lost(exc)
        self._release()
        self._all.answers.end(self)
        self._all.idle.pop(self, None)

    def data_received(self, data: bytes) -> None:
        """Bytes of a request arrived. The deadlines hold also for the rest of one that was answered already."""
        if self.transport.is_closing():
            return
        self._all.idle.pop(self, None)
        if not self._is_half:
            self._is_half = self._is_reading_head = True
            self._head = 0
            self._all.heads.begin(self)
            self._all.bodies.begin(self)
        super().data_received(data)
        self._head += len(data)
        if self._is_half and self._head > LARGEST_HEAD and self._is_reading_head:
            self.refuse(b"431 Request Header Fields Too Large")

    def on_message_begin(self) -> None:
        """A request begins in the bytes that arrived."""
        super().on_message_begin()
        self._head = 0
        self._is_half = self._is_reading_head = True
        self._all.heads.begin(self)
        self._all.bodies.begin(self)

    def on_headers_complete(self) -> None:
        """The head of a request is complete."""
        super().on_headers_complete()
        self._is_reading_head = False
        self._all.heads.end(self)

    def on_body(self, body: bytes) -> None:
        """A piece of a body arrived."""
        super().on_body(body)
        self._held += len(body)
        self._all.hold(len(body))

    def on_message_complete(self) -> None:
        """A request is complete."""
        super().on_message_complete()
        self._release()
        self._is_half = False
        if self.cycle.response_complete:  # answered before it was complete, so uvicorn does not wait
            self._all.heads.begin(self)

    def on_response_complete(self) -> None:
        """A request is answered."""
        super().on_response_complete()
        if not self._is_half and not self.pipeline:
            self._all.idle[self] = None

    def pause_writing(self) -> None:
        """The caller does not read the answer as fast as it is sent."""
        super().pause_writing()
        self._all.answers.begin(self)

    def resume_writing(self) -> None:
        """The caller has read what was sent."""
        super().resume_writing()
        self._all.answers.end(self)

    def refuse(self, status: bytes) -> None:
        """Answer with this status and close the connection, without reading the rest of the request."""
        if not self.transport.is_closing():
            if self._head:
                self.transport.write(_REFUSED % status)
            self.transport.close()

    def drop(self) -> None:
        """Close the connection at once, without an answer."""
        self._release()
        self._all.idle.pop(self, None)
        self.transport.abort()

    def _release(self) -> None:
        self._all.heads.end(self)
        self._all.bodies.end(self)
        held, self._held = self._held, 0
        self._all.held -= held
