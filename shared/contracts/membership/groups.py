"""Groups: communities of practice, each in a hub."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.enums import Described, Theme
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import UNCHANGED, Changes, Input, Line, Place, Slug, Text, Themes

GroupId = Annotated[str, IdType("grp")]


class JoinPolicy(Described):
    """How one comes into a group."""

    OPEN = "open", "Everybody in the community may join by themselves."
    REQUEST = "request", "One asks its conveners, who then bring one in."
    INVITATION = "invitation", "Its conveners invite; nobody asks."


class GroupCreated(Message):
    """A group exists in a hub."""

    topic: ClassVar[str] = "membership.group_created"
    group_id: GroupId
    hub_id: HubId
    slug: str
    version: int


class GroupChanged(Message):
    """A group is described otherwise than before; `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.group_changed"
    group_id: GroupId
    hub_id: HubId
    changed: list[str]
    version: int


class GroupArchived(Message):
    """A group is closed: it can be read, nobody joins it, and nothing new is made in it."""

    topic: ClassVar[str] = "membership.group_archived"
    group_id: GroupId
    hub_id: HubId
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


class GroupChanges(Changes):
    """What to change of a group: only the fields that are sent. Null takes the place away; an empty text or list what
    it stands for.

    Its slug is in addresses, and stays. So does its hub.
    """

    name: Line = UNCHANGED
    domain: Line = UNCHANGED
    practice: Text = UNCHANGED
    place: Place | None = None
    themes: Themes = UNCHANGED
    join_policy: JoinPolicy = UNCHANGED


class GroupView(View):
    """A group. `member_count` counts people; `activity_count` counts entries shared through the group. `archived_at`:
    since when it is archived; null while it is not.

    `viewer_…`: of whoever asks: their membership of it, and whether they could join it and change it now.
    """

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
    archived_at: datetime | None
    viewer_membership_id: str | None
    viewer_can_join: bool
    viewer_can_update: bool
    version: int
