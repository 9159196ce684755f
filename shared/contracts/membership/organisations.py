"""Organisations in which people of the community work."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.enums import ActorKind, Described
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import UNCHANGED, URL, Changes, Flag, Input, Line, Lines, Place, WebAddress

OrganisationId = Annotated[str, IdType("org")]


class OrganisationOrder(Described):
    """The orders of a list of organisations: by name and by time alone, for nothing ranks them."""

    NAME = "name", "By name, from A to Z, without regard to case and accents."
    NEWEST = "newest", "By when it was added: the newest comes first."
    OLDEST = "oldest", "By when it was added: the oldest comes first."


class OrganisationAdded(Message):
    """An organisation was added to the community."""

    topic: ClassVar[str] = "membership.organisation_added"
    organisation_id: OrganisationId
    version: int


class OrganisationChanged(Message):
    """The description of an organisation changed. `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.organisation_changed"
    organisation_id: OrganisationId
    changed: list[str]
    version: int


class NewOrganisation(Input):
    """An organisation to add. `hub_id`: the hub whose webhooks hear of it. `is_another`: it is a different one from
    those with the same name."""

    name: Line
    kind: ActorKind
    place: Place | None = None
    domains: Lines = Field(default_factory=list)
    website: WebAddress | None = None
    hub_id: HubId | None = None
    is_another: Flag = False


class OrganisationChanges(Changes):
    """The fields of an organisation to change; fields that are not sent stay as they are. Null removes the place or
    website; an empty list removes the domains. `is_another`: it is a different one from those with the new name."""

    name: Line = UNCHANGED
    kind: ActorKind = UNCHANGED
    place: Place | None = None
    domains: Lines = UNCHANGED
    website: WebAddress | None = None
    is_another: Flag = False


class OrganisationView(View):
    """An organisation. `viewer_can_update`: whether the caller could change it now."""

    id: OrganisationId
    name: str
    kind: ActorKind
    place: Place | None
    domains: list[str]
    website: Annotated[str, URL] | None
    created_at: datetime
    viewer_can_update: bool
    version: int
