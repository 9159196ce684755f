"""Groups: communities of practice, each in a hub."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.enums import Theme
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import Input, Line, Place, Slug, Text, Themes

GroupId = Annotated[str, IdType("grp")]


class JoinPolicy(StrEnum):
    """How one comes into a group."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"


class GroupCreated(Message):
    """A group exists in a hub."""

    topic: ClassVar[str] = "membership.group_created"
    group_id: GroupId
    hub_id: HubId
    slug: str
    version: int


class NewGroup(Input):
    """What a group is made from. `domain`: the problem it shares; `practice`: how it works on it."""

    slug: Slug
    name: Line
    domain: Line
    practice: Text = ""
    hub_id: HubId
    place: Place | None = None
    themes: Themes = Field(default_factory=list)
    join_policy: JoinPolicy = JoinPolicy.OPEN


class GroupView(View):
    """A group. `member_count` counts people; `activity_count` counts entries shared through the group."""

    id: GroupId
    slug: str
    name: str
    domain: str
    practice: str
    hub_id: HubId
    place: Place | None
    themes: list[Theme]
    join_policy: JoinPolicy
    member_count: int
    activity_count: int
    created_at: datetime
    version: int
