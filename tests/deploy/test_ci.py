"""What continuous integration does about the compose run, seen with stand-ins for `make`, Docker and the engine."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MAKE = """#!/bin/sh
echo "make $* on ${DOCKER_HOST:-no engine}" >>"$DONE"
[ "$1" != "$FAILS" ]
"""
ENGINE = """#!/bin/sh
echo "engine $1" >>"$DONE"
[ "$1" != up ] || echo "export DOCKER_HOST=unix://ours"
"""


@pytest.fixture
def checkout(tmp_path: Path) -> Path:
    """A checkout with the script alone, and programs that only write down that they were called."""
    (tmp_path / "main" / ".ci").mkdir(parents=True)
    shutil.copy(ROOT / ".ci" / "run", tmp_path / "main" / ".ci" / "run")
    for name, text in {"make": MAKE, "docker": "#!/bin/sh\nexit 1\n", "apt-get": "#!/bin/sh\n"}.items():
        put(tmp_path / "bin" / name, text)
    put(tmp_path / "bin" / "sudo", "#!/bin/sh\n")
    return tmp_path / "main"


def put(program: Path, text: str) -> None:
    program.parent.mkdir(parents=True, exist_ok=True)
    program.write_text(text)
    program.chmod(0o755)


def run(checkout: Path, *, fails: str = "", compose: str = "") -> tuple[int, str, list[str]]:
    """Run the script; gives its exit code, what it printed and which programs it called."""
    done = checkout / "done"
    path = f"{checkout.parent / 'bin'}{os.pathsep}{os.environ['PATH']}"
    env = {"PATH": path, "DONE": str(done), "FAILS": fails, "TMPDIR": str(checkout), "COMPOSE": compose}
    ran = subprocess.run([checkout / ".ci" / "run"], env=env, capture_output=True, text=True, timeout=60)
    return ran.returncode, ran.stdout, done.read_text().splitlines()


OTHERS = ["make lint on no engine", "make test on no engine", "make test-all ARGS=-m slow on no engine"]


def test_without_an_engine_it_says_that_the_compose_file_is_not_run(checkout: Path) -> None:
    code, out, done = run(checkout)
    assert code == 0
    assert "The compose file is not run" in out
    assert done[1:] == OTHERS


def test_when_it_is_not_wanted_it_says_that_the_compose_file_is_not_run(checkout: Path) -> None:
    put(checkout.parent / "shared" / "containers" / "engine", ENGINE)
    code, out, done = run(checkout, compose="0")
    assert code == 0
    assert "The compose file is not run" in out
    assert done[1:] == OTHERS


def test_with_an_engine_the_compose_run_alone_is_on_it_and_the_engine_is_stopped(checkout: Path) -> None:
    put(checkout.parent / "shared" / "containers" / "engine", ENGINE)
    code, _, done = run(checkout)
    assert code == 0
    assert done[-1] == "engine down"
    assert done[-2] == "make test-compose on unix://ours"
    assert done.index("engine up") < done.index("make test on no engine")
    assert set(OTHERS) < set(done)
    assert list(checkout.glob("tmp.*")) == []


@pytest.mark.parametrize("fails", ["lint", "test", "test-compose"])
def test_what_fails_fails_the_whole_and_the_engine_is_stopped_all_the_same(checkout: Path, fails: str) -> None:
    put(checkout.parent / "shared" / "containers" / "engine", ENGINE)
    code, _, done = run(checkout, fails=fails)
    assert code != 0
    assert done[-1] == "engine down"
