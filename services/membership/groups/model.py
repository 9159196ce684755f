"""A group: one community of practice with its own domain, in a hub."""

from datetime import datetime

from pydantic import Field

from services.membership.fields import Input, Line, PlaceInput, Slug, Stored, Text, Themes
from shared.contracts.view import Place
from shared.contracts.enums import JoinPolicy, Theme
from shared.ids import GroupId, HubId, new_id


class NewGroup(Input):
    """What a group is made from. `domain`: the problem it shares; `practice`: how it works on it."""

    slug: Slug
    name: Line
    domain: Line
    practice: Text = ""
    hub_id: HubId
    place: PlaceInput | None = None
    themes: Themes = Field(default_factory=list)
    join_policy: JoinPolicy = JoinPolicy.OPEN


class Group(Stored):
    """A group. `member_count` counts people, `activity_count` entries shared through it. `founded`: somebody has come
    to convene it, at some time."""

    id: GroupId
    slug: str
    name: str
    domain: str
    practice: str
    hub_id: HubId
    place: Place | None
    themes: list[Theme]
    join_policy: JoinPolicy
    member_count: int = 0
    activity_count: int = 0
    founded: bool = False
    created_at: datetime
    version: int = 1


def open_group(new: NewGroup, now: datetime) -> Group:
    """A new group, with nobody in it yet."""
    return Group(id=new_id("grp"), **dict(new), created_at=now)
