"""What narrows a list of events: of all, and of one hub's or group's."""

from datetime import datetime

from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import GROUP, HUB
from shared.contracts.events.events import EventStatus
from shared.enums import Theme

_WHEN_AND_WHAT = (
    Filter("from", datetime, about="Starting at this moment or later."),
    Filter("to", datetime, about="Starting before this moment."),
    Filter("themes", list[Theme], param="theme", about="With any of these themes."),
    Filter("status", list[EventStatus], about="Standing at any of these."),
)
OF_ALL = narrowed_by(
    Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
    Filter("group", GROUP),
    *_WHEN_AND_WHAT,
    within="EventFilter",
)
OF_ONE_HOST = narrowed_by(*_WHEN_AND_WHAT, within="HostedEventFilter")
