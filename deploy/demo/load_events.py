"""Loads events with events' commands: each event in one transaction with all its registrations.

So a past event is never visible as open, and the service's own loop never completes one that is half loaded.
"""

from datetime import UTC, datetime, timedelta
from functools import partial

from deploy.demo.events import Happening
from deploy.demo.groups import GROUPS
from deploy.demo.ledger import Made, once
from deploy.demo.loaded import Loaded, few_at_once
from deploy.demo.places import HUBS
from services.events.events.commands import cancel_event, complete_event, create_event, publish_event
from services.events.registrations.commands import cancel_registration, register
from shared.contracts.events.events import NewEvent

BEFORE = timedelta(days=40)


async def load_events(loaded: Loaded) -> None:
    """Load every event, the largest first."""
    database = loaded.events.database
    largest_first = sorted(loaded.community.happenings, key=lambda happening: -happening.come)
    loaded.happenings = await few_at_once(
        partial(once, database, f"event:{one.key}", partial(_happening, loaded, one)) for one in largest_first
    )


async def _happening(loaded: Loaded, plan: Happening) -> Made:
    database, organiser = loaded.events.database, loaded.acting_as(loaded.community.organiser(plan))
    published_at, open_for = _open_window(loaded, plan)
    created = await create_event(database, organiser, _new_event(loaded, plan), now=published_at - timedelta(days=3))
    made: Made = {plan.key: created.id}
    if plan.ending == "draft":
        return made
    await publish_event(database, organiser, created.id, now=published_at)
    comers = loaded.community.comers(plan)
    for position, person in enumerate(comers):
        at = published_at + open_for * (position + 1) / (len(comers) + 8)
        registered = await register(database, loaded.acting_as(person), created.id, now=_millisecond(at))
        made[f"{plan.key}:{person.number}"] = registered.id
    for position, person in enumerate(comers[: plan.give_up]):
        at = published_at + open_for * (len(comers) + 3 + position) / (len(comers) + 8)
        registration = made[f"{plan.key}:{person.number}"]
        await cancel_registration(database, loaded.acting_as(person), registration, now=_millisecond(at))
    if plan.ending == "cancelled":
        at = _millisecond(published_at + open_for)
        await cancel_event(database, organiser, created.id, plan.reason, now=at)
    if plan.ending == "completed":
        await complete_event(database, organiser, created.id, now=plan.ends_at.astimezone(UTC))
    return made


def _open_window(loaded: Loaded, plan: Happening) -> tuple[datetime, timedelta]:
    """When the event was published, and how long registration was open."""
    until = min(plan.starts_at.astimezone(UTC) - timedelta(hours=2), loaded.days_ago(1))
    return until - BEFORE, BEFORE


def _millisecond(moment: datetime) -> datetime:
    return moment.replace(microsecond=moment.microsecond // 1000 * 1000)


def _new_event(loaded: Loaded, plan: Happening) -> NewEvent:
    hub = next(hub for hub in HUBS if hub.slug == plan.hub)
    group = None if plan.group is None else loaded.groups[str(plan.group)]
    where: dict[str, object] = {"online_url": f"https://meet.example.org/{plan.key}"}
    if plan.town is not None:
        where = {"place": hub.towns[plan.town].as_sent()}
    return NewEvent.model_validate(
        {
            "title": plan.title,
            "kind": plan.kind,
            "hub_id": loaded.hubs[plan.hub],
            "group_id": group,
            "starts_at": plan.starts_at,
            "ends_at": plan.ends_at,
            "time_zone": "Europe/London",
            "summary": plan.summary,
            "description": plan.description,
            "access_information": plan.access,
            "capacity": plan.capacity,
            "visibility": plan.visibility,
            "themes": list(plan.themes or GROUPS[plan.group or 0][4]),
            "languages": list(plan.languages),
            **where,
        }
    )
