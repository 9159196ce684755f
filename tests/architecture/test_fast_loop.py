"""A test of a rule alone runs in a moment: what every test run imports is light."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
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


STARTS_SOMETHING = ("aio_pika", "fastapi", "graphql", "motor", "pymongo", "starlette", "uvicorn")


def test_tests_of_rules_import_no_driver_no_broker_and_no_web_framework() -> None:
    files = [str(path.relative_to(ROOT)) for path in sorted(ROOT.joinpath("tests").rglob("test_*rules.py"))]
    assert len(files) >= 12
    code = (
        "import sys, runpy\n"
        f"for file in {files!r}: runpy.run_path(file)\n"
        f"print('starts:', sorted(set({STARTS_SOMETHING!r}) & set(sys.modules)))\n"
    )
    told = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert "starts: []" in told, told[-2000:]
