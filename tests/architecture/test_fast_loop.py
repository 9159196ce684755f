"""A test of a rule alone runs in a moment: what every test run imports is light."""

import subprocess
import sys

HEAVY = ("aio_pika", "aiohttp", "fastapi", "graphql", "pydantic", "pymongo", "schemathesis", "strawberry", "uvicorn")


def test_a_test_run_imports_nothing_heavy_before_a_test_asks_for_it() -> None:
    code = (
        "import sys, pytest\n"
        "pytest.main(['-q', '--collect-only', 'tests/support/test_waiting.py', '-p', 'no:cacheprovider'])\n"
        "import tests.membership.conftest, tests.events.conftest, tests.learning.conftest, tests.notify.conftest\n"
        f"print('heavy:', sorted(set({HEAVY!r}) & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "heavy: []" in told, told[-2000:]


RULES = (
    "tests/events/events/test_rules.py",
    "tests/events/seats/test_seats.py",
    "tests/notify/fanouts/test_fanout_rules.py",
    "tests/notify/mail/test_mail_rules.py",
    "tests/notify/endpoints/test_endpoint_rules.py",
    "tests/learning/entries/test_entry_rules.py",
)
STARTS_SOMETHING = ("aio_pika", "fastapi", "graphql", "motor", "pymongo", "uvicorn")


def test_tests_of_rules_import_no_driver_no_broker_and_no_web_framework() -> None:
    code = (
        "import sys, pytest\n"
        f"assert pytest.main(['-q', '--collect-only', *{RULES!r}, '-p', 'no:cacheprovider']) == 0\n"
        f"print('starts:', sorted(set({STARTS_SOMETHING!r}) & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "starts: []" in told, told[-2000:]
