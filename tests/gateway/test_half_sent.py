"""Requests whose body does not come, or whose caller goes away in the middle of it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from urllib.parse import urlsplit

import pytest

from tests.gateway.community import Community
from tests.support.waiting import eventually

HALF = b'POST /graphql HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 100\r\n\r\n{"query":'


@asynccontextmanager
async def half_sent(community: Community) -> AsyncIterator[asyncio.StreamReader]:
    """A connection over which half a request was sent; gives what comes back on it."""
    address = urlsplit(community.stack.graphql)
    reader, writer = await asyncio.open_connection(address.hostname, address.port)
    writer.write(HALF)
    await writer.drain()
    try:
        yield reader
    finally:
        writer.close()
        await writer.wait_closed()


async def counted(community: Community, status: int) -> float:
    """How many requests for GraphQL ended with this status."""
    address = urlsplit(community.stack.graphql)
    async with community.stack.http.get(f"http://{address.netloc}/metrics") as answer:
        lines = (await answer.text()).splitlines()
    wanted = ("mycelium_http_request_seconds_count", 'route="/graphql"', f'status="{status}"')
    return sum(float(line.rpartition(" ")[2]) for line in lines if all(part in line for part in wanted))


async def test_a_body_that_does_not_come_is_given_up(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("shared.middleware.BODY_SECONDS", 0.2)
    async with half_sent(community) as reader:
        answer = await asyncio.wait_for(reader.read(), 10)  # to the end: the connection is closed
    assert answer.startswith(b"HTTP/1.1 408 ")
    assert b'"code":"too_slow"' in answer


async def test_a_caller_who_goes_away_is_no_fault_of_ours(community: Community) -> None:
    faults, given_up = await counted(community, 500), await counted(community, 400)
    async with half_sent(community):
        pass

    async def noticed() -> bool:
        return await counted(community, 400) + await counted(community, 500) > given_up + faults

    await eventually(noticed)
    assert await counted(community, 500) == faults
