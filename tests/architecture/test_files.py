"""What every file of the project keeps to: its size, its name, its opening words, and what does not belong in it."""

import ast
import io
import re
import statistics
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PRODUCT = ("shared", "services", "gateway", "deploy")
ALL = (*PRODUCT, "tests", "bench", "examples")
VAGUE = {"utils", "util", "helpers", "helper", "common", "core", "misc"}
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b")
WALL_CLOCK = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today"}


def files(*folders: str) -> list[Path]:
    """The Python files with anything in them, below these folders."""
    found = (path for folder in folders for path in ROOT.joinpath(folder).rglob("*.py"))
    return sorted(path for path in found if path.stat().st_size)


def calls(tree: ast.AST) -> Iterator[tuple[str, ast.Call]]:
    """Each call in some code, with the dotted name it is made by."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield ast.unparse(node.func), node


def where(path: Path, node: ast.AST) -> str:
    return f"{path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def test_no_file_is_longer_than_400_lines() -> None:
    lengths = {str(path.relative_to(ROOT)): len(path.read_text().splitlines()) for path in files(*ALL)}
    assert {name: length for name, length in lengths.items() if length > 400} == {}


def test_half_of_the_files_have_120_lines_or_fewer() -> None:
    assert statistics.median(len(path.read_text().splitlines()) for path in files(*PRODUCT)) <= 120


def test_every_file_has_a_name_that_says_what_is_in_it() -> None:
    assert [str(path) for path in files(*ALL) if {path.stem, path.parent.name} & VAGUE] == []


def test_every_file_opens_by_saying_what_it_owns() -> None:
    without = [
        where(path, ast.parse("")) for path in files(*PRODUCT) if not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert without == []


@pytest.mark.parametrize("service", ["membership", "events", "learning", "notify"])
def test_every_service_says_what_it_owns(service: str) -> None:
    assert ast.get_docstring(ast.parse(ROOT.joinpath("services", service, "__init__.py").read_text()))


def test_nothing_is_left_for_later_in_a_comment() -> None:
    left = [
        f"{path.relative_to(ROOT)}:{token.start[0]}"
        for path in files(*ALL)
        for token in tokenize.generate_tokens(io.StringIO(path.read_text()).readline)
        if token.type == tokenize.COMMENT and UNFINISHED.search(token.string)
    ]
    assert left == []


def test_no_test_sleeps_and_hopes() -> None:
    """Waiting is `eventually`'s business. A sleep between two looks (in a `while`) and `sleep(0)` are none."""
    asleep = [
        where(path, call)
        for path in files("tests")
        if "support" not in path.parts
        for tree in [ast.parse(path.read_text())]
        for looped in [{n for loop in ast.walk(tree) if isinstance(loop, ast.While) for n in ast.walk(loop)}]
        for name, call in calls(tree)
        if name in {"asyncio.sleep", "time.sleep", "sleep"} and ast.unparse(call.args[0]) != "0" and call not in looped
    ]
    assert asleep == []


def test_the_wall_clock_is_read_in_one_place() -> None:
    """Rules take `now` as an argument; whoever calls them asks `shared.clock`."""
    reads = [
        where(path, call)
        for path in files("shared", "services", "gateway")
        if path != ROOT / "shared" / "clock.py"
        for name, call in calls(ast.parse(path.read_text()))
        if name in WALL_CLOCK
    ]
    assert reads == []
