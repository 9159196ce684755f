"""An entry of the log: the rules of sharing, revising, withdrawing and reading it. Pure: `now` is an argument.

Invariants: an anonymous entry holds no author and no organisation; a withdrawn one holds no text.
"""

from collections.abc import Set
from datetime import datetime
from typing import Annotated, Any

from pydantic import BeforeValidator, ConfigDict, Field

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
HUB_OR_WIDER = frozenset({EntryAudience.HUB, EntryAudience.COMMUNITY, EntryAudience.PUBLIC})
CONTENT = ("kind", "title", "body", "context", "themes")


class NotTheAuthor(NotAllowed):
    """Only its author changes an entry."""

    code = "not_the_author"
    message = "Only the author of an entry can change it or take it back."


class AlreadyWithdrawn(Conflict):
    """There is no text left to revise."""

    code = "already_withdrawn"
    message = "This entry was withdrawn. Share a new one."


class GroupNotYours(Invalid):
    """The group does not exist, or the author is not in it. Both answer alike, so that nobody can probe for groups."""

    code = "group_not_yours"
    message = "Choose a group you are a member of."


class HubNotYours(Invalid):
    """The hub does not exist, or the author does not belong to it. Both answer alike."""

    code = "hub_not_yours"
    message = "Choose a hub you belong to, or the hub of the group you name."


class OrganisationNotYours(Invalid):
    """The organisation does not exist, or the author is not affiliated with it. Both answer alike."""

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

    An anonymous entry has an `author_mark` instead of an `author_id`. `private_mark`: while only its author may read an
    anonymous entry, the author's list finds it by this mark. `published_at`: when others could first read it.

    Documents name the last two by their aliases. A rename there would need a moment in which no older version runs:
    that one refuses fields it does not know, and looks for private entries by the old name.
    """

    model_config = ConfigDict(populate_by_name=True, serialize_by_alias=True)

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
    private_mark: bytes | None = Field(default=None, alias="drawer_mark")
    organisation_id: OrganisationId | None = None
    hub_id: HubId | None = None
    group_id: GroupId | None = None
    event_id: EventId | None = None
    revision: int = 1
    shared_at: datetime
    published_at: datetime | None = Field(default=None, alias="spread_at")
    revised_at: datetime | None = None
    withdrawn_at: datetime | None = None
    version: int = 1

    @property
    def is_private(self) -> bool:
        """Whether nobody but its author may read it."""
        return self.audience in PRIVATE

    @property
    def reaches_hub(self) -> bool:
        """Whether all of its hub may read it, the developers of the hub's site too."""
        return self.audience in HUB_OR_WIDER and self.hub_id is not None

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
    fields = dict(wanted)
    entry = _in_checked_hub(Entry(id=entry_id, shared_at=now, **fields), author, fields.keys())
    _check_attribution(entry, author, fields.keys())
    return _with_author(entry, author, now)


def revise(entry: Entry, wanted: ReviseEntry, author: Reader, now: datetime) -> Entry:
    """The entry with what was sent; the same object when nothing changes. Raises as `share` and `AlreadyWithdrawn`."""
    if entry.withdrawn_at is not None:
        raise AlreadyWithdrawn
    sent = wanted.sent()
    if sent.get("attribution") is Attribution.ANONYMOUS:
        sent.setdefault("organisation_id", None)
    changed = {name for name, value in sent.items() if value != getattr(entry, name)}
    after = entry.model_copy(update={name: sent[name] for name in changed})
    needs_check = changed - {"audience"} if _is_narrower(after.audience, entry.audience) else changed
    after = _in_checked_hub(after, author, needs_check, hub_was_sent="hub_id" in changed)
    _check_attribution(after, author, changed)
    after = _with_author(after, author, now)
    if after == entry:
        return entry
    is_rewritten = any(getattr(after, name) != getattr(entry, name) for name in CONTENT)
    return after.model_copy(
        update={
            "version": entry.version + 1,
            "revision": entry.revision + (1 if is_rewritten else 0),
            "revised_at": now if is_rewritten else entry.revised_at,
        }
    )


def withdraw(entry: Entry, now: datetime) -> Entry:
    """The entry without its text; one that was withdrawn before is given back as it is."""
    if entry.withdrawn_at is not None:
        return entry
    gone = {"title": "", "body": "", "context": EntryContext(), "themes": [], "withdrawn_at": now}
    return entry.model_copy(update={**gone, "version": entry.version + 1})


def _in_checked_hub(entry: Entry, author: Reader, changed: Set[str], *, hub_was_sent: bool = True) -> Entry:
    """The entry in the hub of its group, or in the hub it names. Raises `GroupNotYours` and `HubNotYours`.

    What did not change is not checked again: an author who left the group can still revise, narrow or withdraw.
    """
    if entry.audience is EntryAudience.GROUP and entry.group_id is None:
        raise GroupNotYours(path=("group_id",), message="Say which group this is for.")
    if changed & {"group_id", "hub_id", "audience"}:
        if entry.group_id is not None:
            hub_id = author.groups.get(entry.group_id)
            if hub_id is None:
                raise GroupNotYours(path=("group_id",))
            if hub_was_sent and entry.hub_id not in (None, hub_id):
                raise HubNotYours(path=("hub_id",))
            entry = entry.model_copy(update={"hub_id": hub_id})
        elif entry.hub_id is not None and not author.belongs_to_hub(entry.hub_id):
            raise HubNotYours(path=("hub_id",))
    if entry.audience is EntryAudience.HUB and entry.hub_id is None:
        raise HubNotYours(path=("hub_id",), message="Say which hub this is for.")
    return entry


def _check_attribution(entry: Entry, author: Reader, changed: Set[str]) -> None:
    """Raise `AnonymousNamesNoOrganisation` or `OrganisationNotYours`, unless neither field changed."""
    if not changed & {"attribution", "organisation_id"}:
        return
    if entry.attribution is Attribution.ANONYMOUS and entry.organisation_id is not None:
        raise AnonymousNamesNoOrganisation(path=("organisation_id",))
    if entry.attribution is Attribution.ORGANISATION and entry.organisation_id is None:
        raise OrganisationNotYours(path=("organisation_id",), message="Say which organisation this comes from.")
    if entry.organisation_id is not None and entry.organisation_id not in author.organisations:
        raise OrganisationNotYours(path=("organisation_id",))


def _with_author(entry: Entry, author: Reader, now: datetime) -> Entry:
    """The entry with as much of its author as the attribution allows, and with the time others could first read it."""
    assert author.person_id is not None
    published_at = entry.published_at if entry.is_private else entry.published_at or now
    if entry.attribution is Attribution.ANONYMOUS:
        kept: dict[str, Any] = {
            "author_id": None,
            "author_mark": author.marks.of_author(author.person_id, entry.id),
            "private_mark": author.marks.of_private_entries(author.person_id) if entry.is_private else None,
        }
    else:
        kept = {"author_id": author.person_id, "author_mark": None, "private_mark": None}
    return entry.model_copy(update={**kept, "published_at": published_at})


def _is_narrower(after: EntryAudience, before: EntryAudience) -> bool:
    """Whether it is certain that nobody gains the right to read it.

    From hub to group is not: a member of the group need not belong to the hub.
    """
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
    """The one rule of reading, which `store.readable_by` repeats as a MongoDB filter. Authors may always read."""
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
    """What the entry says now, to be stored beside what it said before."""
    content = {name: getattr(entry, name) for name in CONTENT}
    return Revision(entry_id=entry.id, number=entry.revision, at=now, **content)


def show_revision(revision: Revision) -> RevisionView:
    """A revision as it is shown."""
    return RevisionView.of(revision)
