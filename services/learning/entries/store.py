"""Entries and their revisions in MongoDB: one document per entry, and one per revision of its content."""

from collections.abc import Sequence
from dataclasses import dataclass

from services.learning.authorship.model import Reader
from services.learning.entries.model import Entry, Revision
from shared.contracts.learning.entries import EntryAudience, EntryKind
from shared.enums import Theme
from shared.mongo import Binary, Database, Document, Index
from shared.paging import Page, PageRequest
from shared.store import Store

NEWEST_FIRST = (("shared_at", -1), ("_id", -1))
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
    """What a list of entries is narrowed to: any of the values of each field. An empty field narrows nothing."""

    hubs: Sequence[str] = ()
    groups: Sequence[str] = ()
    events: Sequence[str] = ()
    kinds: Sequence[EntryKind] = ()
    themes: Sequence[Theme] = ()

    def query(self) -> Document:
        """The MongoDB filter for it, the same for the same values in any order: cursors belong to it."""
        wanted: dict[str, Sequence[str]] = {
            "hub_id": self.hubs,
            "group_id": self.groups,
            "event_id": self.events,
            "kind": [kind.value for kind in self.kinds],
            "themes": [theme.value for theme in self.themes],
        }
        return {field: {"$in": sorted(set(values))} for field, values in wanted.items() if values}


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


async def page_of_entries(database: Database, reader: Reader, wanted: EntryFilter, request: PageRequest) -> Page[Entry]:
    """The entries a reader may see, newest first. Raises `Invalid` for a cursor that is not of this list."""
    return await ENTRIES.page(database, wanted.query(), request, order=NEWEST_FIRST, visible=readable_by(reader))


async def page_of_revisions(
    database: Database, entry_id: str, request: PageRequest, *, only: int | None = None
) -> Page[Revision]:
    """The revisions of an entry, newest first; `only`: the number of the one revision that may be seen."""
    visible = None if only is None else {"number": only}
    return await REVISIONS.page(database, {"entry_id": entry_id}, request, order=NEWEST_REVISION_FIRST, visible=visible)


async def erase_revisions(database: Database, entry_id: str) -> None:
    """Delete all revisions of an entry."""
    await REVISIONS.of(database).delete_many({"entry_id": entry_id})
