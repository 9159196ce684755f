"""Hubs: regional, national or thematic centres, which nest."""

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

    NATIONAL = "national", "It gathers people of a whole nation; regions and themes may lie below it."
    REGIONAL = "regional", "It gathers people of one region or place."
    THEMATIC = "thematic", "It gathers people around one theme, wherever they are."


class HubCreated(Message):
    """A hub exists. `ancestors` are the hubs above it, nearest first."""

    topic: ClassVar[str] = "membership.hub_created"
    hub_id: HubId
    slug: str
    parent_id: HubId | None
    ancestors: list[HubId]
    version: int


class HubChanged(Message):
    """A hub is described otherwise than before; `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.hub_changed"
    hub_id: HubId
    changed: list[str]
    version: int


class HubArchived(Message):
    """A hub is closed: it can be read, nobody joins it, and nothing new is made in it."""

    topic: ClassVar[str] = "membership.hub_archived"
    hub_id: HubId
    version: int


class NewHub(Input):
    """What a hub is made from. No parent: a hub at the root."""

    slug: Slug
    name: Line
    kind: HubKind
    summary: Text = ""
    place: Place | None = None
    parent_id: HubId | None = None


class HubChanges(Changes):
    """What to change of a hub: only the fields that are sent. Null takes the place away, an empty text the summary.

    Its slug is in addresses of its site, and stays. So does its parent.
    """

    name: Line = UNCHANGED
    kind: HubKind = UNCHANGED
    summary: Text = UNCHANGED
    place: Place | None = None


class HubView(View):
    """A hub. `archived_at`: since when it is archived; null while it is not.

    `viewer_…`: of whoever asks: their membership of the hub itself, and whether they could change it now.
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
