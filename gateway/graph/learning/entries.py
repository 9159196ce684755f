"""Entries of the learning log."""

from datetime import datetime

import strawberry

from gateway.graph.edges import Edge
from gateway.graph.events.events import EVENT
from gateway.graph.existence import must_exist
from gateway.graph.filters import Filter, narrowed_by
from gateway.graph.kinds import Kind
from gateway.graph.listing import Listing, Lookup
from gateway.graph.membership.groups import GROUP
from gateway.graph.membership.hubs import HUB
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type
from shared.contracts.learning import entries as contract
from shared.contracts.learning.entries import (
    Attribution,
    EntryAudience,
    EntryKind,
    EntryView,
    ReviseEntry,
    RevisionView,
    ShareEntry,
)
from shared.enums import Theme

ENTRY = Kind("Entry", EntryView, "learning", "entries", is_long=True)
REVISION = Kind("EntryRevision", RevisionView, "learning", "revisions")


@graph_type(contract.EntryContext)
class EntryContext:
    """Where it happened, and what was tried there."""

    place: Place | None
    system: str | None
    what_was_tried: str | None
    what_happened: str | None


@graph_type(EntryView)
class Entry(Node):
    """One item of the learning log, as far as you may see it."""

    kind: EntryKind
    title: str
    body: str
    context: EntryContext
    themes: list[Theme]
    audience: EntryAudience
    attribution: Attribution
    revision: int
    is_mine: bool = about("Whether you wrote it. Always false for others, also when the entry is anonymous.")
    viewer_can_update: bool = about(
        "Whether you can revise it or take it back: you wrote it and have not withdrawn it yet."
    )
    shared_at: datetime
    revised_at: datetime | None
    withdrawn_at: datetime | None
    version: int


@graph_type(RevisionView)
class EntryRevision:
    """What an entry said at one time, counted from 1."""

    number: int
    kind: EntryKind
    title: str
    body: str
    context: EntryContext
    themes: list[Theme]
    at: datetime


@graph_input
class EntryContextInput:
    """Where it happened, and what was tried there."""

    place: PlaceInput | None
    system: str | None
    what_was_tried: str | None
    what_happened: str | None


@graph_input
class ShareEntryInput:
    """A new entry of the log. You choose who may read it and how you are named."""

    kind: EntryKind
    title: str
    body: str
    context: EntryContextInput | None
    themes: list[Theme] | None
    audience: EntryAudience
    attribution: Attribution | None = about(
        "Named, unless you say otherwise. The author of an anonymous entry is stored nowhere and shown to nobody; only "
        "who holds both the database and the deployment's secret could find out, by trying every person."
    )
    organisation_id: strawberry.ID | None = about("The organisation that is named instead of you.", name="organisation")
    hub_id: strawberry.ID | None = about("The hub it is for.", name="hub")
    group_id: strawberry.ID | None = about("The group it is for.", name="group")
    event_id: strawberry.ID | None = about("The event it reflects on.", name="event")


@graph_input
class ReviseEntryInput:
    """Change your entry. Fields left out stay as they are."""

    entry_id: strawberry.ID = about("The entry.", name="entry")
    kind: EntryKind | None
    title: str | None
    body: str | None
    context: EntryContextInput | None
    themes: list[Theme] | None
    audience: EntryAudience | None
    attribution: Attribution | None
    organisation_id: strawberry.ID | None = about("The organisation that is named instead of you.", name="organisation")
    hub_id: strawberry.ID | None = about("The hub it is for.", name="hub")
    group_id: strawberry.ID | None = about("The group it is for.", name="group")
    event_id: strawberry.ID | None = about("The event it reflects on.", name="event")
    version: int | None = about(VERSION)


@graph_input
class WithdrawEntryInput:
    """Take your entry back: its text is erased."""

    entry_id: strawberry.ID = about("The entry.", name="entry")


PART = Part(
    kinds=(
        ENTRY,
        REVISION,
    ),
    types=(
        EntryContext,
        Entry,
        EntryRevision,
    ),
    edges=(
        Edge("Hub", "entries", "Entry", by="hub", below=True),
        Edge("Group", "entries", "Entry", by="group"),
        Edge("Event", "entries", "Entry", by="event"),
        Edge("Entry", "author", "Person", key="author_id"),
        Edge("Entry", "organisation", "Organisation", key="organisation_id"),
        Edge("Entry", "hub", "Hub", key="hub_id"),
        Edge("Entry", "group", "Group", key="group_id"),
        Edge("Entry", "event", "Event", key="event_id"),
        Edge("Entry", "revisions", "EntryRevision", path="/entries/{}/revisions"),
        Edge("EntryRevision", "entry", "Entry", key="entry_id"),
    ),
    queries=(
        Listing(
            name="entries",
            kind=ENTRY,
            about="Entries of the log you may read, newest first.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("group", GROUP, about="For this group."),
                Filter("event", EVENT, about="That reflect on this event."),
                Filter("kinds", list[EntryKind], param="kind", about="Of any of these kinds."),
                Filter("themes", list[Theme], param="theme", about="With any of these themes."),
            ),
        ),
        Lookup("entry", ENTRY),
    ),
    mutations=(
        Mutation(
            name="shareEntry",
            about="Share what was learnt.",
            service="learning",
            method="POST",
            path="/entries",
            input=ShareEntryInput,
            request=ShareEntry,
            gives={"entry": Entry},
            answer=the("entry"),
            before=must_exist(event_id=EVENT),
        ),
        Mutation(
            name="reviseEntry",
            about="Change an entry of yours.",
            service="learning",
            method="PATCH",
            path="/entries/{entry_id:ent}",
            input=ReviseEntryInput,
            request=ReviseEntry,
            gives={"entry": Entry},
            answer=the("entry"),
        ),
        Mutation(
            name="withdrawEntry",
            about="Take an entry of yours back.",
            service="learning",
            method="POST",
            path="/entries/{entry_id:ent}/withdraw",
            input=WithdrawEntryInput,
            gives={"entry": Entry},
            answer=the("entry"),
        ),
    ),
)
