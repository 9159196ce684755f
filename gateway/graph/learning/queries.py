"""Reading what has been learnt."""

from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import ENTRY, EVENT, GROUP, HUB, INVITATION
from gateway.graph.listing import Listing, Lookup
from shared.contracts.learning.entries import EntryKind
from shared.enums import Theme

QUERIES = (
    Listing(
        name="entries",
        kind=ENTRY,
        about="Entries of the log you may read, newest first.",
        filters=narrowed_by(
            Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
            Filter("group", GROUP),
            Filter("kind", EntryKind),
            Filter("theme", Theme),
            Filter("event", EVENT),
        ),
    ),
    Lookup("entry", ENTRY),
    Listing(
        name="reflectionInvitations",
        kind=INVITATION,
        about="Open invitations to reflect on an event, newest first.",
        filters=narrowed_by(
            Filter("event", EVENT),
            Filter("group", GROUP),
            Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
        ),
    ),
)
