"""An organisation: where people of the community work."""

from datetime import datetime

from pydantic import Field

from services.membership.fields import Input, Line, Lines, PlaceInput, Stored
from services.membership.search import words_of
from services.membership.web import WebAddress
from shared.contracts.view import Place
from shared.contracts.enums import ActorKind
from shared.ids import HubId, OrganisationId, new_id


class NewOrganisation(Input):
    """What an organisation is made from. `hub_id`: the hub that is told of it, if one is."""

    name: Line
    kind: ActorKind
    place: PlaceInput | None = None
    domains: Lines = Field(default_factory=list)
    website: WebAddress | None = None
    hub_id: HubId | None = None


class Organisation(Stored):
    """An organisation."""

    id: OrganisationId
    name: str
    kind: ActorKind
    place: Place | None
    domains: list[str]
    website: str | None
    created_at: datetime
    version: int = 1

    @property
    def words(self) -> list[str]:
        """What search finds it by."""
        return words_of(self.name, self.place.name if self.place else None, *self.domains)


def add_organisation(new: NewOrganisation, now: datetime) -> Organisation:
    """A new organisation."""
    about = {name: value for name, value in new if name != "hub_id"}
    return Organisation(id=new_id("org"), **about, created_at=now)
