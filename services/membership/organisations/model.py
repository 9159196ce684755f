"""An organisation in which people of the community work."""

from collections.abc import Sequence
from datetime import datetime

from services.membership.search import words_of
from shared.contracts.membership.organisations import NewOrganisation, OrganisationChanges, OrganisationId
from shared.enums import ActorKind
from shared.errors import Conflict
from shared.ids import new_id
from shared.values import Place, Stored

MOST_NAMED = 3


class OrganisationExists(Conflict):
    """There is an organisation with this name. The caller has to say whether it is the same one."""

    code = "organisation_exists"

    def __init__(self, same_name: "Sequence[Organisation]") -> None:
        named = "; ".join(each.described for each in same_name[:MOST_NAMED])
        more = "" if len(same_name) <= MOST_NAMED else "; and others"
        super().__init__(
            message=f"There is an organisation with this name: {named}{more}. Use it, or send `is_another` to say "
            "that yours is a different one.",
            path=("name",),
        )


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
    def described(self) -> str:
        """Its name, its place if it has one, and its id, for people to read."""
        return f"{self.name}{f' in {self.place.name}' if self.place and self.place.name else ''} ({self.id})"

    @property
    def search_words(self) -> list[str]:
        """The words by which search finds it."""
        return words_of(self.name, self.place.name if self.place else None, *self.domains)


def add_organisation(new: NewOrganisation, now: datetime) -> Organisation:
    """A new organisation."""
    about = {name: value for name, value in new if name not in {"hub_id", "is_another"}}
    return Organisation(id=new_id("org"), **about, created_at=now)


def change_organisation(organisation: Organisation, changes: OrganisationChanges) -> tuple[Organisation, list[str]]:
    """The organisation after the changes, and the sorted names of the fields that differ."""
    sent = {name: value for name, value in changes.sent().items() if name != "is_another"}
    changed = sorted(name for name, value in sent.items() if getattr(organisation, name) != value)
    if not changed:
        return organisation, []
    return organisation.model_copy(update={**sent, "version": organisation.version + 1}), changed
