"""The service as a whole: it is ready, its messages reach the broker, and it completes what has ended by itself."""

from collections.abc import AsyncIterator

import pytest

from shared.messaging.broker import Broker
from shared.messaging.envelope import Envelope
from shared.messaging.listener import Listener
from shared.mongo import Database
from shared.settings import Settings
from tests.support.events import a_person, a_published_event, an_event, in_days, kept, register, seen_event
from tests.support.serving import Client
from tests.support.waiting import eventually


@pytest.fixture
async def heard(settings: Settings) -> AsyncIterator[list[Envelope]]:
    """What passes on the broker, as it passes."""
    passed: list[Envelope] = []
    broker = Broker(settings.amqp_url, settings.name("mycelium"))
    Listener(broker, ["events.#"], passed.append)
    await broker.start()
    await broker.connected()
    yield passed
    await broker.close()


async def test_what_happens_passes_on_the_broker(events: Client, heard: list[Envelope]) -> None:
    event = await an_event(events, capacity=1)
    seat = await register(events, event["id"])
    line = await register(events, event["id"])

    def passed() -> set[tuple[str, str]]:
        return {(one.topic, one.subject) for one in heard if event["id"] in one.touched}

    def all_passed() -> None:
        assert passed() == {
            ("events.event_created", event["id"]),
            ("events.event_published", event["id"]),
            ("events.registration_confirmed", seat["id"]),
            ("events.registration_waitlisted", line["id"]),
        }

    await eventually(all_passed)


async def test_an_event_that_has_ended_is_completed_by_itself(
    events: Client, database: Database, heard: list[Envelope]
) -> None:
    event = await a_published_event(database, now=in_days(-8))

    async def completed() -> bool:
        return bool((await kept(database, event.id))["status"] == "completed")

    await eventually(completed, within=20)
    seen = await seen_event(events, event.id, a_person())
    assert seen is not None
    assert seen["status"] == "completed"
    await eventually(lambda: [one for one in heard if one.topic == "events.event_completed"])
