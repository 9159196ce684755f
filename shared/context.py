"""What is known about the work under way: which request or message caused it, for whom, in which trace.

Middleware and consumers set it; the outbox copies it into every message, logs carry its ids.
"""

import os
from contextvars import ContextVar
from dataclasses import dataclass, replace

from shared.ids import new_id


@dataclass(frozen=True)
class Cause:
    """Where a change comes from. `causation` is the id of the message that is being answered, if one is."""

    correlation: str
    traceparent: str
    actor: str | None = None
    causation: str | None = None


_current: ContextVar[Cause | None] = ContextVar("mycelium_cause", default=None)


def new_traceparent() -> str:
    """A fresh W3C trace context header (Trace Context, section 3.2), sampled."""
    return f"00-{os.urandom(16).hex()}-{os.urandom(8).hex()}-01"


def new_request_id() -> str:
    """An id for a request: `req_…`."""
    return new_id("req")


def current_cause() -> Cause:
    """The present cause; outside any request or message, a fresh one."""
    return _current.get() or Cause(correlation=new_request_id(), traceparent=new_traceparent())


def set_cause(cause: Cause | None) -> None:
    """Begin work with this cause; it lasts for the present task."""
    _current.set(cause)


def set_actor(actor: str | None) -> None:
    """Say for whom the present work is done (a person's or key's id; never for anonymous entries)."""
    _current.set(replace(current_cause(), actor=actor))
