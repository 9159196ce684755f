"""Entries: the learning log, whose authors choose audience and attribution entry by entry."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field, StringConstraints

from shared.contracts.events.events import EventId
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.organisations import OrganisationId
from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.enums import Described, Theme
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import CLEAN_TEXT, UNCHANGED, Changes, Input, Line, Place, Themes

EntryId = Annotated[str, IdType("ent")]
Body = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=20_000), CLEAN_TEXT]
Passage = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=5_000), CLEAN_TEXT]


class EntryKind(Described):
    """What sort of entry of the learning log."""

    REFLECTION = "reflection", "What its author makes of something that happened, such as an event."
    MISTAKE = "mistake", "Something that went wrong, and what others can learn from it."
    QUESTION = "question", "Something its author does not know and wants to think about with others."
    VIGNETTE = "vignette", "A short scene from practice that shows one thing."
    STORY = "story", "What happened, told from beginning to end."
    CASE_STUDY = "case_study", "A thorough account of one piece of work: its setting, what was tried and the outcome."
    EXEMPLAR = "exemplar", "Work that others can take as an example."


class EntryAudience(Described):
    """Who may read an entry; its author chooses, entry by entry. The author may always read it."""

    ME = "me", "Only its author."
    BUDDY = "buddy", "Meant for its author's buddy. There are no buddies yet, so only its author reads it."
    GROUP = "group", "The members of its group; the stewards of the hub only when they are members."
    HUB = "hub", "Everyone who belongs to its hub, and the hub's site."
    COMMUNITY = "community", "Everyone signed in, in whatever hub, and every hub's site."
    PUBLIC = "public", "As COMMUNITY, and a site may show it to visitors who are not signed in."


class Attribution(Described):
    """How an entry's author is named. The author of an anonymous entry is stored nowhere and shown to nobody; only who
    holds both the database and the deployment's secret could find out whose it is, by trying every person.
    """

    NAMED = "named", "Everyone who may read the entry sees who wrote it."
    ORGANISATION = "organisation", "The author's organisation is shown instead. The author is stored and never shown."
    ANONYMOUS = "anonymous", "Nobody is shown, and the author is not stored."


class EntryOrder(Described):
    """The orders of a list of entries."""

    NEWEST = "newest", "By when it was shared: the newest comes first."
    OLDEST = "oldest", "By when it was shared: the oldest comes first."


class _AboutEntry(Message):
    """What every message about an entry says. It never says who wrote it, not even of a named entry: the author may
    choose anonymity later, and messages are never taken back.

    To learn the author, read the entry: it shows what its attribution allows at that moment.
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


class EntryContext(Input):
    """Where something was learnt, and what was done there, so that others can judge whether it applies to them."""

    place: Place | None = None
    system: Line | None = None
    what_was_tried: Passage | None = None
    what_happened: Passage | None = None


class ShareEntry(Input):
    """What is sent to share an entry."""

    kind: EntryKind
    title: Line
    body: Body
    context: EntryContext = EntryContext()
    themes: Themes = Field(default_factory=list)
    audience: EntryAudience
    attribution: Attribution = Attribution.NAMED
    organisation_id: OrganisationId | None = None
    hub_id: HubId | None = None
    group_id: GroupId | None = None
    event_id: EventId | None = None


class ReviseEntry(Changes):
    """What is sent to revise an entry: only the fields to change."""

    kind: EntryKind = UNCHANGED
    title: Line = UNCHANGED
    body: Body = UNCHANGED
    context: EntryContext = UNCHANGED
    themes: Themes = UNCHANGED
    audience: EntryAudience = UNCHANGED
    attribution: Attribution = UNCHANGED
    organisation_id: OrganisationId | None = None
    hub_id: HubId | None = None
    group_id: GroupId | None = None
    event_id: EventId | None = None


class EntryView(View):
    """An entry as this viewer may see it. `author_id` is there only when it is named.

    `is_mine` and `viewer_can_update` (revise it or take it back) are true for its author alone, so they tell nobody
    else who wrote it.
    """

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
    viewer_can_update: bool
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
