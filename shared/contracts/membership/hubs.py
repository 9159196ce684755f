"""Hubs: regional, national or thematic centres, which nest."""

from datetime import datetime
from enum import StrEnum
from typing import Annotated, ClassVar

from shared.contracts.view import View
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import Input, Line, Place, Slug, Text

HubId = Annotated[str, IdType("hub")]


class HubKind(StrEnum):
    """What a hub gathers around."""

    NATIONAL = "national"
    REGIONAL = "regional"
    THEMATIC = "thematic"


class HubCreated(Message):
    """A hub exists. `ancestors` are the hubs above it, nearest first."""

    topic: ClassVar[str] = "membership.hub_created"
    hub_id: HubId
    slug: str
    parent_id: HubId | None
    ancestors: list[HubId]
    version: int


class NewHub(Input):
    """What a hub is made from. No parent: a hub at the root."""

    slug: Slug
    name: Line
    kind: HubKind
    summary: Text = ""
    place: Place | None = None
    parent_id: HubId | None = None


class HubView(View):
    """A hub."""

    id: HubId
    slug: str
    name: str
    kind: HubKind
    summary: str
    place: Place | None
    parent_id: HubId | None
    ancestors: list[HubId]
    created_at: datetime
    version: int
