"""Where commands hand what they have just committed to the dispatcher of their own process, if there is one.

Without one (a tool, the demo, another process) nothing is lost: a delivery that is handed to nobody is born free, and
some dispatcher's sweep takes it.
"""

from collections.abc import Callable, Sequence
from typing import Protocol
from weakref import WeakKeyDictionary

from services.notify.deliveries.model import Job
from services.notify.endpoints.model import Endpoint
from shared.mongo import Database

MayTake = Callable[[str, str], bool]
"""Says whether there is room for one more delivery for this endpoint (its id) of this hub (its id)."""


class HandOver(Protocol):
    """What a dispatcher offers to commands. Rows with its `token` are leased to it from the start."""

    token: str
    lease_seconds: float

    def claim(self) -> MayTake:
        """Grants room for deliveries in its memory, one by one."""

    def offer(self, jobs: Sequence[Job], endpoints: Sequence[Endpoint] = ()) -> None:
        """Take jobs whose rows are committed, and the endpoints as they were read for them."""

    def endpoint_changed(self, endpoint_id: str) -> None:
        """Forget what is remembered of an endpoint, and look for deliveries that can now go or are void."""


_attached: WeakKeyDictionary[Database, HandOver] = WeakKeyDictionary()


def attach(database: Database, to: HandOver) -> None:
    """From now on, hand over to this dispatcher what is committed in this database."""
    _attached[database] = to


def detach(database: Database) -> None:
    """Hand nothing over any more."""
    _attached.pop(database, None)


def attached_to(database: Database) -> HandOver | None:
    """The dispatcher that works for this database in this process."""
    return _attached.get(database)


def endpoint_changed(database: Database, endpoint_id: str) -> None:
    """Tell the dispatcher, if there is one, that an endpoint is not as it was."""
    dispatcher = attached_to(database)
    if dispatcher is not None:
        dispatcher.endpoint_changed(endpoint_id)
