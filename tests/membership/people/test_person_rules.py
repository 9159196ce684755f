"""The rules of profiles, without a database: who sees a contact, what a change is, and what search finds."""

from datetime import date

from services.membership.people.model import Affiliation, Person, add_person, change_person
from shared.consent import ContactAudience, Viewer
from shared.contracts.membership.people import ChangePerson, NewPerson, Provenance
from shared.ids import new_id
from tests.support.membership_models import NOW


def a_person(**more: object) -> Person:
    """A new person."""
    return add_person(NewPerson.model_validate({"name": "Ada Bell", "email": "ada@example.org", **more}), NOW)


def test_nobody_else_sees_the_address_of_a_new_person() -> None:
    person = a_person()
    assert [contact.audience for contact in person.contacts] == [ContactAudience.NOBODY]
    stranger = Viewer(person_id=new_id("per"), in_community=True)
    assert person.seen_by(stranger, can_update=False).contacts == []
    [own] = person.seen_by(Viewer(person_id=person.id, in_community=True), can_update=True).contacts
    assert (own.value, own.audience) == ("ada@example.org", ContactAudience.NOBODY)


def test_only_the_owner_is_told_the_audience_of_a_contact() -> None:
    contact = {"kind": "phone", "value": "+44 191 496 0000", "audience": "community"}
    person, changed = change_person(a_person(), ChangePerson.model_validate({"contacts": [contact]}))
    assert changed == ["contacts"]
    [shown] = person.seen_by(Viewer(person_id=new_id("per"), in_community=True), can_update=False).contacts
    assert (shown.value, shown.audience) == ("+44 191 496 0000", None)


def test_what_a_partner_says_about_affiliations_stays_when_the_person_changes_theirs() -> None:
    partners = Affiliation(organisation_id=new_id("org"), provenance=Provenance.PARTNER)
    person = a_person().model_copy(update={"affiliations": [partners]})
    own_id = new_id("org")
    after, _ = change_person(person, ChangePerson.model_validate({"affiliations": [{"organisation_id": own_id}]}))
    assert after.affiliations == [partners, Affiliation(organisation_id=own_id, provenance=Provenance.PERSON)]
    emptied, _ = change_person(after, ChangePerson.model_validate({"affiliations": []}))
    assert emptied.affiliations == [partners]


def test_an_affiliation_is_current_from_its_first_to_its_last_day() -> None:
    first, last = date(2026, 3, 1), date(2026, 3, 31)
    held = Affiliation(organisation_id=new_id("org"), since=first, until=last, provenance=Provenance.PERSON)
    assert held.is_current(first)
    assert held.is_current(last)
    assert not held.is_current(date(2026, 2, 28))
    assert not held.is_current(date(2026, 4, 1))
    assert held.model_copy(update={"since": None, "until": None}).is_current(date(1990, 1, 1))


def test_search_finds_what_the_profile_says_and_never_a_contact() -> None:
    person = a_person(headline="Évaluation of places", offers=["Mentoring"], bio="Long walks")
    assert {"ada", "bell", "evaluation", "mentoring", "walks"} <= set(person.search_words)
    assert "example" not in person.search_words


def test_a_change_that_changes_nothing_leaves_the_version() -> None:
    person = a_person()
    assert change_person(person, ChangePerson(name="Ada Bell")) == (person, [])
    assert change_person(person, ChangePerson(name="Ada B."))[0].version == 2
