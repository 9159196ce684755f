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
