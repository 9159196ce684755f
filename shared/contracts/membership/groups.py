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
    """How people join a group."""

    OPEN = "open", "Everybody in the community can join by themselves."
    REQUEST = "request", "People ask a convener, who then adds them."
    INVITATION = "invitation", "Its conveners invite people. Nobody asks to join."


class GroupOrder(Described):
    """The orders of a list of groups: by name and by time alone, for nothing ranks them."""

    NAME = "name", "By name, from A to Z, without regard to case and accents."
    NEWEST = "newest", "By when it was made: the newest comes first."
    OLDEST = "oldest", "By when it was made: the oldest comes first."


class GroupCreated(Message):
    """A group was created in a hub."""

    topic: ClassVar[str] = "membership.group_created"
    group_id: GroupId
    hub_id: HubId
    slug: str
    version: int


class GroupChanged(Message):
    """The description of a group changed. `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.group_changed"
    group_id: GroupId
    hub_id: HubId
    changed: list[str]
    version: int


class GroupArchived(Message):
    """A group was archived. It can be read, but nobody joins it and nothing is created in it."""

    topic: ClassVar[str] = "membership.group_archived"
    group_id: GroupId
    hub_id: HubId
    version: int


class GroupRestored(Message):
    """A group that was archived is open again: people join it, and things are made in it."""

    topic: ClassVar[str] = "membership.group_restored"
    group_id: GroupId
    hub_id: HubId
    version: int


class NewGroup(Input):
    """A group to create. `domain`: the problem its members share. `practice`: how they work on it."""

    slug: Slug
    name: Line
    domain: Line
    practice: Text = ""
    hub_id: HubId
    place: Place | None = None
    themes: Themes = Field(default_factory=list)
    join_policy: JoinPolicy = JoinPolicy.OPEN


class GroupChanges(Changes):
    """The fields of a group to change; fields that are not sent stay as they are. Null removes the place; an empty text
    or list empties the field.

    The slug and the hub cannot be changed: addresses contain the slug.
    """

    name: Line = UNCHANGED
    domain: Line = UNCHANGED
    practice: Text = UNCHANGED
    place: Place | None = None
    themes: Themes = UNCHANGED
    join_policy: JoinPolicy = UNCHANGED


class GroupView(View):
    """A group. `member_count` counts people; `activity_count` counts entries shared through the group. `archived_at`:
    since when it has been archived; null while it is not.

    `viewer_membership_id`, `viewer_can_join` and `viewer_can_update` are about the caller.
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
