"""The consent policy: one pure function decides whether a contact detail is shown. Every route asks it.

A contact detail is shown only to the audience its owner chose. Neither a role nor a scope nor a route changes that.
"""

from collections.abc import Iterable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.enums import Described


class ContactAudience(Described):
    """Who may see one contact detail; its owner chooses."""

    NOBODY = "nobody", "Only the person sees it."
    INTRODUCTIONS = "introductions", "Those to whom the person lets themselves be introduced; until then nobody."
    MY_GROUPS = "my_groups", "People in a group the person is in, when both said yes to it."
    MY_HUBS = "my_hubs", "People in a hub the person is in, when both said yes to it, and that hub's own site."
    COMMUNITY = "community", "Everybody in the community, and the sites of its hubs."


class Purpose(StrEnum):
    """What the detail is used for. `OWN_MAIL`: mail to the person themselves, such as a sign-in code."""

    SHOW = "show"
    INTRODUCTION = "introduction"
    OWN_MAIL = "own_mail"


class Viewer(BaseModel):
    """Who asks: a person, or a hub's key (`person_id` is `None`), which sees what the hub's own site may show."""

    model_config = ConfigDict(frozen=True)

    person_id: str | None = None
    groups: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    in_community: bool = False


class Subject(BaseModel):
    """The person whose detail it is, and where they belong."""

    model_config = ConfigDict(frozen=True)

    person_id: str
    groups: frozenset[str] = frozenset()
    hubs: frozenset[str] = frozenset()
    introduced_to: frozenset[str] = frozenset()


def may_see_contact(viewer: Viewer, subject: Subject, audience: ContactAudience, purpose: Purpose) -> bool:
    """Whether this viewer may see a detail with this audience, for this purpose."""
    if purpose is Purpose.OWN_MAIL:
        return viewer.person_id == subject.person_id
    if viewer.person_id is not None and viewer.person_id == subject.person_id:
        return True
    if audience is ContactAudience.NOBODY:
        return False
    introduced = viewer.person_id is not None and viewer.person_id in subject.introduced_to
    if audience is ContactAudience.INTRODUCTIONS or purpose is Purpose.INTRODUCTION:
        return introduced
    if audience is ContactAudience.MY_GROUPS:
        return introduced or (viewer.person_id is not None and bool(viewer.groups & subject.groups))
    if audience is ContactAudience.MY_HUBS:
        return introduced or bool(viewer.hubs & subject.hubs)
    return viewer.in_community


def visible_contacts(
    viewer: Viewer,
    subject: Subject,
    contacts: Iterable[tuple[str, ContactAudience]],
    purpose: Purpose = Purpose.SHOW,
) -> frozenset[str]:
    """The names of the contact details that the viewer may see; `contacts` holds (name, audience) pairs."""
    return frozenset(name for name, audience in contacts if may_see_contact(viewer, subject, audience, purpose))
