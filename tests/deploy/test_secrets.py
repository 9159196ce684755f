"""`mycelium secrets` writes fresh secrets into a file, and never replaces or prints one."""

import stat
from pathlib import Path

import pytest
from dotenv import dotenv_values
from typer.testing import CliRunner, Result

from deploy.cli.main import app
from deploy.cli.reference.settings import env_example
from shared.settings import Settings, decode_secret

NAMES = {"MYCELIUM_SECRET", "MYCELIUM_SIGNING_KEY", "RABBITMQ_PASSWORD"}


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def secrets(*words: str) -> Result:
    return CliRunner().invoke(app, ["secrets", *words])


def test_they_are_written_to_env_fresh_long_enough_and_for_this_account_alone(here: Path) -> None:
    said = [secrets(), secrets("--file", "other")]
    assert [one.exit_code for one in said] == [0, 0]
    written = [dotenv_values(here / name) for name in (".env", "other")]
    assert set(written[0]) == NAMES
    assert all(written[0][name] != written[1][name] for name in NAMES)
    assert len(decode_secret(Settings(_env_file=here / ".env").secret)) == 32
    assert stat.S_IMODE((here / ".env").stat().st_mode) == 0o600
    assert sorted(path.name for path in here.iterdir()) == [".env", "other"]


def test_they_are_not_printed(here: Path) -> None:
    said = secrets()
    assert [value for value in dotenv_values(here / ".env").values() if value and value in said.output] == []


def test_a_second_run_changes_nothing_and_says_so(here: Path) -> None:
    secrets()
    first = (here / ".env").read_text()
    said = secrets()
    assert said.exit_code == 1
    assert "has all of them" in said.stderr
    assert (here / ".env").read_text() == first


def test_only_those_that_are_missing_are_added_and_other_lines_stay(here: Path) -> None:
    (here / ".env").write_text("# ours\nSITE_ADDRESS=mycelium.example.org\nRABBITMQ_PASSWORD=known\nMYCELIUM_SECRET=")
    said = secrets()
    assert said.exit_code == 0, said.output
    written = dotenv_values(here / ".env")
    assert written["SITE_ADDRESS"] == "mycelium.example.org"
    assert written["RABBITMQ_PASSWORD"] == "known"
    assert len(written["MYCELIUM_SECRET"] or "") == len(written["MYCELIUM_SIGNING_KEY"] or "") == 43
    assert (here / ".env").read_text().startswith("# ours\n")
    assert "RABBITMQ_PASSWORD" not in said.output


def test_a_copy_of_the_example_keeps_its_lines_and_gets_the_secrets(here: Path) -> None:
    (here / ".env").write_text(env_example())
    assert secrets().exit_code == 0
    assert (here / ".env").read_text().startswith(env_example())
    assert all(dotenv_values(here / ".env")[name] for name in NAMES)


def test_a_file_that_a_shell_has_just_emptied_is_left_alone(here: Path) -> None:
    """`mycelium secrets > .env` empties the file before the command runs; new secrets would lock everybody out."""
    (here / ".env").touch()
    said = secrets()
    assert said.exit_code == 1
    assert "is empty" in said.stderr
    assert (here / ".env").read_text() == ""


def test_a_folder_that_cannot_be_written_to_is_named() -> None:
    said = secrets("--file", "nowhere/.env")
    assert said.exit_code == 1
    assert "nowhere/.env" in said.stderr
