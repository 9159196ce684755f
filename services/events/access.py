"""Who may see and change which events: one rule that every route and view asks.

`can_see` says of one event what `events.store.visible_to` says of a list; a test holds them together.

Changing events needs the scope `events:write` too. A hub's key without it sees what a reader sees: no drafts, no link
to join, and no list of the people who come.
"""

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Literal, Protocol

from services.events.events.model import Event
from services.events.events.rules import OPEN_TO_ALL
from services.events.seats.model import Registration
from shared.contracts.events.events import EventVisibility
from shared.errors import NotFound


class Viewer(Protocol):
    """What the rule needs to know of a caller. A `Principal` is one."""

    @property
    def person_id(self) -> str | None:
        """The person who is calling, if one is."""

    @property
    def hubs(self) -> frozenset[str]:
        """Hubs it belongs to."""

    @property
    def groups(self) -> Mapping[str, str]:
        """Groups it belongs to, and their hubs."""

    @property
    def steward_of(self) -> frozenset[str]:
        """Hubs it looks after."""

    @property
    def convenes(self) -> frozenset[str]:
        """Groups it looks after."""

    @property
    def everywhere(self) -> bool:
        """Whether that is every hub and group."""

    def can(self, scope: Literal["events:write"]) -> bool:
        """Whether a scope is open to it."""


def may_look_after(viewer: Viewer) -> bool:
    """Whether it may look after anything at all. Its hubs and groups say what."""
    return viewer.can("events:write")


def looks_after_hub(viewer: Viewer, hub_id: str) -> bool:
    """Whether the viewer looks after the hub."""
    return may_look_after(viewer) and (viewer.everywhere or hub_id in viewer.steward_of)


def can_change(viewer: Viewer, event: Event) -> bool:
    """Whether it may change events, and organises this one or looks after its hub or group."""
    if not may_look_after(viewer):
        return False
    if viewer.person_id is not None and viewer.person_id in event.organiser_ids:
        return True
    return looks_after_hub(viewer, event.hub_id) or event.group_id in viewer.convenes


def can_see(viewer: Viewer, event: Event) -> bool:
    """Whether it may know that the event exists. Only those who may change an event see it before it is published."""
    if can_change(viewer, event):
        return True
    if event.published_at is None:
        return False
    if event.visibility in OPEN_TO_ALL:
        return True
    if event.visibility is EventVisibility.HUB:
        return event.hub_id in viewer.hubs
    return event.group_id in viewer.groups


def members_only_place(event: Event) -> str | None:
    """The group or hub whose members alone may see the event; `None` when it is open to all."""
    if event.visibility is EventVisibility.GROUP:
        return event.group_id
    return event.hub_id if event.visibility is EventVisibility.HUB else None


def can_update(viewer: Viewer, event: Event) -> bool:
    """Whether `updateEvent` would change the event for it."""
    return can_change(viewer, event) and not event.is_over


def can_register(viewer: Viewer, event: Event, now: datetime) -> bool:
    """Whether it is a person who may register for the event now, unless registered already."""
    may_try = viewer.person_id is not None and viewer.can("events:write")
    return may_try and can_see(viewer, event) and event.is_open(now)


def can_cancel(viewer: Viewer, registration: Registration, event: Event) -> bool:
    """Whether it may cancel this active registration for the event: its own, or one for an event it may change."""
    is_own = viewer.person_id == registration.person_id and viewer.can("events:write")
    return (is_own or can_change(viewer, event)) and not event.is_over


def require_seen(viewer: Viewer, event: Event) -> None:
    """Raise `NotFound`, as if it were not there, unless it may see the event."""
    if not can_see(viewer, event):
        raise NotFound


def require_change(viewer: Viewer, event: Event) -> None:
    """Raise `NotFound`, as if it were not there, unless it may change the event."""
    if not can_change(viewer, event):
        raise NotFound


def require_host(viewer: Viewer, hub_id: str, group_id: str | None) -> None:
    """Raise `NotFound`, naming the field, unless it may make events for this hub, or for this group in this hub."""
    if looks_after_hub(viewer, hub_id):
        return
    if group_id is None:
        raise NotFound(path=("hub_id",))
    if group_id not in viewer.convenes:
        raise NotFound(path=("group_id",))
    if viewer.groups.get(group_id) != hub_id:
        raise NotFound(path=("hub_id",))


@contextmanager
def blaming(given: Collection[str]) -> Iterator[None]:
    """When a hub and a group do not go together, name the one field that was sent, unless both were."""
    try:
        yield
    except NotFound as problem:
        named = {"hub_id", "group_id"} & set(given)
        if len(named) == 1 and not named & set(problem.path):
            raise NotFound(path=(*named,)) from problem
        raise
