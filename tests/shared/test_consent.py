"""The consent policy, as a table: who sees a detail that has which audience."""

import pytest

from shared.consent import ContactAudience, Purpose, Subject, Viewer, may_see_contact, visible_contacts

SUBJECT = Subject(
    person_id="per_s",
    groups=frozenset({"grp_1"}),
    hubs=frozenset({"hub_1"}),
    introduced_to=frozenset({"per_friend"}),
)
VIEWERS = {
    "self": Viewer(person_id="per_s", in_community=True),
    "introduced": Viewer(person_id="per_friend", in_community=True),
    "same_group": Viewer(person_id="per_g", groups=frozenset({"grp_1"}), in_community=True),
    "same_hub": Viewer(person_id="per_h", hubs=frozenset({"hub_1"}), in_community=True),
    "hubs_key": Viewer(hubs=frozenset({"hub_1"}), in_community=True),
    "community": Viewer(person_id="per_c", in_community=True),
    "nobody": Viewer(),
}
SEEN_BY = {
    ContactAudience.NOBODY: {"self"},
    ContactAudience.INTRODUCTIONS: {"self", "introduced"},
    ContactAudience.MY_GROUPS: {"self", "introduced", "same_group"},
    ContactAudience.MY_HUBS: {"self", "introduced", "same_hub", "hubs_key"},
    ContactAudience.COMMUNITY: {"self", "introduced", "same_group", "same_hub", "hubs_key", "community"},
}


@pytest.mark.parametrize("audience", list(ContactAudience))
@pytest.mark.parametrize("viewer", list(VIEWERS))
def test_a_detail_is_shown_to_the_audience_its_owner_chose(audience: ContactAudience, viewer: str) -> None:
    seen = may_see_contact(VIEWERS[viewer], SUBJECT, audience, Purpose.SHOW)
    assert seen == (viewer in SEEN_BY[audience])


def test_mail_one_asked_for_goes_to_oneself_alone() -> None:
    for name, viewer in VIEWERS.items():
        allowed = may_see_contact(viewer, SUBJECT, ContactAudience.COMMUNITY, Purpose.OWN_MAIL)
        assert allowed == (name == "self")


def test_only_the_details_let_through_are_named() -> None:
    contacts = [("email", ContactAudience.MY_GROUPS), ("phone", ContactAudience.NOBODY)]
    assert visible_contacts(VIEWERS["same_group"], SUBJECT, contacts) == {"email"}
