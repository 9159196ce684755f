"""A hub, and what is true of every hub: its slug is its own, and it knows all hubs above it."""

from datetime import datetime

from services.membership.fields import Input, Line, PlaceInput, Slug, Stored, Text
from shared.contracts.view import Place
from shared.contracts.words import HubKind
from shared.errors import Conflict, Invalid
from shared.ids import HubId, new_id

DEEPEST = 8


class SlugTaken(Conflict):
    """Another one has this slug."""

    code = "slug_taken"
    message = "This slug is taken. Choose another."


class TooDeep(Invalid):
    """Hubs nest, but not without end."""

    code = "too_deep"
    message = f"Hubs nest at most {DEEPEST} deep."


class NewHub(Input):
    """What a hub is made from. No parent: a hub at the root."""

    slug: Slug
    name: Line
    kind: HubKind
    summary: Text = ""
    place: PlaceInput | None = None
    parent_id: HubId | None = None


class Hub(Stored):
    """A hub. `ancestors` are the hubs above it, nearest first."""

    id: HubId
    slug: str
    name: str
    kind: HubKind
    summary: str
    place: Place | None
    parent_id: HubId | None
    ancestors: list[HubId]
    created_at: datetime
    version: int = 1

    @property
    def lineage(self) -> list[str]:
        """The hub and all above it."""
        return [self.id, *self.ancestors]


def open_hub(new: NewHub, parent: Hub | None, now: datetime) -> Hub:
    """A new hub below `parent`. Raises `TooDeep`."""
    ancestors = parent.lineage if parent else []
    if len(ancestors) >= DEEPEST:
        raise TooDeep(path=("parent_id",))
    return Hub(id=new_id("hub"), **dict(new), ancestors=ancestors, created_at=now)
