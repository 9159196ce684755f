"""Changing what has been learnt."""

import strawberry

from gateway.graph.kinds import EVENT
from gateway.graph.learning.types import Entry
from gateway.graph.mutation import Mutation, the
from gateway.graph.shapes import VERSION, PlaceInput, about, given
from gateway.graph.vouching import naming
from shared.contracts.learning.entries import Attribution, EntryAudience, EntryKind
from shared.enums import Theme


@given
class EntryContextInput:
    """Where it happened, and what was tried there."""

    place: PlaceInput | None
    system: str | None
    what_was_tried: str | None
    what_happened: str | None


@given
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


@given
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


@given
class WithdrawEntryInput:
    """Take your entry back: its text is erased."""

    entry_id: strawberry.ID = about("The entry.", name="entry")


MUTATIONS = (
    Mutation(
        name="shareEntry",
        about="Share what was learnt.",
        service="learning",
        method="POST",
        path="/entries",
        input=ShareEntryInput,
        gives={"entry": Entry},
        answer=the("entry"),
        before=naming(event_id=EVENT),
    ),
    Mutation(
        name="reviseEntry",
        about="Change an entry of yours.",
        service="learning",
        method="PATCH",
        path="/entries/{entry_id}",
        input=ReviseEntryInput,
        gives={"entry": Entry},
        answer=the("entry"),
    ),
    Mutation(
        name="withdrawEntry",
        about="Take an entry of yours back.",
        service="learning",
        method="POST",
        path="/entries/{entry_id}/withdraw",
        input=WithdrawEntryInput,
        gives={"entry": Entry},
        answer=the("entry"),
    ),
)
