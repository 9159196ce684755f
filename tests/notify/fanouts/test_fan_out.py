"""A message that many endpoints hear: its deliveries are made some at a time, none lost, none twice."""

import asyncio
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from services.notify.deliveries import store as deliveries
from services.notify.deliveries.feature import FEATURE as DELIVERIES
from services.notify.endpoints import store as endpoints
from services.notify.endpoints.feature import FEATURE as ENDPOINTS
from services.notify.endpoints.model import Endpoint
from services.notify.fanouts import store
from services.notify.fanouts.commands import fan_out_some
from services.notify.fanouts.feature import FEATURE as FANOUTS
from services.notify.fanouts.model import CHUNK, MOST_AT_ONCE, Fanout, delivered_at_once
from services.notify.log.feature import FEATURE as LOG
from shared.ids import new_id
from shared.mongo import Database, Mongo
from shared.settings import Settings
from tests.support.notify import Notify
from tests.support.waiting import eventually

NOW = datetime.now(UTC)


def an_endpoint(hub: str, **fields: Any) -> Endpoint:
    told = {"url": "http://127.0.0.1:1/", "description": None, "topics": (), "secrets": (), "created_at": NOW, **fields}
    return Endpoint(id=new_id("whe"), hub_id=hub, **told)


async def stored(database: Database, made: Sequence[Endpoint]) -> set[str]:
    """Store endpoints; gives their ids."""

    documents = [endpoints.ENDPOINTS.document(endpoint) for endpoint in made]
    await endpoints.ENDPOINTS.of(database).insert_many(documents)
    return {endpoint.id for endpoint in made}


@pytest.fixture
async def quiet(settings: Settings) -> AsyncIterator[Database]:
    """A database at which nobody works."""
    mongo = Mongo(settings.mongo_url)
    database = mongo.database(settings.database_name(f"quiet{secrets.token_hex(3)}"))
    for feature in (ENDPOINTS, DELIVERIES, FANOUTS, LOG):
        await database.ensure_indexes(feature.all_indexes())
    yield database
    await mongo.close()


async def a_fanout(database: Database, *hubs: str, topic: str = "events.event_published") -> Fanout:
    fanout = Fanout(id=new_id("msg"), hub_id=hubs[0], hubs=hubs, topic=topic, at=NOW)
    await store.add(database, [fanout])
    return fanout


async def made_for(database: Database, message_id: str) -> Counter[str]:
    """How many deliveries of a message each endpoint has."""
    found = database["deliveries"].find({"message_id": message_id}, {"endpoint_id": 1})
    return Counter([row["endpoint_id"] async for row in found])


async def test_no_transaction_makes_many_deliveries_and_every_endpoint_hears_once(
    notify: Notify, monkeypatch: pytest.MonkeyPatch
) -> None:
    above = await notify.a_hub()
    hub = await notify.a_hub(above)
    ids = await stored(
        notify.service.database,
        [an_endpoint(each, status="paused") for each in (hub, above) for _ in range(MOST_AT_ONCE // 2 + 200)],
    )
    sizes: list[int] = []
    add = deliveries.add

    async def spy(database: Database, made: Sequence[Any], *more: Any) -> None:
        sizes.append(len(made))
        await add(database, made, *more)

    monkeypatch.setattr(deliveries, "add", spy)
    message_id = await notify.publish_event(hub)

    async def all_made() -> None:
        assert (await made_for(notify.service.database, message_id)).keys() == ids

    await eventually(all_made, within=30)
    assert set((await made_for(notify.service.database, message_id)).values()) == {1}
    assert max(sizes) <= MOST_AT_ONCE

    async def none_is_left() -> None:
        assert await notify.service.database["fanouts"].count_documents({}) == 0

    await eventually(none_is_left)


async def test_many_workers_at_one_fan_out_make_each_delivery_once(quiet: Database) -> None:
    ids = await stored(quiet, [an_endpoint(hub) for hub in ("hub", "above") for _ in range(CHUNK)])
    fanouts = [await a_fanout(quiet, "hub", "above") for _ in range(3)]

    async def work() -> None:
        while await fan_out_some(quiet, "hub", now=NOW):
            pass

    await asyncio.gather(*(work() for _ in range(4)))

    for fanout in fanouts:
        made = await made_for(quiet, fanout.id)
        assert made.keys() == ids
        assert set(made.values()) == {1}
    assert await store.hubs(quiet) == []


async def test_a_worker_that_dies_on_the_way_leaves_the_rest_to_the_next(
    quiet: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = await stored(quiet, [an_endpoint("hub") for _ in range(2 * CHUNK + 10)])
    fanout = await a_fanout(quiet, "hub")
    assert await fan_out_some(quiet, "hub", now=NOW) == CHUNK
    go_on = store.go_on_after

    async def die(database: Database, fanout: Fanout, endpoint_id: str) -> None:
        await go_on(database, fanout, endpoint_id)
        raise RuntimeError("the process dies before its commit")

    with monkeypatch.context() as dying:
        dying.setattr(store, "go_on_after", die)
        with pytest.raises(RuntimeError):
            await fan_out_some(quiet, "hub", now=NOW)
    while await fan_out_some(quiet, "hub", now=NOW):
        pass
    made = await made_for(quiet, fanout.id)
    assert made == dict.fromkeys(ids, 1)


async def test_who_came_after_the_message_or_wants_other_topics_does_not_hear_it(quiet: Database) -> None:
    early = await stored(quiet, [an_endpoint("hub"), an_endpoint("hub", topics=("events.event_published",))])
    await stored(quiet, [an_endpoint("hub", topics=("learning.entry_shared",)), an_endpoint("other")])
    await stored(quiet, [an_endpoint("hub", created_at=NOW + timedelta(seconds=1))])
    fanout = await a_fanout(quiet, "hub")
    while await fan_out_some(quiet, "hub", now=NOW):
        pass
    assert (await made_for(quiet, fanout.id)).keys() == early


def test_one_transaction_carries_the_messages_of_the_hubs_with_the_fewest_deliveries_first() -> None:
    hub_of = {f"flood-{number}": "flooding" for number in range(100)} | {"one": "calm", "two": "calm"}
    counts = {message_id: 50 if hub == "flooding" else 3 for message_id, hub in hub_of.items()}
    chosen = delivered_at_once(hub_of, counts)
    assert {"one", "two"} <= chosen
    assert sum(counts[message_id] for message_id in chosen) <= MOST_AT_ONCE
    assert len(chosen) == 2 + (MOST_AT_ONCE - 6) // 50
