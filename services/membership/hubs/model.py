"""A hub, and what is true of every hub: its slug is its own, and it knows all hubs above it."""

from datetime import datetime

from shared.contracts.membership.hubs import HubChanges, HubId, HubKind, NewHub
from shared.errors import Conflict, Invalid, Path
from shared.ids import new_id
from shared.values import Place, Stored

DEEPEST = 8
MOST_BELOW = 50
MOST_BELOW_TOP = 400
"""With all of them a filter by hub still asks every service at once, and who looks after them fits into a token."""


class SlugTaken(Conflict):
    """Another one has this slug."""

    code = "slug_taken"
    message = "This slug is taken. Choose another."


class TooDeep(Invalid):
    """Hubs nest, but not without end."""

    code = "too_deep"
    message = f"Hubs nest at most {DEEPEST} deep."


class TooManyHubs(Conflict):
    """A region grows, but not so far that nobody above it can read all of it at once."""

    code = "too_many_hubs"
    message = (
        f"At most {MOST_BELOW} hubs lie below a hub, however deep, and at most {MOST_BELOW_TOP} below one at the top. "
        "There is no room for another here."
    )


class ArchivedHub(Conflict):
    """The hub is closed: nobody joins it, and nothing is made or changed in it."""

    code = "hub_archived"
    message = "This hub is archived. It can be read, and nothing new happens in it."


class HubInUse(Conflict):
    """Something that is not archived is in the hub."""

    code = "hub_in_use"
    message = "There are hubs or groups in this hub that are not archived. Archive those first."


class Hub(Stored):
    """A hub. `ancestors` are the hubs above it, nearest first."""

    id: HubId
    slug: str
    name: str
    kind: HubKind
    summary: str
    place: Place | None = None
    parent_id: HubId | None = None
    ancestors: list[HubId]
    created_at: datetime
    archived_at: datetime | None = None
    version: int = 1

    @property
    def lineage(self) -> list[str]:
        """The hub and all above it."""
        return [self.id, *self.ancestors]


def most_below(hub_id: str, parent: Hub) -> int:
    """How many hubs at most lie below this hub, which is the parent or one above it."""
    return MOST_BELOW_TOP if hub_id == parent.lineage[-1] else MOST_BELOW


def open_hub(new: NewHub, parent: Hub | None, now: datetime) -> Hub:
    """A new hub below `parent`. Raises `TooDeep`."""
    ancestors = parent.lineage if parent else []
    if len(ancestors) >= DEEPEST:
        raise TooDeep(path=("parent_id",))
    return Hub(id=new_id("hub"), **dict(new), ancestors=ancestors, created_at=now)


def change_hub(hub: Hub, changes: HubChanges) -> tuple[Hub, list[str]]:
    """The hub after a change, and the names of the fields that are different now. Raises `ArchivedHub`."""
    expect_not_archived(hub)
    sent = changes.sent()
    changed = sorted(name for name, value in sent.items() if getattr(hub, name) != value)
    return (hub.model_copy(update={**sent, "version": hub.version + 1}) if changed else hub), changed


def archive_hub(hub: Hub, now: datetime) -> Hub:
    """The hub when it is archived."""
    return hub.model_copy(update={"archived_at": now, "version": hub.version + 1})


def expect_not_archived(hub: Hub, path: Path = ()) -> None:
    """Raise `ArchivedHub`, naming the field that held its id, when the hub is archived."""
    if hub.archived_at is not None:
        raise ArchivedHub(path=path)
