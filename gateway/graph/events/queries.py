"""Reading where and when people meet."""

from gateway.graph.events.filters import OF_ALL
from gateway.graph.kinds import EVENT
from gateway.graph.listing import Listing, Lookup

QUERIES = (
    Listing(
        name="events",
        kind=EVENT,
        about="Events you may see, by when they start; without `from`, those that are over too.",
        filters=OF_ALL,
    ),
    Lookup("event", EVENT),
)
