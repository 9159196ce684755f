"""Tests on several cores: workers use the controller's parts; tests that share a product run on one worker."""

import pytest

from tests.support.scheduling import group_of
from tests.support.workers import HandedParts, SharedParts


def test_workers_are_handed_what_the_controller_has(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYCELIUM_TEST_MONGO_URL", "mongodb://given")
    monkeypatch.setenv("MYCELIUM_TEST_AMQP_URL", "amqp://given")
    shared = SharedParts()
    shared.start()
    try:
        handed = HandedParts(shared.written)
        assert (handed.mongo_url(), handed.amqp_url()) == ("mongodb://given", "amqp://given")
    finally:
        shared.stop()
    assert not shared.written.exists()


def test_workers_are_told_why_the_controller_has_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("there is no mongod")

    monkeypatch.setattr("tests.support.workers.Parts.start", fail)
    shared = SharedParts()
    shared.start()
    try:
        with pytest.raises(RuntimeError, match="there is no mongod"):
            HandedParts(shared.written).mongo_url()
    finally:
        shared.stop()


@pytest.mark.parametrize(
    ("test", "group"),
    [
        ("tests/events/test_app.py::test_it", "tests/events/test_app.py"),
        ("tests/events/test_app.py::test_it[a::b]", "tests/events/test_app.py"),
        ("tests/gateway/test_schema.py::test_it", "tests/gateway/"),
        ("tests/proofs/ledger/test_ledger.py::test_it[1]", "tests/proofs/ledger/test_ledger.py::test_it[1]"),
    ],
)
def test_a_module_or_what_shares_a_product_is_one_group(test: str, group: str) -> None:
    assert group_of(test) == group
