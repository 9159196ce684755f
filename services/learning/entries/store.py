"""Entries and their revisions in MongoDB: `entries`, one document an entry, and `revisions`, what each said when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from services.learning.authorship.model import Reader
from services.learning.entries.model import Entry, Revision
from shared.contracts.learning.entries import EntryAudience, EntryKind
from shared.enums import Theme
from shared.errors import NotFound
from shared.ids import prefix_of
from shared.mongo import Binary, Database, Document, Index, Transaction, save_versioned
from shared.paging import Page, PageRequest, read_page

ENTRIES = "entries"
REVISIONS = "revisions"
NEWEST_FIRST = (("shared_at", -1), ("_id", -1))
INDEXES: Mapping[str, Sequence[Index]] = {
    ENTRIES: [
        Index(list(NEWEST_FIRST)),
        Index([("hub_id", 1), *NEWEST_FIRST]),
        Index([("group_id", 1), *NEWEST_FIRST]),
        Index([("event_id", 1), *NEWEST_FIRST], where={"event_id": {"$type": "string"}}),
        Index([("themes", 1), *NEWEST_FIRST]),
    ],
    REVISIONS: [Index([("entry_id", 1), ("number", -1)], unique=True)],
}
_MARKS = ("author_mark", "drawer_mark")


@dataclass(frozen=True)
class EntryFilter:
    """What a list of entries is narrowed to; empty means any."""

    hubs: tuple[str, ...] = ()
    group_id: str | None = None
    kind: EntryKind | None = None
    theme: Theme | None = None
    event_id: str | None = None

    def scope(self) -> str:
        """Names the list a cursor belongs to."""
        return f"entries:{sorted(self.hubs)}:{self.group_id}:{self.kind}:{self.theme}:{self.event_id}"

    def query(self) -> Document:
        """The MongoDB filter for it."""
        wanted: Document = {
            "hub_id": {"$in": list(self.hubs)} if self.hubs else None,
            "group_id": self.group_id,
            "kind": self.kind and self.kind.value,
            "themes": self.theme and self.theme.value,
            "event_id": self.event_id,
        }
        return {name: value for name, value in wanted.items() if value is not None}


def readable_by(reader: Reader) -> Document:
    """What a reader's lists may hold; says the same as `model.may_read`, but that withdrawn entries are in no list."""
    audience = EntryAudience
    ways: list[Document] = [
        {"audience": {"$in": [audience.COMMUNITY.value, audience.PUBLIC.value]}},
        {"audience": audience.HUB.value}
        if reader.every_hub
        else {"audience": audience.HUB.value, "hub_id": {"$in": sorted(reader.hubs)}},
    ]
    if reader.groups:
        ways.append({"audience": audience.GROUP.value, "group_id": {"$in": sorted(reader.groups)}})
    if reader.person_id is not None:
        ways.append({"author_id": reader.person_id})
        ways.append({"drawer_mark": Binary(reader.marks.of_drawer(reader.person_id))})
    return {"withdrawn_at": None, "$or": ways}


async def find(where: Database | Transaction, entry_id: str) -> Entry | None:
    """An entry, or `None` when there is none of this id."""
    document = await _stand(where)[ENTRIES].find_one({"_id": entry_id})
    return _entry(document) if document is not None else None


async def get(where: Database | Transaction, entry_id: str) -> Entry:
    """An entry. Raises `NotFound`."""
    entry = await find(where, entry_id)
    if entry is None:
        raise NotFound
    return entry


async def of_ids(database: Database, ids: Sequence[str]) -> list[Entry]:
    """The entries among these ids; what is not an entry's id is passed over."""
    wanted = sorted({id_ for id_ in ids if prefix_of(id_) == "ent"})
    found = database[ENTRIES].find({"_id": {"$in": wanted}})
    return [_entry(document) async for document in found]


async def page(database: Database, reader: Reader, wanted: EntryFilter, request: PageRequest) -> Page[Entry]:
    """The entries a reader may see, newest first. Raises `Invalid` for a cursor that is not of this list."""
    return await read_page(
        database[ENTRIES],
        wanted.query(),
        request,
        NEWEST_FIRST,
        [datetime, str],
        _entry,
        visible=readable_by(reader),
        scope=wanted.scope(),
    )


async def add(transaction: Transaction, entry: Entry) -> None:
    """Keep a new entry."""
    await transaction.database[ENTRIES].insert_one(_document(entry))


async def save(transaction: Transaction, entry: Entry) -> None:
    """Keep a changed entry. Raises `Stale` when another change came first."""
    await save_versioned(transaction.database[ENTRIES], _document(entry))


async def add_revision(transaction: Transaction, revision: Revision) -> None:
    """Keep what an entry says at this number."""
    document = {"_id": f"{revision.entry_id}.{revision.number}", **revision.model_dump(mode="python")}
    document["kind"] = revision.kind.value
    document["themes"] = [theme.value for theme in revision.themes]
    await transaction.database[REVISIONS].insert_one(document)


async def erase_revisions(transaction: Transaction, entry_id: str) -> None:
    """Remove all an entry ever said."""
    await transaction.database[REVISIONS].delete_many({"entry_id": entry_id})


async def page_of_revisions(database: Database, entry_id: str, request: PageRequest) -> Page[Revision]:
    """What an entry has said, newest first."""
    where, order = {"entry_id": entry_id}, [("number", -1)]
    return await read_page(database[REVISIONS], where, request, order, [int], _revision)


def _stand(where: Database | Transaction) -> Database:
    return where.database if isinstance(where, Transaction) else where


def _without_id(document: Document) -> Document:
    return {name: value for name, value in document.items() if name != "_id"}


def _revision(document: Document) -> Revision:
    return Revision.model_validate(_without_id(document))


def _document(entry: Entry) -> Document:
    document = entry.model_dump(mode="python", exclude={"id", *_MARKS})
    for name in ("kind", "audience", "attribution"):
        document[name] = document[name].value
    document["themes"] = [theme.value for theme in entry.themes]
    for name in _MARKS:
        mark: bytes | None = getattr(entry, name)
        document[name] = None if mark is None else Binary(mark)
    return {"_id": entry.id, **document}


def _entry(document: Document) -> Entry:
    marks = {name: None if document.get(name) is None else bytes(document[name]) for name in _MARKS}
    return Entry.model_validate({"id": document["_id"], **_without_id(document), **marks})
