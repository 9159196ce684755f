"""The guides and the reference as pages: Markdown of this very version, shown under the path it has in the repository.

So that its links lead on by themselves, a page's address is `/read/` and its path. Only what is listed here is shown.
"""

import re
from functools import cache
from html import escape
from pathlib import Path

from markdown_it import MarkdownIt

ROOT = Path(__file__).parents[2]
_SHOWN = (
    "README.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "LICENSE",
    ".env.example",
    "gateway/schema.graphql",
    "gateway/subgraph.graphql",
)
_FOLDERS = ("docs", "examples")
_FOR_TESTS = re.compile(r"^<!--.*?-->\n", re.MULTILINE | re.DOTALL)


@cache
def shown() -> frozenset[str]:
    """The files that may be read, by their paths in the repository. An installation may have fewer."""
    found = [path for folder in _FOLDERS for path in (ROOT / folder).rglob("*") if path.is_file()]
    names = {*_SHOWN, *(str(path.relative_to(ROOT)) for path in found if "__pycache__" not in path.parts)}
    return frozenset(name for name in names if (ROOT / name).is_file())


def rendered(name: str) -> tuple[str, str] | None:
    """A shown file or folder as a title and the HTML of its body; None when there is none of this name."""
    # Only what is there is kept: names that anybody makes up would fill the memory.
    return _rendered(name) if name in shown() or name in _shown_folders() else None


@cache
def _shown_folders() -> frozenset[str]:
    return frozenset(str(folder) for name in shown() for folder in Path(name).parents)


@cache
def _rendered(name: str) -> tuple[str, str]:
    within = sorted(each for each in shown() if each.startswith(f"{name}/"))
    if within:
        items = "".join(f'<li><a href="/read/{escape(each)}">{escape(each)}</a></li>' for each in within)
        return name, f"<h1>{escape(name)}</h1><ul>{items}</ul>"
    text = (ROOT / name).read_text()
    if not name.endswith(".md"):
        return name, f"<h1>{escape(name)}</h1><pre><code>{escape(text)}</code></pre>"
    # CommonMark with tables and without HTML of its own: what a page holds is escaped.
    body = MarkdownIt("commonmark", {"html": False}).enable("table").render(_FOR_TESTS.sub("", text))
    heading = re.search(r"^# (.+)$", text, re.MULTILINE)
    return (heading[1] if heading else name), body
