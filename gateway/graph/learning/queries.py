"""Reading what has been learnt."""

import strawberry

from gateway.graph.kinds import ENTRY, INVITATION
from gateway.graph.listing import Filter, Listing, Lookup
from shared.contracts.words import EntryKind, Theme

QUERIES = (
    Listing(
        name="entries",
        kind=ENTRY,
        about="Entries of the log you may read, newest first.",
        filters=(
            Filter("hub", strawberry.ID, below=True, about="Of this hub and all hubs below it."),
            Filter("group", strawberry.ID),
            Filter("kind", EntryKind),
            Filter("theme", Theme),
            Filter("event", strawberry.ID),
        ),
    ),
    Lookup("entry", ENTRY),
    Listing(
        name="reflectionInvitations",
        kind=INVITATION,
        about="Open invitations to reflect on an event, newest first.",
        filters=(
            Filter("event", strawberry.ID),
            Filter("group", strawberry.ID),
            Filter("hub", strawberry.ID, below=True, about="Of this hub and all hubs below it."),
        ),
    ),
)
