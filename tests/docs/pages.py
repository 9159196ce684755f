"""Pages of documentation and what in them can be run.

`sh` blocks are one session, from the top of the page to its end; `graphql` blocks stand alone. A comment right below a
block says what its output must show (`<!-- shows: one | another -->`), or that the problems it leads to are meant
(`<!-- problems: meant -->`). `shell` blocks are for machines of the reader's own, and are not run.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parents[2]
PAGES = [ROOT / "README.md", *sorted(ROOT.glob("docs/*.md"))]
_FENCE = re.compile(
    r"^```(?P<language>\w+)\n(?P<text>.*?)^```\n(?:<!-- (?P<word>shows|problems): (?P<said>.*?) -->)?",
    re.MULTILINE | re.DOTALL,
)


@dataclass(frozen=True)
class Block:
    """A fenced block. `line` is where it starts; `shows` what its output must hold."""

    page: Path
    line: int
    language: str
    text: str
    shows: list[str] = field(default_factory=list)
    may_have_problems: bool = False

    @property
    def name(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.line}"


def blocks(page: Path, language: str) -> list[Block]:
    """The blocks of a page in one language, from top to bottom."""
    text = page.read_text()
    return [
        Block(
            page,
            text[: match.start()].count("\n") + 1,
            match["language"],
            match["text"],
            [part.strip() for part in match["said"].split("|")] if match["word"] == "shows" else [],
            match["word"] == "problems",
        )
        for match in _FENCE.finditer(text)
        if match["language"] == language
    ]
