"""Documents of older and of newer versions can be read, and a document keeps what its model says."""

from datetime import UTC, datetime
from typing import Any

import bson
import pytest

from services.learning.authorship.model import Marks, Reader
from services.learning.entries import model
from services.learning.entries.store import ENTRIES, REVISIONS
from shared.contracts.learning.entries import EntryAudience, ReviseEntry, ShareEntry
from shared.ids import new_id

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
AUTHOR = Reader(marks=Marks(b"secret"), person_id=new_id("per"), may_write=True)
PLACE = {"name": "Plymouth", "latitude": 50.375, "longitude": -4.143}
SENT = {"kind": "story", "title": "Ten years", "body": "Without targets.", "themes": ["trust"]}


def an_entry(**more: Any) -> model.Entry:
    context = {"place": PLACE, "system": "Homelessness support"}
    wanted = ShareEntry.model_validate({**SENT, "audience": "me", "context": context, **more})
    return model.share(new_id("ent"), wanted, AUTHOR, NOW)


def stored(document: Any) -> dict[str, Any]:
    """The document as MongoDB gives it back."""
    kept: dict[str, Any] = bson.decode(bson.encode(document), bson.CodecOptions(tz_aware=True))
    return kept


@pytest.mark.parametrize("attribution", ["named", "anonymous"])
def test_an_entry_is_read_as_it_was_stored(attribution: str) -> None:
    entry = an_entry(attribution=attribution)
    assert ENTRIES.read(stored(ENTRIES.document(entry))) == entry
    revision = model.revision_of(entry, NOW)
    document = stored(REVISIONS.document(revision))
    assert REVISIONS.read(document) == revision
    assert document["_id"] == f"{entry.id}.1"


def test_documents_keep_the_names_that_older_versions_know() -> None:
    entry = an_entry(attribution="anonymous")
    document = ENTRIES.document(entry)
    assert document["drawer_mark"] == entry.private_mark is not None
    assert {"spread_at", "drawer_mark"} <= document.keys()
    assert not {"published_at", "private_mark"} & document.keys()
    published = model.revise(entry, ReviseEntry(audience=EntryAudience.PUBLIC), AUTHOR, NOW)
    assert ENTRIES.document(published)["spread_at"] == NOW


def test_what_a_newer_version_stored_is_passed_over() -> None:
    entry = an_entry()
    document = {**ENTRIES.document(entry), "mood": "calm"}
    document["context"] = {**document["context"], "weather": "rain", "place": {**PLACE, "altitude": 12.5}}
    assert ENTRIES.read(document) == entry
    revision = model.revision_of(entry, NOW)
    assert REVISIONS.read({**REVISIONS.document(revision), "mood": "calm", "context": document["context"]}) == revision


def test_what_an_older_version_did_not_store_has_a_default() -> None:
    needed = {"_id", "kind", "title", "body", "context", "themes", "audience", "attribution", "shared_at"}
    document = {name: value for name, value in ENTRIES.document(an_entry()).items() if name in needed}
    entry = ENTRIES.read(document)
    assert (entry.author_id, entry.hub_id, entry.revised_at, entry.revision, entry.version) == (None, None, None, 1, 1)
