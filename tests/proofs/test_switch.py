"""The proofs can fail: when a guarantee is broken on purpose, each of its proofs fails."""

import asyncio
import os
import sys

import pytest

from shared.settings import SERVICES
from tests.proofs import breakage

pytestmark = pytest.mark.slow
PROOFS = {
    "outbox": (
        "tests/shared/messaging/test_spine.py::test_a_commit_that_fails_leaves_no_message",
        "tests/proofs/test_crash_points.py::test_a_producer_killed[before_commit-before_commit]",
    ),
    "mark-first": (
        "tests/proofs/test_crash_points.py::test_a_producer_killed[taken_unpublished-taken_unpublished]",
        "tests/proofs/test_crash_points.py::test_a_producer_killed[published_unsent-published_unsent]",
        "tests/proofs/test_paused_relay.py::test_a_relay_paused_past_its_lease_does_no_harm[while_publishing]",
    ),
    "unconfirmed": ("tests/proofs/test_crash_points.py::test_a_producer_killed[published_unsent-published_unsent]",),
    "inbox": (
        "tests/proofs/test_disorder.py::test_three_times_and_shuffled_each_takes_effect_once[singly]",
        "tests/proofs/test_disorder.py::test_three_times_and_shuffled_each_takes_effect_once[batched]",
        "tests/proofs/test_crash_points.py::test_a_consumer_killed[committed_unacked]",
    ),
    "fanout": ("tests/proofs/ledger/test_ledger.py::test_nothing_is_lost_or_doubled_whatever_fails[1]",),
    "capacity": ("tests/events/registrations/test_concurrency.py::test_two_hundred_people_for_twenty_seats",),
    "guards": tuple(
        f"tests/proofs/test_authorisation_rest.py::test_every_route_refuses_all_scopes_but_its_own[{service}]"
        for service in SERVICES
    ),
    "fanout-cap": (
        "tests/notify/fanouts/test_fan_out.py::test_no_transaction_makes_many_deliveries_and_every_endpoint_hears_once",
    ),
    "shares": (
        "tests/notify/deliveries/test_lookups.py::test_another_hubs_names_are_looked_up_while_one_hubs_stall",
        "tests/notify/deliveries/test_fairness.py::test_a_hub_may_take_what_it_leaves_free",
    ),
    "answers": ("tests/notify/deliveries/test_endless_answers.py::test_an_answer_without_end_is_an_outcome",),
}


@pytest.mark.skipif(bool(breakage.broken()), reason="this run is itself a broken one")
@pytest.mark.parametrize("promise", breakage.CHOICES)
async def test_a_broken_promise_is_noticed_by_each_of_its_proofs(promise: str, mongo_url: str, amqp_url: str) -> None:
    environment = {
        **os.environ,
        "MYCELIUM_TEST_MONGO_URL": mongo_url,
        "MYCELIUM_TEST_AMQP_URL": amqp_url,
        "MYCELIUM_TEST_ROUNDS": "4",
        "MYCELIUM_TEST_COMMANDS": "160",
        "MYCELIUM_TEST_SEEDS": "1",
    }
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "pytest", "-q", "--break", promise, "-p", "no:cacheprovider", *PROOFS[promise]),
        env=environment,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    out = (await process.communicate())[0].decode()
    failed = {line.split(" ")[1] for line in out.splitlines() if line.startswith("FAILED")}
    for proof in PROOFS[promise]:
        assert any(one.startswith(proof) for one in failed), (promise, proof, out[-3000:])
