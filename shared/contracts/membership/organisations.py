"""Organisations: where people work."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from shared.contracts.membership.hubs import HubId
from shared.contracts.view import View
from shared.enums import ActorKind
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import UNCHANGED, URL, Changes, Flag, Input, Line, Lines, Place, WebAddress

OrganisationId = Annotated[str, IdType("org")]


class OrganisationAdded(Message):
    """An organisation is in the community."""

    topic: ClassVar[str] = "membership.organisation_added"
    organisation_id: OrganisationId
    version: int


class OrganisationChanged(Message):
    """An organisation is described otherwise than before; `changed` names the fields, never their values."""

    topic: ClassVar[str] = "membership.organisation_changed"
    organisation_id: OrganisationId
    changed: list[str]
    version: int


class NewOrganisation(Input):
    """What an organisation is made from. `hub_id`: the hub that is told of it, if one is. `is_another`: it is not one
    of those of the same name."""

    name: Line
    kind: ActorKind
    place: Place | None = None
    domains: Lines = Field(default_factory=list)
    website: WebAddress | None = None
    hub_id: HubId | None = None
    is_another: Flag = False


class OrganisationChanges(Changes):
    """What to change of an organisation: only the fields that are sent. Null takes place or website away, an empty list
    the domains. `is_another`: it is not one of those of the new name."""

    name: Line = UNCHANGED
    kind: ActorKind = UNCHANGED
    place: Place | None = None
    domains: Lines = UNCHANGED
    website: WebAddress | None = None
    is_another: Flag = False


class OrganisationView(View):
    """An organisation. `viewer_can_update`: whether whoever asks could change it now."""

    id: OrganisationId
    name: str
    kind: ActorKind
    place: Place | None
    domains: list[str]
    website: Annotated[str, URL] | None
    created_at: datetime
    viewer_can_update: bool
    version: int
