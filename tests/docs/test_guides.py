"""What the guides show works when pasted, and leads nowhere that is not there."""

import json
import re
from pathlib import Path

import jsonschema_rs
import pytest
import typer.main
import yaml

from deploy.cli.main import app
from deploy.cli.reference.schemas import data_schema, envelope_schema, messages
from tests.docs.pages import PAGES, ROOT, Block, blocks
from tests.docs.running import Demo, run_session, see_output, see_query

GUIDES = [page for page in PAGES if page.parent.name == "docs"]
SESSIONS = [page for page in GUIDES if blocks(page, "sh")]
QUERIES = [block for page in GUIDES for block in blocks(page, "graphql")]
WRITTEN = [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("examples/*.md")]


@pytest.mark.parametrize("page", SESSIONS, ids=lambda page: page.name)
async def test_the_commands_of_a_guide_do_what_it_says(demo: Demo, page: Path) -> None:
    for block, out in await run_session(demo, page):
        see_output(block, out)


@pytest.mark.parametrize("block", QUERIES, ids=lambda block: block.name)
async def test_a_query_of_a_guide_is_answered(demo: Demo, block: Block) -> None:
    await see_query(demo, block)


def test_no_command_names_a_port_that_may_be_taken() -> None:
    """`make up` takes other ports then, and so may a receiver have to."""
    named = [
        (block.name, found)
        for page in PAGES
        for block in blocks(page, "sh")
        for found in re.findall(r"(?:127\.0\.0\.1|localhost):\d+|--port \d+", block.text)
    ]
    assert named == []


def test_the_operators_guide_leads_to_a_first_hub() -> None:
    session = "".join(block.text for block in blocks(ROOT / "docs" / "operator.md", "sh"))
    steps = ("operator-key", "createHub(", "createPerson(", "addHubMember(", "acceptMembership(", "createApiKey(")
    assert [step for step in steps if step not in session] == []
    assert sorted(steps, key=session.index) == list(steps)


def test_every_guide_begins_with_what_the_reader_wants_and_has_something_to_paste() -> None:
    for page in GUIDES:
        if page.name != "README.md":
            assert blocks(page, "sh"), page.name
            first = page.read_text().split("\n\n")[1]
            assert first.startswith("You "), page.name


def test_the_message_that_is_shown_is_one() -> None:
    (shown,) = blocks(ROOT / "docs" / "developer.md", "json")
    message = json.loads(shown.text)
    jsonschema_rs.validate(envelope_schema(), message)
    cls = messages()[message["type"]]
    jsonschema_rs.validate(data_schema(cls), message["data"])
    assert set(message["data"]) == set(cls.model_fields)


@pytest.mark.parametrize("page", WRITTEN, ids=lambda page: str(page.relative_to(ROOT)))
def test_no_link_leads_nowhere(page: Path) -> None:
    text = re.sub(r"```.*?```", "", page.read_text(), flags=re.DOTALL)
    links = [link for link in re.findall(r"\]\(([^)#\s]+)", text) if not link.startswith(("http:", "https:"))]
    assert [link for link in links if not (page.parent / link).exists()] == []


def test_commands_that_are_named_are_there() -> None:
    text = "\n".join(page.read_text() for page in WRITTEN)
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert (
        set(re.findall(r"`make ([a-z-]+)", text)) | set(re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)) <= targets
    )
    ours = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    names = "dead|doctor|migrate|secrets|topics|operator-key"
    named = set(re.findall(rf"(?:`|bin/|local |tools )(?:mycelium |tools )?({names})\b", text))
    assert named == ours
    parts = set(yaml.safe_load((ROOT / "docker-compose.yml").read_text())["services"])
    assert set(re.findall(r"docker compose (?:exec -T|run --rm) ([a-z]+)", text)) <= parts


def test_a_block_that_shows_something_else_is_noticed() -> None:
    plain = Block(ROOT / "README.md", 1, "sh", "", shows=["one", "two"])
    see_output(plain, "one and two")
    for out in ("one", '{"one": 1, "two": 2, "errors": [{}]}', 'one two {"problems":[{"code": "x"}]}'):
        with pytest.raises(AssertionError):
            see_output(plain, out)
    with pytest.raises(AssertionError):
        see_output(Block(ROOT / "README.md", 1, "sh", "", may_have_problems=True), "none")
