"""What learning tells (messages) and shows (views)."""

from datetime import datetime
from typing import ClassVar

from shared.contracts.view import Place, View
from shared.contracts.enums import Attribution, EntryAudience, EntryKind, Theme
from shared.ids import EntryId, EventId, GroupId, HubId, OrganisationId, PersonId
from shared.messaging.envelope import Message, register


class _AboutEntry(Message):
    """Nothing here says who wrote it, not even of a named entry: a message stays when its author turns anonymous.

    Whoever needs the author asks for the entry, and is told what its attribution allows at that moment.
    """

    entry_id: EntryId
    version: int
    kind: EntryKind
    audience: EntryAudience
    attribution: Attribution
    hub_id: HubId | None
    group_id: GroupId | None


class EntryShared(_AboutEntry):
    """An entry is in the log. Its author, if named, is found by reading it."""

    topic: ClassVar[str] = "learning.entry_shared"


class EntryRevised(_AboutEntry):
    """An entry has a new revision; `changed` names the fields."""

    topic: ClassVar[str] = "learning.entry_revised"
    changed: list[str]


class EntryWithdrawn(_AboutEntry):
    """An entry was taken back by its author; its text is gone."""

    topic: ClassVar[str] = "learning.entry_withdrawn"


class ReflectionInvited(Message):
    """After an event: those who were there are invited to reflect."""

    topic: ClassVar[str] = "learning.reflection_invited"
    invitation_id: str
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None


register(EntryShared, EntryRevised, EntryWithdrawn, ReflectionInvited)


class EntryContext(View):
    """Where it happened: always with the local context."""

    place: Place | None = None
    system: str | None = None
    what_was_tried: str | None = None
    what_happened: str | None = None


class EntryView(View):
    """An entry as this viewer may see it. `author_id` only when named; `is_mine` only to the author."""

    id: EntryId
    kind: EntryKind
    title: str
    body: str
    context: EntryContext
    themes: list[Theme]
    audience: EntryAudience
    attribution: Attribution
    author_id: PersonId | None
    organisation_id: OrganisationId | None
    hub_id: HubId | None
    group_id: GroupId | None
    event_id: EventId | None
    revision: int
    is_mine: bool
    shared_at: datetime
    revised_at: datetime | None
    withdrawn_at: datetime | None
    version: int


class RevisionView(View):
    """What an entry said at one time, counted from 1. Says nothing of who wrote it."""

    entry_id: EntryId
    number: int
    kind: EntryKind
    title: str
    body: str
    context: EntryContext
    themes: list[Theme]
    at: datetime


class InvitationView(View):
    """An open invitation to reflect on an event."""

    id: str
    event_id: EventId
    hub_id: HubId
    group_id: GroupId | None
    opened_at: datetime
    closes_at: datetime
