"""The webhook receiver: what it records, and the replies that a test can queue."""

import asyncio
import time

import aiohttp
import pytest

from tests.support.receiver import Receiver, Reply, a_receiver
from tests.support.waiting import eventually


async def test_it_records_what_it_is_sent(receiver: Receiver) -> None:
    async with aiohttp.ClientSession() as http:
        sent = http.post(f"{receiver.url}/hook?a=1", data=b'{"n": 1}', headers={"Webhook-Id": "msg_1"})
        async with sent as response:
            assert response.status == 204
    [request] = receiver.received
    assert (request.method, request.path, request.query) == ("POST", "/hook", "a=1")
    assert request.headers["webhook-id"] == "msg_1"
    assert request.json() == {"n": 1}
    assert request.at.utcoffset() is not None


async def test_scripted_replies_come_in_order_and_then_the_usual_one(receiver: Receiver) -> None:
    receiver.usually = Reply(status=200, body=b"fine")
    receiver.then(Reply(status=503, headers={"Retry-After": "7"}), Reply(status=410))
    async with aiohttp.ClientSession() as http:
        answers = []
        for _ in range(3):
            async with http.post(receiver.url) as response:
                answers.append((response.status, response.headers.get("Retry-After"), await response.read()))
    assert answers == [(503, "7", b""), (410, None, b""), (200, None, b"fine")]


async def test_it_cuts_the_connection_when_told_to(receiver: Receiver) -> None:
    receiver.then(Reply(reset=True))
    async with aiohttp.ClientSession() as http:
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.post(receiver.url)
    assert len(receiver.received) == 1


async def test_a_stalled_reply_keeps_the_caller_waiting_and_not_the_end_of_the_test() -> None:
    began = time.monotonic()
    async with aiohttp.ClientSession() as http:
        async with a_receiver() as receiver:
            receiver.then(Reply(stall=60))
            call = asyncio.create_task(http.post(receiver.url))
            await eventually(lambda: receiver.received)
            assert not call.done()
        await asyncio.gather(call, return_exceptions=True)
    assert time.monotonic() - began < 10
