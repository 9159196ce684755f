"""What the feature declares of personal data is what its documents hold."""

from datetime import UTC, datetime

from services.learning.authorship.model import Marks, Reader
from services.learning.entries import model
from services.learning.entries.feature import FEATURE
from services.learning.entries.store import ENTRIES, REVISIONS
from shared.contracts.learning.entries import ShareEntry
from shared.ids import new_id
from shared.personal_data import Erasure

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
AUTHOR = Reader(marks=Marks(b"secret"), person_id=new_id("per"), may_write=True)


def an_entry(attribution: str) -> model.Entry:
    sent = {"kind": "story", "title": "T", "body": "B", "audience": "me", "attribution": attribution}
    return model.share(new_id("ent"), ShareEntry.model_validate(sent), AUTHOR, NOW)


def test_each_declared_field_is_a_field_of_the_documents() -> None:
    entry = an_entry("named")
    documents = {
        ENTRIES.collection: ENTRIES.document(entry),
        REVISIONS.collection: REVISIONS.document(model.revision_of(entry, NOW)),
    }
    assert {held.collection for held in FEATURE.personal_data} == set(documents)
    for held in FEATURE.personal_data:
        assert {*held.fields, *filter(None, [held.person])} <= documents[held.collection].keys()


def test_the_field_that_names_the_person_is_empty_in_an_anonymous_entry() -> None:
    (found_by,) = [held for held in FEATURE.personal_data if held.person is not None]
    assert found_by.person is not None
    assert ENTRIES.document(an_entry("named"))[found_by.person] == AUTHOR.person_id
    assert ENTRIES.document(an_entry("anonymous"))[found_by.person] is None


def test_nobody_can_tell_whose_an_anonymous_entry_is() -> None:
    (anonymous,) = [held for held in FEATURE.personal_data if "author_mark" in held.fields]
    assert (anonymous.person, anonymous.erasure, anonymous.exported) == (None, Erasure.UNKNOWN_OWNER, False)
