"""For tests on several cores: which tests must run on one worker, and which start first."""

from collections import OrderedDict
from typing import Any

from xdist.scheduler import LoadScopeScheduling

# The files of each of these folders share one running product, which is started once, on one worker.
TOGETHER = ("tests/gateway/", "tests/e2e/", "tests/docs/")
# Each test of these files starts everything it needs itself.
APART = ("tests/proofs/ledger/", "tests/proofs/test_switch.py")
# The longest tests start first, so that all workers end at about the same time.
FIRST = (
    "tests/proofs/test_crash_points.py",
    "tests/gateway/",
    "tests/events/registrations/test_concurrency.py",
    "tests/deploy/test_local_stack.py",
    "tests/proofs/",
    "tests/docs/",
    "tests/e2e/",
    "tests/deploy/",
)


def group_of(test: str) -> str:
    """The name of the group a test (by its node id) belongs to: its file, its folder, or itself alone."""
    if test.startswith(APART):
        return test
    return next((folder for folder in TOGETHER if test.startswith(folder)), test.partition("::")[0])


class Groups(LoadScopeScheduling):  # type: ignore[misc]
    """Gives a worker one group at a time, so that no module's service is started twice."""

    workqueue: OrderedDict[str, dict[str, bool]]

    def _split_scope(self, nodeid: str) -> str:
        return group_of(nodeid)

    def _assign_work_unit(self, node: Any) -> None:
        self.workqueue = OrderedDict(sorted(self.workqueue.items(), key=lambda group: _rank(group[0])))
        super()._assign_work_unit(node)


def _rank(group: str) -> int:
    return next((rank for rank, start in enumerate(FIRST) if group.startswith(start)), len(FIRST))
