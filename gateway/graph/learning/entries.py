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
from gateway.graph.membership.organisations import ORGANISATION as ORGANISATION_KIND
from gateway.graph.membership.people import PERSON
from gateway.graph.mutation import Mutation, the
from gateway.graph.part import Part
from gateway.graph.shapes import VERSION, Node, Place, PlaceInput, about, graph_input, graph_type
from shared.contracts.learning import entries as contract
from shared.contracts.learning.entries import (
    Attribution,
    EntryAudience,
    EntryKind,
    EntryOrder,
    EntryView,
    ReviseEntry,
    RevisionView,
    ShareEntry,
)
from shared.enums import Theme

ENTRY = Kind("Entry", EntryView, "learning", "entries", is_long=True)
REVISION = Kind("EntryRevision", RevisionView, "learning", "revisions")


ORGANISATION = "One you are affiliated with: shown beside you, or instead of you when `attribution` is `ORGANISATION`."
HUB_IT_IS_FOR = "A hub you belong to. The audience `HUB` needs one; an entry with a group is in the group's hub."
GROUP_IT_IS_FOR = "A group you are a member of. The audience `GROUP` needs one."
EVENT_IT_IS_ABOUT = "The event it reflects on; the entry is listed with the event."


@graph_type(contract.EntryContext)
class EntryContext:
    """Where it happened, and what was tried there."""

    place: Place | None = about("The place it is about, such as a town; null when its author names none.")
    system: str | None = about(
        "The system of services it is about, such as homelessness support in one city; null when its author names none."
    )
    what_was_tried: str | None = about("What people did or changed, as Markdown; null when its author does not say.")
    what_happened: str | None = about(
        "What came of it, as far as its author saw it, as Markdown; null when they do not say."
    )


@graph_type(EntryView)
class Entry(Node):
    """One item of the learning log, as far as you may see it."""

    kind: EntryKind = about("What sort of entry it is; its author chooses.")
    title: str = about("One line that says what it is about; empty once it is withdrawn.")
    body: str = about("The text, as its author wrote it, in Markdown; empty once it is withdrawn.")
    context: EntryContext = about("Where it happened and what was tried there; empty fields once it is withdrawn.")
    themes: list[Theme] = about("The themes it touches, in its author's order; lists can be narrowed by them.")
    audience: EntryAudience = about("Who may read it besides its author.")
    attribution: Attribution = about(
        "How its author is named. It decides whether `author` and `organisation` are shown."
    )
    revision: int = about("The number of this text: 1 when it was shared, and one more for each new text.")
    is_mine: bool = about("Whether you wrote it. It is false for everybody else, also when the entry is anonymous.")
    viewer_can_update: bool = about(
        "Whether you can revise it or take it back: you wrote it and have not withdrawn it yet."
    )
    shared_at: datetime = about("When it was added to the log, even if only its author could read it then.")
    revised_at: datetime | None = about("When its text last changed; null when it never did.")
    withdrawn_at: datetime | None = about("When its author took it back; null before. Only the author can see it then.")
    version: int = about(
        "Counts its changes, also of the audience. Send it with `reviseEntry`, so that no change is lost."
    )


@graph_type(RevisionView)
class EntryRevision:
    """What an entry said at one time. Its author sees all revisions, others the latest alone."""

    number: int = about("Counted from 1 for each entry; the newest is the entry's `revision`.")
    kind: EntryKind = about("The kind its author had chosen then.")
    title: str = about("The title as it was then.")
    body: str = about("The text as it was then, in Markdown.")
    context: EntryContext = about("The context as it was then.")
    themes: list[Theme] = about("The themes its author had chosen then.")
    at: datetime = about("When the entry began to say this.")


@graph_input
class EntryContextInput:
    """Where it happened, and what was tried there. Replaced as a whole: what you leave out is empty."""

    place: PlaceInput | None = about("The place it is about. Others find entries from places like theirs.")
    system: str | None = about("The system of services it is about, in one line of at most 200 characters.")
    what_was_tried: str | None = about("What people did or changed: Markdown of at most 5,000 characters.")
    what_happened: str | None = about("What came of it: Markdown of at most 5,000 characters.")


@graph_input
class ShareEntryInput:
    """A new entry of the log. You choose who may read it and how you are named."""

    kind: EntryKind = about("What sort of entry it is. You can choose another later.")
    title: str = about("One line of at most 200 characters that says what it is about.")
    body: str = about("The text, in Markdown; at most 20,000 characters.")
    context: EntryContextInput | None = about("Where it happened, so that others can judge whether it applies to them.")
    themes: list[Theme] | None = about("The themes it touches; none when left out.")
    audience: EntryAudience = about("Who may read it, beside you. `GROUP` needs a group and `HUB` needs a hub.")
    attribution: Attribution | None = about(
        "How you are named: `NAMED` when left out. The author of an anonymous entry is not stored and not shown; only "
        "somebody with both the database and the deployment's secret could find out, by trying every person."
    )
    organisation_id: strawberry.ID | None = about(ORGANISATION, name="organisation")
    hub_id: strawberry.ID | None = about(HUB_IT_IS_FOR, name="hub")
    group_id: strawberry.ID | None = about(GROUP_IT_IS_FOR, name="group")
    event_id: strawberry.ID | None = about(EVENT_IT_IS_ABOUT, name="event")


@graph_input
class ReviseEntryInput:
    """Change your entry. Fields left out stay as they are."""

    entry_id: strawberry.ID = about("An entry of yours that you have not withdrawn.", name="entry")
    kind: EntryKind | None = about("The new kind.")
    title: str | None = about("The new title, of at most 200 characters.")
    body: str | None = about("The new text, in Markdown; at most 20,000 characters.")
    context: EntryContextInput | None = about("The new context, which replaces the old one as a whole.")
    themes: list[Theme] | None = about("The new themes, all of them; an empty list takes the old ones away.")
    audience: EntryAudience | None = about(
        "Who may read it from now on. You can always narrow it. To widen it, you must be in the group or hub."
    )
    attribution: Attribution | None = about(
        "How you are named from now on. With `ANONYMOUS` your name and your organisation are deleted from the entry; "
        "those who read it before may remember them."
    )
    organisation_id: strawberry.ID | None = about(ORGANISATION, name="organisation")
    hub_id: strawberry.ID | None = about(HUB_IT_IS_FOR, name="hub")
    group_id: strawberry.ID | None = about(GROUP_IT_IS_FOR, name="group")
    event_id: strawberry.ID | None = about(EVENT_IT_IS_ABOUT, name="event")
    version: int | None = about(VERSION)


@graph_input
class WithdrawEntryInput:
    """Withdraw your entry: its text and all its revisions are erased."""

    entry_id: strawberry.ID = about("An entry of yours. Withdrawing it again does nothing.", name="entry")


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
    markdown=(
        ("Entry", "body"),
        ("EntryContext", "what_was_tried"),
        ("EntryContext", "what_happened"),
        ("EntryRevision", "body"),
    ),
    edges=(
        Edge(
            "Hub",
            "entries",
            "Entry",
            by="hub",
            below=True,
            about="Entries for this hub and all hubs below it that you may read.",
        ),
        Edge("Group", "entries", "Entry", by="group", about="Entries for this group that you may read."),
        Edge("Event", "entries", "Entry", by="event", about="Entries about this event that you may read."),
        Edge(
            "Entry",
            "author",
            "Person",
            key="author_id",
            about="Who wrote it, when the entry is named; null for all others, also to the author.",
        ),
        Edge(
            "Entry",
            "organisation",
            "Organisation",
            key="organisation_id",
            about="The organisation its author names beside or instead of themselves; null for anonymous entries.",
        ),
        Edge("Entry", "hub", "Hub", key="hub_id", about="The hub it is for; null when its author names none."),
        Edge("Entry", "group", "Group", key="group_id", about="The group it is for; null when its author names none."),
        Edge(
            "Entry",
            "event",
            "Event",
            key="event_id",
            about="The event it reflects on; null without one you may see.",
        ),
        Edge(
            "Entry",
            "revisions",
            "EntryRevision",
            path="/entries/{}/revisions",
            about="Its texts, newest first: all for its author, only the latest for others.",
        ),
        Edge("EntryRevision", "entry", "Entry", key="entry_id", about="The entry as it is now."),
    ),
    queries=(
        Listing(
            name="entries",
            kind=ENTRY,
            about="Entries of the log you may read, newest first unless you say otherwise.",
            filters=narrowed_by(
                Filter("hub", HUB, below=True, about="Of this hub and all hubs below it."),
                Filter("group", GROUP, about="For this group."),
                Filter("event", EVENT, about="That reflect on this event."),
                Filter("kinds", list[EntryKind], param="kind", about="Of any of these kinds."),
                Filter("themes", list[Theme], param="theme", about="With any of these themes."),
                Filter("author", PERSON, about="By this person, as far as they named themselves."),
                Filter("organisation", ORGANISATION_KIND, about="That name this organisation."),
                Filter("audiences", list[EntryAudience], param="audience", about="For any of these audiences."),
                Filter("from", datetime, about="Shared at this moment or later."),
                Filter("to", datetime, about="Shared before this moment."),
                order=EntryOrder,
            ),
        ),
        Lookup("entry", ENTRY),
    ),
    mutations=(
        Mutation(
            name="shareEntry",
            about="Share what was learnt, mistakes included. You need not be in a hub to share with the community.",
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
            about="Change what an entry of yours says, who may read it or how you are named, until you withdraw it.",
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
            about="Withdraw an entry of yours. Its text and revisions are erased; only you still see that it existed.",
            service="learning",
            method="POST",
            path="/entries/{entry_id:ent}/withdraw",
            input=WithdrawEntryInput,
            gives={"entry": Entry},
            answer=the("entry"),
        ),
    ),
)
