"""What a bare machine is told and given: the virtual environment's maker, missing packages, the Makefile's targets."""

import os
import subprocess
from collections.abc import Sequence
from pathlib import Path

import pytest

from deploy.local import rabbitmq
from deploy.local.folder import ROOT
from deploy.local.packages import ensure_rabbitmq
from deploy.local.processes import StartFailed

TOOLS = ("sh", "env", "grep", "sed", "mkdir", "touch", "cat", "true")


def a_machine(folder: Path, **programs: str) -> str:
    """A PATH with the barest tools and these programs, each a shell script."""
    folder.mkdir()
    for tool in TOOLS:
        found = next(Path(place) / tool for place in ("/usr/bin", "/bin") if (Path(place) / tool).exists())
        (folder / tool).symlink_to(found)
    for name, script in programs.items():
        path = folder / name.replace("_", "-")
        path.write_text(f"#!/bin/sh\n{script}\n")
        path.chmod(0o755)
    return str(folder)


def bootstrap(folder: Path, path: str) -> subprocess.CompletedProcess[str]:
    """Run the virtual environment's maker in an empty folder."""
    return run(["sh", str(ROOT / "deploy/local/bootstrap.sh")], folder, PATH=path, PYTHON="")


def run(command: Sequence[str], folder: Path, **env: str) -> subprocess.CompletedProcess[str]:
    """Run a command with this environment and no other."""
    return subprocess.run(command, cwd=folder, env=env, capture_output=True, text=True, check=False, timeout=60)


def test_without_a_fitting_python_it_says_which_is_needed(tmp_path: Path) -> None:
    done = bootstrap(tmp_path, a_machine(tmp_path / "bin", python3="exit 1"))
    assert done.returncode == 1
    assert done.stderr == "Mycelium needs Python 3.11 or later: install it, or name one with PYTHON=/path/to/python3.\n"


def test_without_venv_it_says_what_to_install(tmp_path: Path) -> None:
    python = 'case "$2" in *ensurepip*) exit 1;; esac'
    done = bootstrap(tmp_path, a_machine(tmp_path / "bin", python3=python))
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert "python3-venv" in done.stderr


def test_with_uv_it_makes_what_the_lock_says_and_no_more(tmp_path: Path) -> None:
    path = a_machine(tmp_path / "bin", python3="echo /the/python", uv='echo "$@" >> calls; mkdir -p .venv')
    done = bootstrap(tmp_path, path)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "calls").read_text().splitlines()[-1] == "sync --frozen --quiet --python /the/python"
    assert (tmp_path / ".venv/.ready").exists()


def test_a_failed_installation_is_not_taken_for_a_finished_one(tmp_path: Path) -> None:
    uv = 'case "$1" in sync) mkdir -p .venv; exit 2;; esac'
    done = bootstrap(tmp_path, a_machine(tmp_path / "bin", python3="echo /the/python", uv=uv))
    assert done.returncode == 2
    assert not (tmp_path / ".venv/.ready").exists()


@pytest.fixture
def without_rabbitmq(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A machine on which RabbitMQ is not installed."""
    monkeypatch.setattr(rabbitmq, "SERVER", tmp_path / "nowhere")


@pytest.mark.usefixtures("without_rabbitmq")
def test_missing_rabbitmq_is_one_clear_sentence_where_we_may_not_install(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", a_machine(tmp_path / "bin"))
    with pytest.raises(StartFailed) as failed:
        ensure_rabbitmq(tmp_path / "apt.log", print)
    sentence = str(failed.value)
    assert "rabbitmq-server" in sentence
    assert "MYCELIUM_AMQP_URL" in sentence
    assert "\n" not in sentence


@pytest.mark.usefixtures("without_rabbitmq")
def test_missing_rabbitmq_is_installed_where_we_may(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = tmp_path / "calls"
    apt = f'echo "$DEBIAN_FRONTEND $@" >> {calls}'
    monkeypatch.setenv("PATH", a_machine(tmp_path / "bin", apt_get=apt, sudo='shift; exec "$@"'))
    said: list[str] = []
    ensure_rabbitmq(tmp_path / "apt.log", said.append)
    assert calls.read_text().splitlines() == [
        "noninteractive update",
        "noninteractive install -y --no-install-recommends rabbitmq-server",
    ]
    assert said == ["Installing rabbitmq-server (apt-get, once) ..."]


@pytest.mark.usefixtures("without_rabbitmq")
def test_an_installation_that_fails_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    apt = 'echo "no such package"; exit 100'
    monkeypatch.setenv("PATH", a_machine(tmp_path / "bin", apt_get=apt, sudo='shift; exec "$@"'))
    with pytest.raises(StartFailed, match="could not install rabbitmq-server"):
        ensure_rabbitmq(tmp_path / "apt.log", print)
    assert "no such package" in (tmp_path / "apt.log").read_text()


@pytest.mark.parametrize(
    ("words", "runs"),
    [
        (["up"], "-m deploy.local up"),
        (["up", "DETACH=1"], "-m deploy.local up --detach"),
        (["down"], "-m deploy.local down"),
        (["status"], "-m deploy.local status"),
        (["test"], '-m "not slow and not compose"'),
        (["test-all"], "pytest"),
        (["lint"], "mypy"),
        (["bench"], "-m bench"),
        (["docs"], "true"),
    ],
)
def test_make_has_a_word_for_each_thing(words: list[str], runs: str) -> None:
    done = run(["make", "-n", "-o", ".venv/.ready", *words], ROOT, PATH=os.environ["PATH"])
    assert done.returncode == 0, done.stderr
    assert runs in done.stdout.rstrip().splitlines()[-1] or runs in done.stdout
