"""What the README shows works: its commands, its first query, its first webhook."""

import re
import subprocess

import pytest

from tests.docs.pages import ROOT, Block, blocks
from tests.docs.running import Demo, run_session, see_output, see_query

README = ROOT / "README.md"


@pytest.mark.parametrize("block", blocks(README, "graphql"), ids=lambda block: block.name)
async def test_a_query_of_the_readme_is_answered(demo: Demo, block: Block) -> None:
    await see_query(demo, block)


async def test_the_commands_of_the_readme_do_what_it_says(demo: Demo) -> None:
    ran = await run_session(demo, README)
    assert len(ran) == 2
    for block, out in ran:
        see_output(block, out)


def test_the_two_commands_do_what_they_did_when_the_readme_was_written() -> None:
    (shown,) = [block for block in blocks(README, "shell") if "make up" in block.text]
    assert re.findall(r"^make (\w+)", shown.text, re.MULTILINE) == ["up", "test"]
    plan = subprocess.run(["make", "--dry-run", "up", "test"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert "-m deploy.local up" in plan.stdout
    assert "pytest" in plan.stdout


def test_every_service_the_readme_names_is_there() -> None:
    named = re.findall(r"`(services/\w+|gateway)`", README.read_text())
    assert len(named) == 5
    assert all((ROOT / name / "app.py").is_file() for name in named)
