"""Reading where and when people meet."""

from datetime import datetime

import strawberry

from gateway.graph.kinds import EVENT
from gateway.graph.listing import Filter, Listing, Lookup
from shared.contracts.words import EventStatus, Theme

QUERIES = (
    Listing(
        name="events",
        kind=EVENT,
        about="Events you may see, by when they start.",
        within="EventFilter",
        filters=(
            Filter("hub", strawberry.ID, below=True, about="Of this hub and all hubs below it."),
            Filter("group", strawberry.ID),
            Filter("from", datetime, about="Starting at this moment or later."),
            Filter("to", datetime, about="Starting before this moment."),
            Filter("themes", list[Theme], param="theme", about="With any of these themes."),
            Filter("status", list[EventStatus], about="Standing at any of these."),
        ),
    ),
    Lookup("event", EVENT),
)
