"""Entries and their revisions in MongoDB: one document per entry, and one per revision of its content."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.learning.authorship.model import Reader
from services.learning.entries.model import Entry, Revision
from shared.contracts.learning.entries import Attribution, EntryAudience, EntryKind, EntryOrder
from shared.enums import Theme
from shared.mongo import Binary, Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import Order, Store

NEWEST_FIRST: Order = (("shared_at", -1), ("_id", -1))
ORDERS: Mapping[EntryOrder, Order] = {
    EntryOrder.NEWEST: NEWEST_FIRST,
    EntryOrder.OLDEST: (("shared_at", 1), ("_id", 1)),
}
NEWEST_REVISION_FIRST = (("number", -1),)

ENTRIES = Store(
    "entries",
    Entry,
    prefix="ent",
    indexes=[
        Index(NEWEST_FIRST),
        Index([("hub_id", 1), *NEWEST_FIRST]),
        Index([("group_id", 1), *NEWEST_FIRST]),
        Index([("event_id", 1), *NEWEST_FIRST], where={"event_id": {"$type": "string"}}),
        Index([("organisation_id", 1), *NEWEST_FIRST], where={"organisation_id": {"$type": "string"}}),
        Index([("author_id", 1), *NEWEST_FIRST], where={"author_id": {"$type": "string"}}),
        Index([("kind", 1), *NEWEST_FIRST]),
        Index([("themes", 1), *NEWEST_FIRST]),
    ],
)
REVISIONS = Store(
    "revisions",
    Revision,
    key=lambda revision: f"{revision.entry_id}.{revision.number}",
    indexes=[Index([("entry_id", 1), ("number", -1)], unique=True)],
)


@dataclass(frozen=True)
class EntryFilter:
    """The filter of a list of entries: any of the values of each field. An empty field filters nothing.

    `authors` finds named entries only: nobody learns who wrote the others, not even from their own list. Entries
    shared in [since, until).
    """

    hubs: Sequence[str] = ()
    groups: Sequence[str] = ()
    events: Sequence[str] = ()
    kinds: Sequence[EntryKind] = ()
    themes: Sequence[Theme] = ()
    organisations: Sequence[str] = ()
    authors: Sequence[str] = ()
    audiences: Sequence[EntryAudience] = ()
    since: datetime | None = None
    until: datetime | None = None

    def query(self) -> Document:
        """The MongoDB filter for it, the same for the same values in any order: cursors belong to it."""
        wanted: dict[str, Sequence[str]] = {
            "hub_id": self.hubs,
            "group_id": self.groups,
            "event_id": self.events,
            "kind": [kind.value for kind in self.kinds],
            "themes": [theme.value for theme in self.themes],
            "organisation_id": self.organisations,
            "author_id": self.authors,
            "audience": [audience.value for audience in self.audiences],
        }
        query: Document = {field: {"$in": sorted(set(values))} for field, values in wanted.items() if values}
        if self.authors:
            query["attribution"] = Attribution.NAMED.value
        period = {"$gte": self.since, "$lt": self.until}
        if bounds := {operator: moment for operator, moment in period.items() if moment is not None}:
            query["shared_at"] = bounds
        return query


def readable_by(reader: Reader) -> Document:
    """The MongoDB filter for a reader's lists: the rule of `model.may_read`, without withdrawn entries."""
    ways: list[Document] = [
        {"audience": {"$in": [EntryAudience.COMMUNITY, EntryAudience.PUBLIC]}},
        {"audience": EntryAudience.HUB}
        if reader.every_hub
        else {"audience": EntryAudience.HUB, "hub_id": {"$in": sorted(reader.hubs)}},
    ]
    if reader.groups:
        ways.append({"audience": EntryAudience.GROUP, "group_id": {"$in": sorted(reader.groups)}})
    if reader.person_id is not None:
        ways.append({"author_id": reader.person_id})
        ways.append({"drawer_mark": Binary(reader.marks.of_private_entries(reader.person_id))})
    return {"withdrawn_at": None, "$or": ways}


async def page_of_entries(
    database: Database, reader: Reader, wanted: EntryFilter, order: EntryOrder, request: PageRequest
) -> Page[Entry]:
    """The entries a reader may see. Raises `Invalid` for a cursor that is not of this list in this order."""
    return await ENTRIES.page(database, wanted.query(), request, order=ORDERS[order], visible=readable_by(reader))


async def page_of_revisions(
    database: Database, entry_id: str, request: PageRequest, *, only: int | None = None
) -> Page[Revision]:
    """The revisions of an entry; `only`: the number of the one revision that may be seen.

    Newest first, and in no other order: most readers see one alone.
    """
    visible = None if only is None else {"number": only}
    return await REVISIONS.page(database, {"entry_id": entry_id}, request, order=NEWEST_REVISION_FIRST, visible=visible)


async def erase_revisions(database: Database, entry_id: str) -> None:
    """Delete all revisions of an entry."""
    await REVISIONS.of(database).delete_many({"entry_id": entry_id})
