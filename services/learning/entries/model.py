"""An entry of the log, what may be asked of it, and who may read it. Pure: `now` is an argument.

Invariants: an anonymous entry holds no author and no organisation; a withdrawn one holds no text.
"""

from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator

from services.learning.authorship.model import Reader
from shared.contracts.events.events import EventId
from shared.contracts.learning.entries import (
    Attribution,
    EntryAudience,
    EntryContext,
    EntryId,
    EntryKind,
    EntryView,
    ReviseEntry,
    RevisionView,
    ShareEntry,
)
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.organisations import OrganisationId
from shared.contracts.membership.people import PersonId
from shared.enums import Theme
from shared.errors import Conflict, Invalid, NotAllowed
from shared.values import Place, Stored

PRIVATE = frozenset({EntryAudience.ME, EntryAudience.BUDDY})
ABROAD = frozenset({EntryAudience.HUB, EntryAudience.COMMUNITY, EntryAudience.PUBLIC})
TEXT = ("kind", "title", "body", "context", "themes")
STANDING = ("audience", "attribution", "organisation_id", "hub_id", "group_id")


class NotTheAuthor(NotAllowed):
    """Only its author changes an entry."""

    code = "not_the_author"
    message = "Only the author of an entry can change it or take it back."


class AlreadyWithdrawn(Conflict):
    """There is no text left to revise."""

    code = "already_withdrawn"
    message = "This entry was withdrawn. Share a new one."


class GroupNotYours(Invalid):
    """Not there, or the author is not in it: both answer alike."""

    code = "group_not_yours"
    message = "Choose a group you are a member of."


class HubNotYours(Invalid):
    """Not there, or the author does not belong to it: both answer alike."""

    code = "hub_not_yours"
    message = "Choose a hub you belong to, or the hub of the group you name."


class OrganisationNotYours(Invalid):
    """Not there, or not where the author works: both answer alike."""

    code = "organisation_not_yours"
    message = "Choose an organisation you are affiliated with."


class AnonymousNamesNoOrganisation(Invalid):
    """An organisation would say too much about who wrote it."""

    code = "anonymous_names_no_organisation"
    message = "An anonymous entry names no organisation. Leave it out, or choose another attribution."


def _known_fields(context: Any) -> Any:
    """The fields of a stored context that this version knows: a newer one may have stored more."""
    if not isinstance(context, dict):
        return context
    known = {name: value for name, value in context.items() if name in EntryContext.model_fields}
    if isinstance(known.get("place"), dict):
        known["place"] = {name: value for name, value in known["place"].items() if name in Place.model_fields}
    return known


StoredContext = Annotated[EntryContext, BeforeValidator(_known_fields)]


class Entry(Stored):
    """An entry as it is stored.

    `author_id` is empty and `author_mark` set when it is anonymous; `drawer_mark` finds an anonymous entry that only
    its author may read. `spread_at`: when others than the author could first read it.
    """

    id: EntryId
    kind: EntryKind
    title: str
    body: str
    context: StoredContext
    themes: list[Theme]
    audience: EntryAudience
    attribution: Attribution
    author_id: PersonId | None = None
    author_mark: bytes | None = None
    drawer_mark: bytes | None = None
    organisation_id: OrganisationId | None = None
    hub_id: HubId | None = None
    group_id: GroupId | None = None
    event_id: EventId | None = None
    revision: int = 1
    shared_at: datetime
    spread_at: datetime | None = None
    revised_at: datetime | None = None
    withdrawn_at: datetime | None = None
    version: int = 1

    @property
    def is_private(self) -> bool:
        """Whether nobody but its author may read it."""
        return self.audience in PRIVATE

    @property
    def is_abroad(self) -> bool:
        """Whether the developers of its hub may read it."""
        return self.audience in ABROAD and self.hub_id is not None

    @property
    def named_author(self) -> str | None:
        """The author, when the entry says who that is."""
        return self.author_id if self.attribution is Attribution.NAMED else None


class Revision(Stored):
    """What an entry said at one time. Says nothing of who wrote it."""

    entry_id: EntryId
    number: int
    kind: EntryKind
    title: str
    body: str
    context: StoredContext
    themes: list[Theme]
    at: datetime


def share(entry_id: str, wanted: ShareEntry, author: Reader, now: datetime) -> Entry:
    """A new entry. Raises the named problems when group, hub or organisation are not the author's to name."""
    entry = Entry(id=entry_id, shared_at=now, **dict(wanted))
    return _signed(_placed(entry, author, set(STANDING), hub_was_given=True), author, now)


def revise(entry: Entry, wanted: ReviseEntry, author: Reader, now: datetime) -> Entry:
    """The entry with what was sent; the same object when nothing changes. Raises as `share` and `AlreadyWithdrawn`."""
    if entry.withdrawn_at is not None:
        raise AlreadyWithdrawn
    wishes = wanted.sent()
    if wishes.get("attribution") is Attribution.ANONYMOUS:
        wishes.setdefault("organisation_id", None)
    changed = {name for name, value in wishes.items() if value != getattr(entry, name)}
    after = entry.model_copy(update={name: wishes[name] for name in changed})
    standing = changed - {"audience"} if _is_narrower(after.audience, entry.audience) else changed
    after = _placed(after, author, standing, hub_was_given="hub_id" in changed)
    after = _signed(after, author, now)
    if after == entry:
        return entry
    rewritten = any(getattr(after, name) != getattr(entry, name) for name in TEXT)
    return after.model_copy(
        update={
            "version": entry.version + 1,
            "revision": entry.revision + (1 if rewritten else 0),
            "revised_at": now if rewritten else entry.revised_at,
        }
    )


def withdraw(entry: Entry, now: datetime) -> Entry:
    """The entry without its text; one that was withdrawn before is given back as it is."""
    if entry.withdrawn_at is not None:
        return entry
    gone = {"title": "", "body": "", "context": EntryContext(), "themes": [], "withdrawn_at": now}
    return entry.model_copy(update={**gone, "version": entry.version + 1})


def _placed(entry: Entry, author: Reader, changed: set[str], *, hub_was_given: bool) -> Entry:
    """Check that what is named anew is the author's to name, and give the entry its group's hub.

    What is not changed is not checked again: whoever left a group can still mend, narrow or take back an entry.
    """
    if entry.audience is EntryAudience.GROUP and entry.group_id is None:
        raise GroupNotYours(path=("group_id",), message="Say which group this is for.")
    if changed & {"group_id", "hub_id", "audience"}:
        if entry.group_id is not None:
            hub_id = author.groups.get(entry.group_id)
            if hub_id is None:
                raise GroupNotYours(path=("group_id",))
            if hub_was_given and entry.hub_id not in (None, hub_id):
                raise HubNotYours(path=("hub_id",))
            entry = entry.model_copy(update={"hub_id": hub_id})
        elif entry.hub_id is not None and not author.belongs_to_hub(entry.hub_id):
            raise HubNotYours(path=("hub_id",))
    if entry.audience is EntryAudience.HUB and entry.hub_id is None:
        raise HubNotYours(path=("hub_id",), message="Say which hub this is for.")
    return _attributed(entry, author, changed)


def _attributed(entry: Entry, author: Reader, changed: set[str]) -> Entry:
    if not changed & {"attribution", "organisation_id"}:
        return entry
    if entry.attribution is Attribution.ANONYMOUS and entry.organisation_id is not None:
        raise AnonymousNamesNoOrganisation(path=("organisation_id",))
    if entry.attribution is Attribution.ORGANISATION and entry.organisation_id is None:
        raise OrganisationNotYours(path=("organisation_id",), message="Say which organisation this comes from.")
    if entry.organisation_id is not None and entry.organisation_id not in author.organisations:
        raise OrganisationNotYours(path=("organisation_id",))
    return entry


def _signed(entry: Entry, author: Reader, now: datetime) -> Entry:
    """Keep of the author what the attribution allows, and note when the entry first reaches others."""
    assert author.person_id is not None
    spread_at = entry.spread_at if entry.is_private else entry.spread_at or now
    if entry.attribution is Attribution.ANONYMOUS:
        kept: dict[str, Any] = {
            "author_id": None,
            "author_mark": author.marks.of_author(author.person_id, entry.id),
            "drawer_mark": author.marks.of_drawer(author.person_id) if entry.is_private else None,
        }
    else:
        kept = {"author_id": author.person_id, "author_mark": None, "drawer_mark": None}
    return entry.model_copy(update={**kept, "spread_at": spread_at})


def _is_narrower(after: EntryAudience, before: EntryAudience) -> bool:
    """Whether nobody may read it who might not before. A group's members need not be in its hub."""
    if after in PRIVATE or before is EntryAudience.PUBLIC:
        return True
    return before is EntryAudience.COMMUNITY and after is not EntryAudience.PUBLIC


def is_author(entry: Entry, reader: Reader) -> bool:
    """Whether the reader wrote it."""
    return reader.wrote(entry.id, entry.author_id, entry.author_mark)


def may_change(entry: Entry, reader: Reader) -> bool:
    """Whether the reader can revise it or take it back: its author, as long as it is not withdrawn."""
    return reader.may_write and entry.withdrawn_at is None and is_author(entry, reader)


def may_read(entry: Entry, reader: Reader) -> bool:
    """The one rule of reading; `store.readable_by` says the same to MongoDB. Authors always may."""
    if is_author(entry, reader):
        return True
    if entry.withdrawn_at is not None or entry.is_private:
        return False
    if entry.audience is EntryAudience.GROUP:
        return entry.group_id in reader.groups
    if entry.audience is EntryAudience.HUB:
        return reader.belongs_to_hub(entry.hub_id)
    return True


def show(entry: Entry, reader: Reader) -> EntryView:
    """The entry as this reader sees it. The author's id is there only when the entry is named."""
    return EntryView.of(
        entry,
        author_id=entry.named_author,
        is_mine=is_author(entry, reader),
        viewer_can_update=may_change(entry, reader),
    )


def revision_of(entry: Entry, now: datetime) -> Revision:
    """What the entry says now, to be kept beside what it said before."""
    text = {name: getattr(entry, name) for name in TEXT}
    return Revision(entry_id=entry.id, number=entry.revision, at=now, **text)


def show_revision(revision: Revision) -> RevisionView:
    """A revision as it is shown."""
    return RevisionView.of(revision)
