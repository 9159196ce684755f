"""A hub and its rules. Its slug is unique, and it knows all hubs above it."""

from datetime import datetime

from shared.contracts.membership.hubs import HubChanges, HubId, HubKind, NewHub
from shared.errors import Conflict, Invalid, Path
from shared.ids import new_id
from shared.values import Place, Stored

DEEPEST = 8
MOST_BELOW = 50
MOST_BELOW_TOP = 400
"""So that the ids of all hubs below one fit into a request to a service and into a caller's token."""


class SlugTaken(Conflict):
    """Another hub has this slug; for a group: another group."""

    code = "slug_taken"
    message = "This slug is taken. Choose another."


class TooDeep(Invalid):
    """The hub would lie deeper than hubs may."""

    code = "too_deep"
    message = f"Hubs can be nested at most {DEEPEST} levels deep."


class TooManyHubs(Conflict):
    """There are as many hubs below the parent, or below a hub above it, as there may be."""

    code = "too_many_hubs"
    message = (
        f"A hub can have at most {MOST_BELOW} hubs below it at all levels together, a hub without a parent at most "
        f"{MOST_BELOW_TOP}. There is no room for another one here."
    )


class HubAboveArchived(Conflict):
    """What is in an archived hub stays archived with it."""

    code = "hub_above_archived"
    message = "The hub it is in is archived. Restore that hub first."


class ArchivedHub(Conflict):
    """The hub is archived: nobody can join it, and nothing can be created or changed in it."""

    code = "hub_archived"
    message = "This hub is archived. It can be read, but not changed or joined."


class HubInUse(Conflict):
    """The hub contains a hub or group that is not archived."""

    code = "hub_in_use"
    message = "This hub contains hubs or groups that are not archived. Archive those first."


class Hub(Stored):
    """A hub. `ancestors`: the ids of the hubs above it, the nearest first."""

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
        """The ids of the hub and of all hubs above it, the nearest first."""
        return [self.id, *self.ancestors]


def most_below(hub_id: str, parent: Hub) -> int:
    """How many hubs may lie below this hub, which is `parent` or a hub above it."""
    return MOST_BELOW_TOP if hub_id == parent.lineage[-1] else MOST_BELOW


def open_hub(new: NewHub, parent: Hub | None, now: datetime) -> Hub:
    """A new hub below `parent`, or at the root. Raises `TooDeep`."""
    ancestors = parent.lineage if parent else []
    if len(ancestors) >= DEEPEST:
        raise TooDeep(path=("parent_id",))
    return Hub(id=new_id("hub"), **dict(new), ancestors=ancestors, created_at=now)


def change_hub(hub: Hub, changes: HubChanges) -> tuple[Hub, list[str]]:
    """The hub after the changes, and the sorted names of the fields that differ. Raises `ArchivedHub`."""
    expect_not_archived(hub)
    sent = changes.sent()
    changed = sorted(name for name, value in sent.items() if getattr(hub, name) != value)
    return (hub.model_copy(update={**sent, "version": hub.version + 1}) if changed else hub), changed


def archive_hub(hub: Hub, now: datetime) -> Hub:
    """The hub, archived now."""
    return hub.model_copy(update={"archived_at": now, "version": hub.version + 1})


def expect_not_archived(hub: Hub, path: Path = ()) -> None:
    """Raise `ArchivedHub` when the hub is archived. `path`: the field of the request that held its id."""
    if hub.archived_at is not None:
        raise ArchivedHub(path=path)


def restore_hub(hub: Hub, parent: Hub | None) -> Hub:
    """The hub when it is open again. Raises `HubAboveArchived` while its parent is archived."""
    if parent is not None and parent.archived_at is not None:
        raise HubAboveArchived(path=("hub_id",))
    return hub.model_copy(update={"archived_at": None, "version": hub.version + 1})
