"""Hubs: regional, national or thematic centres. A hub can lie below another hub."""

from datetime import datetime
from typing import Annotated, ClassVar

from shared.contracts.view import View
from shared.enums import Described
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import UNCHANGED, Changes, Input, Line, Place, Slug, Text

HubId = Annotated[str, IdType("hub")]


class HubKind(Described):
    """What a hub gathers around."""

    NATIONAL = "national", "It gathers people of a whole nation. Regional and thematic hubs can lie below it."
    REGIONAL = "regional", "It gathers people of one region or place."
    THEMATIC = "thematic", "It gathers people around one theme, wherever they are."


class HubOrder(Described):
    """The orders of a list of hubs: by name and by time alone, for nothing ranks them."""

    NAME = "name", "By name, from A to Z, without regard to case and accents."
    NEWEST = "newest", "By when it was made: the newest comes first."
    OLDEST = "oldest", "By when it was made: the oldest comes first."


class HubCreated(Message):
    """A hub was created. `ancestors`: the hubs above it, the nearest first."""

    topic: ClassVar[str] = "membership.hub_created"
    hub_id: HubId
    slug: str
    parent_id: HubId | None
    ancestors: list[HubId]
    version: int


class HubChanged(Message):
    """The description of a hub changed. `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.hub_changed"
    hub_id: HubId
    changed: list[str]
    version: int


class HubArchived(Message):
    """A hub was archived. It can be read, but nobody joins it and nothing is created in it."""

    topic: ClassVar[str] = "membership.hub_archived"
    hub_id: HubId
    version: int


class HubRestored(Message):
    """A hub that was archived is open again: people join it, and things are made in it."""

    topic: ClassVar[str] = "membership.hub_restored"
    hub_id: HubId
    version: int


class NewHub(Input):
    """A hub to create. Without `parent_id` it is at the root."""

    slug: Slug
    name: Line
    kind: HubKind
    summary: Text = ""
    place: Place | None = None
    parent_id: HubId | None = None


class HubChanges(Changes):
    """The fields of a hub to change; fields that are not sent stay as they are. Null removes the place; an empty text
    empties the summary.

    The slug and the parent cannot be changed: addresses of the hub's site contain the slug.
    """

    name: Line = UNCHANGED
    kind: HubKind = UNCHANGED
    summary: Text = UNCHANGED
    place: Place | None = None


class HubView(View):
    """A hub. `archived_at`: since when it has been archived; null while it is not.

    `viewer_membership_id` (of the hub itself) and `viewer_can_update` are about the caller.
    """

    id: HubId
    slug: str
    name: str
    kind: HubKind
    summary: str
    place: Place | None
    parent_id: HubId | None
    ancestors: list[HubId]
    created_at: datetime
    archived_at: datetime | None
    viewer_membership_id: str | None
    viewer_can_update: bool
    version: int
