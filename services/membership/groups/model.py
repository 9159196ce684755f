"""A group: one community of practice with its own domain, in a hub."""

from datetime import datetime

from shared.contracts.membership.groups import GroupId, JoinPolicy, NewGroup
from shared.contracts.membership.hubs import HubId
from shared.enums import Theme
from shared.ids import new_id
from shared.values import Place, Stored


class Group(Stored):
    """A group. `member_count` counts people, `activity_count` entries shared through it. `founded`: somebody has come
    to convene it, at some time."""

    id: GroupId
    slug: str
    name: str
    domain: str
    practice: str
    hub_id: HubId
    place: Place | None = None
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
