"""A MongoDB and a RabbitMQ for several test runs are found while they run, and never after they have ended."""

import os
import signal
import socket
from pathlib import Path
from urllib.parse import urlsplit

from deploy.local.claim import holder
from deploy.local.folder import read_json
from deploy.local.leftovers import started_at
from tests.support.standing import Standing, find_standing, start, stop
from tests.support.waiting import eventually


def answers(url: str) -> bool:
    """Whether something accepts connections at this URL."""
    address = urlsplit(url)
    with socket.socket() as probe:
        return probe.connect_ex((str(address.hostname), int(address.port or 0))) == 0


async def test_they_are_found_until_their_supervisor_is_gone_and_nothing_of_them_is_left(tmp_path: Path) -> None:
    folder = tmp_path / "parts"
    assert find_standing(folder) is None
    assert start(folder) == 0
    try:
        found = find_standing(folder)
        assert isinstance(found, Standing)
        assert answers(found.mongo_url)
        assert answers(found.amqp_url)
        assert start(folder) == 0
        assert find_standing(folder) == found, "a second start leaves them as they are"
        written = read_json(folder / "processes.json")
        os.kill(found.pid, signal.SIGKILL)

        def is_free() -> bool:
            return holder(folder / "lock") is None

        await eventually(is_free)
        assert (folder / "parts.json").exists()
        assert find_standing(folder) is None, "what a killed supervisor wrote is not believed"
    finally:
        assert stop(folder) == 0
    assert [one["name"] for one in written if started_at(one["pid"]) == one["started"]] == []
    assert not folder.exists()


def test_what_another_supervisor_wrote_is_not_believed(tmp_path: Path) -> None:
    (tmp_path / "parts.json").write_text('{"pid": 1, "mongo_url": "mongodb://gone", "amqp_url": "amqp://gone"}')
    assert find_standing(tmp_path) is None
