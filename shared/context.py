"""The context of the current work: which request or message caused it, for whom, in which trace.

The middleware and the consumers set it; the outbox copies it into every message; log lines contain its ids.
"""

import os
from contextvars import ContextVar
from dataclasses import dataclass, replace

from shared.ids import new_id


@dataclass(frozen=True)
class Cause:
    """The origin of a change. `causation`: the id of the message being handled, if there is one."""

    correlation: str
    traceparent: str
    actor: str | None = None
    causation: str | None = None


_current: ContextVar[Cause | None] = ContextVar("mycelium_cause", default=None)


def new_traceparent() -> str:
    """A new W3C trace context header (Trace Context, section 3.2), sampled."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def new_request_id() -> str:
    """A new id for a request: `req_…`."""
    return new_id("req")


def current_cause() -> Cause:
    """The current cause; outside a request or message, a new one."""
    return _current.get() or Cause(correlation=new_request_id(), traceparent=new_traceparent())


def set_cause(cause: Cause | None) -> None:
    """Set the cause for the current task."""
    _current.set(cause)


def set_actor(actor: str | None) -> None:
    """Set the actor of the current task: a person's or key's id, or `None` (always for anonymous entries)."""
    _current.set(replace(current_cause(), actor=actor))
