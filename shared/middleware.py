"""For every request: an id, a trace, its duration and one log line. Plain ASGI, so that nothing is buffered."""

import asyncio
import re
import time
from collections.abc import Callable

import structlog
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from shared.context import Cause, new_request_id, new_traceparent, set_cause
from shared.ids import prefix_of
from shared.logging import log
from shared.metrics import Metrics
from shared.problems import TOO_LARGE, problem_response

_TRACEPARENT = re.compile(r"00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}")
IsUnlinked = Callable[[Scope], bool]
BODY_SECONDS = 30.0
QUIET = frozenset({"/livez", "/readyz", "/metrics"})


class RequestMiddleware:
    """Uses the caller's `x-request-id` and `traceparent` when they are well-formed, else makes new ones.

    The answer carries the request id. For a request that is `unlinked` both are new, so that nothing connects it with
    the caller's id and trace. A body over `body_limit` bytes is refused with 413, by its `content-length` or by
    counting the bytes that arrive; a body that is not complete after `BODY_SECONDS` is refused with 408.
    """

    def __init__(
        self,
        app: ASGIApp,
        metrics: Metrics,
        service: str,
        body_limit: int,
        unlinked: IsUnlinked = lambda scope: False,
    ) -> None:
        self.app = app
        self.unlinked = unlinked
        self.body_limit = body_limit
        self.metrics = metrics
        self.service = service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        links = {} if self.unlinked(scope) else headers
        sent_id = links.get(b"x-request-id", b"").decode("latin-1")
        request_id = sent_id if prefix_of(sent_id) == "req" else new_request_id()
        trace = links.get(b"traceparent", b"").decode("latin-1")
        trace = trace if _TRACEPARENT.fullmatch(trace) else new_traceparent()
        set_cause(Cause(correlation=request_id, traceparent=trace))
        structlog.contextvars.bind_contextvars(service=self.service, request_id=request_id, trace_id=trace[3:35])
        began, status = time.perf_counter(), 500

        async def answer(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                message.setdefault("headers", []).append((b"x-request-id", request_id.encode()))
            await send(message)

        taken, is_whole = 0, False

        async def take() -> Message:
            nonlocal taken, is_whole
            if is_whole:  # the next message is the caller's disconnect
                return await receive()
            try:
                async with asyncio.timeout(BODY_SECONDS - (time.perf_counter() - began)):
                    message = await receive()
            except TimeoutError:
                raise HTTPException(408, headers={"connection": "close"}) from None
            is_whole = not message.get("more_body", False)
            taken += len(message.get("body", b""))
            if taken > self.body_limit:
                raise HTTPException(413)
            return message

        length = headers.get(b"content-length", b"0")
        try:
            if length.isdigit() and int(length) > self.body_limit:
                await problem_response(413, "too_large", TOO_LARGE)(scope, receive, answer)
            else:
                await self.app(scope, take, answer)
        finally:
            route = scope.get("route")
            name = getattr(route, "path", "unmatched")
            took = time.perf_counter() - began
            self.metrics.requests.labels(scope["method"], name, str(status)).observe(took)
            if scope["path"] not in QUIET:
                log.info(
                    "request", method=scope["method"], route=name, status=status, milliseconds=round(took * 1000, 1)
                )
