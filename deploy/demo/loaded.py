"""The state of a load: the services it writes to, the plan, and the ids of everything loaded so far."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta

from deploy.demo.community import Community, group_hub
from deploy.demo.ledger import Made
from deploy.demo.people import PersonPlan
from deploy.demo.places import HUBS, NATIONAL
from shared.app import Service, build_service
from shared.auth import PERSON_SCOPES, Principal
from shared.messaging.reactions import Subscriptions
from shared.settings import Settings

OPERATOR = Principal(kind="client", id="demo", scopes=frozenset({"community:admin"}), everywhere=True)
AT_ONCE = 4


@dataclass
class Loaded:
    """Ids by the plan's keys: hubs by slug, groups and organisations by number, people by address, others by key."""

    membership: Service
    events: Service
    learning: Service
    community: Community
    today: date
    hubs: Made = field(default_factory=dict)
    groups: Made = field(default_factory=dict)
    organisations: Made = field(default_factory=dict)
    people: Made = field(default_factory=dict)
    happenings: Made = field(default_factory=dict)

    def days_ago(self, days: int, hour: int = 9, minute: int = 0) -> datetime:
        """A past time (UTC), counted back from the day of loading."""
        return datetime.combine(self.today - timedelta(days=days), time(hour, minute), UTC)

    def acting_as(self, person: PersonPlan) -> Principal:
        """The principal of a person of the demo, as the gateway would make it."""
        groups = {self.groups[str(number)]: self.hubs[group_hub(number)] for number in person.groups}
        looked_after = {person.hub.slug} if person.hub_roles else set()
        if NATIONAL.slug in looked_after:
            looked_after = {hub.slug for hub in HUBS}
        organisations = [] if person.organisation is None else [self.organisations[str(person.organisation)]]
        return Principal(
            kind="person",
            id=self.people[person.email],
            scopes=PERSON_SCOPES,
            hubs=frozenset({self.hubs[person.hub.slug], self.hubs[NATIONAL.slug]}),
            groups=groups,
            steward_of=frozenset(self.hubs[slug] for slug in looked_after),
            convenes=frozenset(self.groups[str(n)] for n, roles in person.groups.items() if "convener" in roles),
            organisations=frozenset(organisations),
        )


def a_writer(name: str, settings: Settings) -> Service:
    """The parts of a service that only writes.

    Its outbox rows have no lease, so the relays of running services publish them at once, even if this process ends.
    """
    service = build_service(name, settings, Subscriptions())
    service.outbox.lease = timedelta(0)
    return service


async def few_at_once(calls: Iterable[Callable[[], Awaitable[Made]]]) -> Made:
    """Run these calls, a few at a time, and return all ids they made. If one fails, the others are cancelled."""
    room = asyncio.Semaphore(AT_ONCE)
    made: Made = {}

    async def one(call: Callable[[], Awaitable[Made]]) -> None:
        async with room:
            made.update(await call())

    async with asyncio.TaskGroup() as tasks:
        for call in calls:
            tasks.create_task(one(call))
    return made
