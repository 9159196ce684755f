"""The queries that GraphiQL begins with are answered by the demo community."""

import pytest

from tests.docs.pages import ROOT, Block
from tests.docs.running import Demo, see_query

FILES = sorted((ROOT / "deploy" / "graphiql" / "welcome").glob("*.graphql"))
WELCOME = [Block(file, 1, "graphql", file.read_text()) for file in FILES]


@pytest.mark.parametrize("block", WELCOME, ids=lambda block: block.name)
async def test_a_query_that_graphiql_begins_with_is_answered(demo: Demo, block: Block) -> None:
    await see_query(demo, block)


def test_there_are_three_of_them_and_the_first_says_how_to_begin() -> None:
    assert len(WELCOME) == 3
    assert "Welcome to Mycelium" in WELCOME[0].text
    assert "key" in WELCOME[0].text
