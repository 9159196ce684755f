"""What has been learnt: entries of the log, and invitations to reflect."""

from datetime import datetime

import strawberry

from gateway.graph.shapes import Node, Place, shown
from shared.contracts.learning.entries import Attribution, EntryAudience, EntryKind
from shared.enums import Theme


@shown
class EntryContext:
    """Where it happened, and what was tried there."""

    place: Place | None
    system: str | None
    what_was_tried: str | None
    what_happened: str | None


@shown
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
    is_mine: bool
    shared_at: datetime
    revised_at: datetime | None
    withdrawn_at: datetime | None
    version: int


@shown
class EntryRevision:
    """What an entry said at one time, counted from 1."""

    number: int
    kind: EntryKind
    title: str
    body: str
    context: EntryContext
    themes: list[Theme]
    at: datetime


@shown
class ReflectionInvitation:
    """After an event: those who were there are invited to reflect."""

    id: strawberry.ID
    opened_at: datetime
    closes_at: datetime
