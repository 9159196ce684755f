"""The rules of entries, as plain functions: sharing, revising, withdrawing, reading. Nothing is started for them."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.learning.authorship.model import Marks, Reader
from services.learning.entries import model
from services.learning.entries.model import (
    AlreadyWithdrawn,
    AnonymousNamesNoOrganisation,
    Entry,
    GroupNotYours,
    HubNotYours,
    OrganisationNotYours,
)
from shared.contracts.learning.entries import EntryAudience, EntryContext, ReviseEntry, ShareEntry
from shared.errors import ProblemError
from shared.ids import new_id

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)
LATER = NOW + timedelta(days=1)
HUB, OTHER_HUB, GROUP, OTHER_GROUP, TRUST = new_id("hub"), new_id("hub"), new_id("grp"), new_id("grp"), new_id("org")
ENTRY = new_id("ent")
MARKS = Marks(b"secret")
AUDIENCES = tuple(EntryAudience)
OTHERS_READ = tuple(audience for audience in EntryAudience if audience not in model.PRIVATE)


def a_reader(**more: Any) -> Reader:
    return Reader(marks=MARKS, person_id=new_id("per"), may_write=True, **more)


AUTHOR = a_reader(
    groups={GROUP: HUB, OTHER_GROUP: OTHER_HUB}, hubs=frozenset({HUB, OTHER_HUB}), organisations=frozenset({TRUST})
)
GONE = Reader(marks=MARKS, person_id=AUTHOR.person_id, may_write=True)


def wish(**fields: Any) -> ShareEntry:
    plain = {"kind": "mistake", "title": "A survey", "body": "Nobody could use it.", "audience": "community"}
    return ShareEntry.model_validate({**plain, **fields})


def shared(author: Reader = AUTHOR, **fields: Any) -> Entry:
    return model.share(ENTRY, wish(**fields), author, NOW)


def revised(entry: Entry, author: Reader = AUTHOR, **fields: Any) -> Entry:
    return model.revise(entry, ReviseEntry.model_validate(fields), author, LATER)


# Sharing


def test_a_shared_entry_is_what_was_sent_with_its_author_and_time() -> None:
    entry = shared(themes=["trust"])
    assert (entry.id, entry.title, entry.themes, entry.author_id) == (ENTRY, "A survey", ["trust"], AUTHOR.person_id)
    assert (entry.shared_at, entry.revision, entry.version) == (NOW, 1, 1)
    assert (entry.revised_at, entry.withdrawn_at) == (None, None)


def test_an_entry_for_a_group_is_in_the_groups_hub() -> None:
    assert shared(audience="group", group_id=GROUP).hub_id == HUB


@pytest.mark.parametrize(
    ("fields", "problem", "path"),
    [
        ({"audience": "group"}, GroupNotYours, "group_id"),
        ({"group_id": new_id("grp")}, GroupNotYours, "group_id"),
        ({"audience": "hub"}, HubNotYours, "hub_id"),
        ({"hub_id": new_id("hub")}, HubNotYours, "hub_id"),
        ({"group_id": GROUP, "hub_id": OTHER_HUB}, HubNotYours, "hub_id"),
        ({"attribution": "organisation"}, OrganisationNotYours, "organisation_id"),
        ({"attribution": "organisation", "organisation_id": new_id("org")}, OrganisationNotYours, "organisation_id"),
        ({"attribution": "anonymous", "organisation_id": TRUST}, AnonymousNamesNoOrganisation, "organisation_id"),
    ],
)
def test_an_entry_names_only_what_is_its_authors_to_name(
    fields: dict[str, Any], problem: type[ProblemError], path: str
) -> None:
    with pytest.raises(problem) as refused:
        shared(**fields)
    assert refused.value.path == (path,)
    with pytest.raises(problem) as refused:
        revised(shared(), **fields)
    assert refused.value.path == (path,)


def test_an_operator_names_any_hub_but_no_group_of_others() -> None:
    operator = a_reader(every_hub=True)
    assert shared(operator, audience="hub", hub_id=HUB).hub_id == HUB
    with pytest.raises(GroupNotYours):
        shared(operator, audience="group", group_id=GROUP)


# Who wrote it


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_anonymous_entry_keeps_a_mark_instead_of_its_author(audience: EntryAudience) -> None:
    entry = shared(audience=audience, attribution="anonymous", group_id=GROUP)
    assert (entry.author_id, entry.organisation_id) == (None, None)
    assert (AUTHOR.person_id or "") not in repr(entry)
    assert model.is_author(entry, AUTHOR)
    assert not model.is_author(entry, a_reader())


def test_marks_of_two_entries_of_one_author_differ() -> None:
    one, other = (model.share(new_id("ent"), wish(attribution="anonymous"), AUTHOR, NOW) for _ in range(2))
    assert one.author_mark != other.author_mark


def test_with_another_secret_no_author_is_known_again() -> None:
    elsewhere = Reader(marks=Marks(b"another"), person_id=AUTHOR.person_id)
    assert not model.is_author(shared(attribution="anonymous"), elsewhere)


def test_the_mark_that_lists_private_anonymous_entries_goes_when_others_may_read() -> None:
    private = shared(audience="me", attribution="anonymous", hub_id=HUB)
    assert private.private_mark is not None
    assert revised(private, audience="hub").private_mark is None
    assert revised(private, attribution="named").private_mark is None


def test_the_author_named_before_is_dropped_with_anonymity_and_comes_back_without() -> None:
    named = shared(attribution="organisation", organisation_id=TRUST)
    anonymous = revised(named, attribution="anonymous")
    assert (anonymous.author_id, anonymous.organisation_id) == (None, None)
    again = revised(anonymous, attribution="named")
    assert (again.author_id, again.author_mark) == (AUTHOR.person_id, None)


@pytest.mark.parametrize("attribution", ["named", "organisation", "anonymous"])
def test_only_a_named_entry_shows_its_author_also_to_the_author(attribution: str) -> None:
    more: dict[str, Any] = {"organisation_id": TRUST} if attribution == "organisation" else {}
    entry = shared(attribution=attribution, **more)
    for reader in (AUTHOR, a_reader()):
        assert model.show(entry, reader).author_id == (AUTHOR.person_id if attribution == "named" else None)


# Revising


def test_revising_to_the_same_gives_the_same_entry_back() -> None:
    entry = shared()
    assert revised(entry, title=entry.title, audience="community") is entry
    assert revised(entry) is entry


def test_a_new_text_is_a_new_revision() -> None:
    after = revised(shared(), title="Two surveys")
    assert (after.title, after.revision, after.version, after.revised_at) == ("Two surveys", 2, 2, LATER)
    kept = model.revision_of(after, LATER)
    assert (kept.entry_id, kept.number, kept.title, kept.at) == (ENTRY, 2, "Two surveys", LATER)


def test_another_audience_is_a_new_version_of_the_same_revision() -> None:
    after = revised(shared(), audience="me")
    assert (after.revision, after.version, after.revised_at) == (1, 2, None)


def test_an_entry_moves_to_the_hub_of_its_new_group() -> None:
    assert revised(shared(group_id=GROUP), group_id=OTHER_GROUP).hub_id == OTHER_HUB


def test_a_private_entry_is_published_once() -> None:
    private = shared(audience="me", hub_id=HUB)
    assert private.published_at is None
    published = revised(private, audience="hub")
    assert published.published_at == LATER
    hidden = revised(published, audience="me")
    assert hidden.published_at == LATER
    again = model.revise(hidden, ReviseEntry(audience=EntryAudience.HUB), AUTHOR, LATER + timedelta(days=1))
    assert again.published_at == LATER


def test_who_left_mends_and_narrows_an_entry_and_widens_it_no_more() -> None:
    entry = shared(audience="hub", group_id=GROUP)
    assert revised(entry, GONE, title="Mended").title == "Mended"
    assert revised(entry, GONE, audience="me").audience is EntryAudience.ME
    for audience in ("group", "community", "public"):
        with pytest.raises(GroupNotYours):
            revised(entry, GONE, audience=audience)


def test_a_withdrawn_entry_is_not_revised() -> None:
    with pytest.raises(AlreadyWithdrawn):
        revised(model.withdraw(shared(), NOW), title="Back again")


# Withdrawing


def test_a_withdrawn_entry_has_no_text_left() -> None:
    entry = shared(themes=["trust"], context={"system": "Housing"}, attribution="anonymous")
    gone = model.withdraw(entry, LATER)
    assert (gone.title, gone.body, gone.context, gone.themes) == ("", "", EntryContext(), [])
    assert (gone.withdrawn_at, gone.version) == (LATER, 2)
    assert model.is_author(gone, AUTHOR)


def test_withdrawing_twice_gives_the_same_entry_back() -> None:
    gone = model.withdraw(shared(), NOW)
    assert model.withdraw(gone, LATER) is gone


# Reading and changing

READERS = {
    "member of the group": a_reader(groups={GROUP: HUB}, hubs=frozenset({HUB})),
    "member of the hub": a_reader(hubs=frozenset({HUB})),
    "operator": a_reader(every_hub=True),
    "key of the hub": Reader(marks=MARKS, hubs=frozenset({HUB})),
    "stranger": a_reader(hubs=frozenset({OTHER_HUB}), organisations=frozenset({TRUST})),
}
READ_BY = {
    EntryAudience.ME: set[str](),
    EntryAudience.BUDDY: set[str](),
    EntryAudience.GROUP: {"member of the group"},
    EntryAudience.HUB: set(READERS) - {"stranger"},
    EntryAudience.COMMUNITY: set(READERS),
    EntryAudience.PUBLIC: set(READERS),
}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_an_entry_is_read_by_its_audience_and_its_author(audience: EntryAudience) -> None:
    entry = shared(audience=audience, attribution="anonymous", group_id=GROUP)
    assert {name for name, reader in READERS.items() if model.may_read(entry, reader)} == READ_BY[audience]
    assert model.may_read(entry, AUTHOR)
    assert model.may_read(entry, GONE)


@pytest.mark.parametrize("audience", OTHERS_READ)
def test_a_withdrawn_entry_is_read_by_its_author_alone(audience: EntryAudience) -> None:
    gone = model.withdraw(shared(audience=audience, group_id=GROUP), LATER)
    assert not [name for name, reader in READERS.items() if model.may_read(gone, reader)]
    assert model.may_read(gone, AUTHOR)


@pytest.mark.parametrize("attribution", ["named", "anonymous"])
def test_an_entry_is_changed_by_its_author_alone_until_it_is_withdrawn(attribution: str) -> None:
    entry = shared(attribution=attribution)
    assert model.may_change(entry, AUTHOR)
    assert model.may_change(entry, GONE)
    assert not model.may_change(model.withdraw(entry, LATER), AUTHOR)
    assert not model.may_change(entry, Reader(marks=MARKS, person_id=AUTHOR.person_id, may_write=False))
    assert not [name for name, reader in READERS.items() if model.may_change(entry, reader)]


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_hubs_developers_hear_of_what_the_hub_may_read(audience: EntryAudience) -> None:
    entry = shared(audience=audience, group_id=GROUP)
    assert entry.reaches_hub == (audience in READ_BY and "key of the hub" in READ_BY[audience])
    assert not shared().reaches_hub, "an entry of no hub is in no hub's feed"
