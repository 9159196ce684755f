"""A hub has only so many endpoints, also when several are made at once."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from shared.settings import Settings
from tests.support.notify import Notify, a_hub_key, running_notify

URL = "http://127.0.0.1:9/hook"
MOST = 3


@pytest.fixture(scope="module")
async def narrow(settings: Settings) -> AsyncIterator[Notify]:
    """The service, with room for three endpoints a hub."""
    told = settings.model_copy(update={"namespace": f"{settings.namespace}m", "webhook_endpoints_per_hub": MOST})
    async with running_notify(told) as running:
        yield running


async def test_one_too_many_is_refused_with_the_field_and_the_number(narrow: Notify) -> None:
    hub, other = await narrow.a_hub(), await narrow.a_hub()
    made = [await narrow.an_endpoint(hub, URL) for _ in range(MOST)]

    answer = await narrow.by(a_hub_key(hub)).post("/endpoints", {"hub_id": hub, "url": URL})

    assert answer.problem() == (409, "too_many_endpoints", ["hub_id"])
    assert f"has {MOST} webhook endpoints" in answer.body["problems"][0]["message"]
    assert await narrow.service.database["endpoints"].count_documents({"hub_id": hub}) == MOST
    await narrow.an_endpoint(other, URL)
    # A disabled one counts: it may be enabled again, and takes room.
    first = made[0]["endpoint"]["id"]
    changed = await narrow.by(a_hub_key(hub)).patch(f"/endpoints/{first}", {"status": "disabled"})
    assert changed.status == 200
    assert (await narrow.by(a_hub_key(hub)).post("/endpoints", {"hub_id": hub, "url": URL})).status == 409
    # A deleted one does not.
    assert (await narrow.by(a_hub_key(hub)).delete(f"/endpoints/{first}")).status == 200
    await narrow.an_endpoint(hub, URL)


async def test_many_at_once_are_no_more_than_may_be(narrow: Notify, settings: Settings) -> None:
    told = narrow.service.settings
    async with running_notify(told) as replica:
        hub = await narrow.a_hub()
        both = [narrow.by(a_hub_key(hub)), replica.by(a_hub_key(hub))]
        asked = (both[number % 2].post("/endpoints", {"hub_id": hub, "url": URL}) for number in range(12))
        answers = await asyncio.gather(*asked)
    assert sorted(answer.status for answer in answers) == [201] * MOST + [409] * (12 - MOST)
    assert await narrow.service.database["endpoints"].count_documents({"hub_id": hub}) == MOST
