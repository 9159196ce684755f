"""Settings as an operator writes them: what cannot be used is named by its variable, without a trace."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from shared.settings import Settings, SettingsRefused, unknown_variables

SECRET = "A" * 43
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def _nothing_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYCELIUM_SECRET", SECRET)


@pytest.mark.parametrize(
    ("name", "value", "asked"),
    [
        ("BODY_LIMIT", "abc", "Give a whole number."),
        ("BODY_LIMIT", "7", "Give 1024 or more."),
        ("LOG_LEVEL", "loud", "Choose one of these: `DEBUG`, `INFO`, `WARNING`, `ERROR`."),
        ("GRAPHIQL", "maybe", "Give true or false."),
        ("SECRET", "hush", "Give at least 32 random bytes in base64url."),
        ("SIGNING_KEY", "not base64!", "Give at least 32 random bytes in base64url."),
    ],
)
def test_a_setting_that_cannot_be_used_is_named(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, asked: str
) -> None:
    monkeypatch.setenv(f"MYCELIUM_{name}", value)
    with pytest.raises(SettingsRefused) as refused:
        Settings(_env_file=None)
    (line,) = str(refused.value).splitlines()
    assert line.startswith(f"MYCELIUM_{name}: {asked} (")
    assert value not in line.partition(" (")[0] or name == "BODY_LIMIT"


def test_each_fault_has_its_line(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYCELIUM_SECRET", "")
    monkeypatch.setenv("MYCELIUM_RELAY_BATCH", "0")
    with pytest.raises(SettingsRefused) as refused:
        Settings(_env_file=None)
    assert [line.partition(":")[0] for line in str(refused.value).splitlines()] == [
        "MYCELIUM_SECRET",
        "MYCELIUM_RELAY_BATCH",
    ]


def test_webhooks_reach_private_addresses_in_development_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYCELIUM_WEBHOOKS_ALLOW_PRIVATE", "true")
    for environment in (None, "production"):
        if environment is not None:
            monkeypatch.setenv("MYCELIUM_ENVIRONMENT", environment)
        with pytest.raises(SettingsRefused) as refused:
            Settings(_env_file=None)
        (line,) = str(refused.value).splitlines()
        assert line.startswith(
            "MYCELIUM_WEBHOOKS_ALLOW_PRIVATE: Leave this out while MYCELIUM_ENVIRONMENT is `production`. ("
        )
    for environment in ("local", "test"):
        monkeypatch.setenv("MYCELIUM_ENVIRONMENT", environment)
        assert Settings(_env_file=None).webhooks_allow_private


def test_graphiql_may_be_shown_in_production(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("MYCELIUM_GRAPHIQL", "true")
    assert Settings(_env_file=None).graphiql


@pytest.mark.parametrize("level", ["debug", "Debug", " DEBUG"])
def test_the_log_level_may_be_in_any_case(monkeypatch: pytest.MonkeyPatch, level: str) -> None:
    monkeypatch.setenv("MYCELIUM_LOG_LEVEL", level)
    assert Settings(_env_file=None).log_level == "DEBUG"


@pytest.mark.parametrize("application", ["services.membership.app", "gateway.app"])
def test_an_application_started_alone_says_what_is_wrong_and_ends(application: str, tmp_path: Path) -> None:
    command: list[Any] = [sys.executable, "-m", "uvicorn", f"{application}:create_app", "--factory", "--port", "0"]
    env = {"PYTHONPATH": str(ROOT), "MYCELIUM_SECRET": SECRET, "MYCELIUM_BODY_LIMIT": "abc"}
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("MYCELIUM_BODY_LIMIT: Give a whole number.")
    assert len(ended.stderr.splitlines()) == 1


def test_membership_alone_needs_a_key_to_sign_with(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "from services.membership.app import create_app; create_app()"]
    env = {"PYTHONPATH": str(ROOT), "MYCELIUM_SECRET": SECRET}
    ended = subprocess.run(command, cwd=tmp_path, env=env, capture_output=True, text=True, timeout=60, check=False)
    assert ended.returncode == 1
    assert ended.stderr.startswith("MYCELIUM_SIGNING_KEY: This is needed.")


def test_variables_that_are_no_settings_are_found() -> None:
    given = [
        "MYCELIUM_BODYLIMIT",
        "MYCELIUM_BODY_LIMIT",
        "MYCELIUM_KEY",
        "MYCELIUM_TEST_ROUNDS",
        "mycelium_secret",
        "PATH",
    ]
    assert unknown_variables(given) == ["MYCELIUM_BODYLIMIT"]
