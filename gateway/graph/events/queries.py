"""Reading where and when people meet."""

from datetime import datetime

from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import EVENT, GROUP, HUB
from gateway.graph.listing import Listing, Lookup
from shared.contracts.words import EventStatus, Theme

QUERIES = (
    Listing(
        name="events",
        kind=EVENT,
        about="Events you may see, by when they start.",
        filters=narrowed_by(
            Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
            Filter("group", GROUP),
            Filter("from", datetime, about="Starting at this moment or later."),
            Filter("to", datetime, about="Starting before this moment."),
            Filter("themes", list[Theme], param="theme", about="With any of these themes."),
            Filter("status", list[EventStatus], about="Standing at any of these."),
            within="EventFilter",
        ),
    ),
    Lookup("event", EVENT),
)
