"""An organisation: where people of the community work."""

from datetime import datetime

from services.membership.search import words_of
from shared.contracts.membership.organisations import NewOrganisation, OrganisationId
from shared.enums import ActorKind
from shared.ids import new_id
from shared.values import Place, Stored


class Organisation(Stored):
    """An organisation."""

    id: OrganisationId
    name: str
    kind: ActorKind
    place: Place | None = None
    domains: list[str]
    website: str | None = None
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
