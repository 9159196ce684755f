"""What is said of anonymous entries is no more than ADR 7 says the software does."""

import re

from tests.docs.pages import ROOT

TELLING = [
    *(page for page in ROOT.glob("*.md") if page.name != "CHANGELOG.md"),
    *ROOT.glob("docs/**/*.md"),
    ROOT / "gateway" / "schema.graphql",
    *ROOT.glob("shared/**/*.py"),
    *ROOT.glob("services/**/*.py"),
    *ROOT.glob("gateway/**/*.py"),
    *ROOT.glob("deploy/**/*.py"),
]
TOO_MUCH = re.compile(
    r"anonymous[*`_]*( is anonymous)? to every|operators?,? (is )?included|you and the operator", re.IGNORECASE
)


def plain(text: str) -> str:
    """The text with every run of space and comment marks as one space."""
    return re.sub(r"[\s#>]+", " ", text)


def test_no_page_promises_that_nobody_at_all_can_name_an_anonymous_author() -> None:
    too_much = {str(page.relative_to(ROOT)): TOO_MUCH.findall(plain(page.read_text())) for page in TELLING}
    assert {page: found for page, found in too_much.items() if found} == {}


def test_the_guide_says_who_could_find_out_an_anonymous_author_and_where_to_read_why() -> None:
    guide = (ROOT / "docs" / "hub.md").read_text()
    section = plain(guide.split("## Share what was learnt")[1].split("\n## ")[0])
    assert "both the database and `MYCELIUM_SECRET`" in section
    assert "adr/0007-anonymous-entries.md" in section


def test_the_schema_says_it_too_where_an_author_chooses() -> None:
    schema = (ROOT / "gateway" / "schema.graphql").read_text()
    for place in (r'"""([^"]*)"""\s*enum Attribution', r'"""([^"]*)"""\s*attribution: Attribution\n'):
        descriptions = re.findall(place, schema)
        assert any("deployment's secret" in description for description in descriptions), place
