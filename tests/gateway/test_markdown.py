"""Long texts are shown as HTML too: safe, bounded, and without keeping anybody else waiting."""

import asyncio
from collections.abc import AsyncIterator
from html.parser import HTMLParser

import pytest

from gateway.markdown import ATTRIBUTES, LONGEST_HTML, SCHEMES, TAGS, plain_html, to_html
from gateway.rendering import Budget, Renderer
from tests.gateway.community import Community

LONG = 50_000
BOMBS = {
    "images": "![[" * (LONG // 3),
    "brackets": "[" * LONG,
    "quotes": ">" * LONG,
    "emphasis": "*a_ " * (LONG // 4),
    "lists": "- " * (LONG // 2),
    "signs": "<" * LONG,
    "ticks": "`" * (LONG // 2) + "a",
    "links": "[a](" * (LONG // 4),
}


class Found(HTMLParser):
    """The tags of some HTML, with their attributes."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))


@pytest.fixture
async def renderer() -> AsyncIterator[Renderer]:
    """One with workers of its own."""
    made = Renderer()
    yield made
    await made.close()


def test_markdown_becomes_html() -> None:
    assert to_html("# What *we* tried\n\n1. one\n2. two") == (
        "<h1>What <em>we</em> tried</h1>\n<ol>\n<li>one</li>\n<li>two</li>\n</ol>\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        '<img src=x onerror="alert(1)">',
        "<iframe src=https://a.org></iframe><style>*{}</style>",
        "<!-- hidden --><a href='javascript:alert(1)'>x</a>",
        "[x](javascript:alert(1))",
        "[x](JaVaScRiPt:alert(1))",
        "[x](&#106;avascript:alert(1))",
        "[x](java\tscript:alert(1))",
        "<javascript:alert(1)>",
        "![x](javascript:alert(1))",
        "![x](data:image/svg+xml;base64,AAAA)",
        "[x](data:text/html,x)",
        "[x](vbscript:x)",
        "[x](//evil.example.org)",
        "[x](/logout)",
        '[x](https://a.org "\\" onclick=\\"alert(1)")',
        '![" onerror="alert(1)](https://a.org/p.png)',
        "[x]: javascript:alert(1)\n\n[x]",
        "```html\n<script>alert(1)</script>\n```",
        "\0<script>",
        *BOMBS.values(),
    ],
    ids=lambda text: text[:30],
)
def test_whatever_the_text_is_only_safe_tags_come_of_it(text: str) -> None:
    for made in (to_html(text[:2_000]), plain_html(text)):
        for tag, attributes in Found(made).tags:
            assert tag in TAGS, made
            assert set(attributes) <= ATTRIBUTES.get(tag, set()) | {"rel"}, made
            href = attributes.get("href")
            assert href is None or href.split(":")[0].lower() in SCHEMES, made


def test_links_and_images_are_links_that_lend_no_weight() -> None:
    rel = 'rel="nofollow noopener"'
    assert to_html("[a](https://a.org)") == f'<p><a href="https://a.org" {rel}>a</a></p>\n'
    assert to_html("![a tree](https://a.org/t.png)") == f'<p><a href="https://a.org/t.png" {rel}>a tree</a></p>\n'


@pytest.mark.parametrize("name", ["signs", "lists", "quotes"])
def test_what_comes_of_a_text_is_bounded(name: str) -> None:
    assert len(to_html(BOMBS[name])) <= LONGEST_HTML


async def test_a_text_that_takes_too_long_is_shown_as_it_was_written() -> None:
    impatient = Renderer(deadline=0.02)
    try:
        await impatient.html("warm", Budget())
        assert await impatient.html(BOMBS["images"], Budget()) == plain_html(BOMBS["images"])
        assert plain_html(BOMBS["images"]) in impatient._kept.values()  # it is not tried again
    finally:
        await impatient.close()


async def test_a_worker_that_dies_is_replaced(renderer: Renderer) -> None:
    await renderer.html("warm", Budget())
    (worker,) = renderer._idle
    worker.kill()
    await worker.wait()
    assert "text" in await renderer.html("one *text*", Budget())
    assert await renderer.html("another *text*", Budget()) == "<p>another <em>text</em></p>\n"


async def test_a_requests_texts_have_a_time_in_all(renderer: Renderer) -> None:
    await renderer.html("warm", Budget())
    budget = Budget(0.001)
    await asyncio.gather(*(renderer.html(f"*{number}* {BOMBS['brackets']}", budget) for number in range(3)))
    assert budget.left <= 0
    assert await renderer.html("*late*", budget) == "<p>*late*</p>"
    assert await renderer.html("*late*", Budget()) == "<p><em>late</em></p>\n"


async def test_the_texts_of_an_entry_and_an_event_are_shown_as_html(community: Community) -> None:
    event = await community.an_event(community.operator, description="Bring *one* story.\n\n<b>Doors</b> at 9.")
    query = "query($id: ID!) { event(id: $id) { description descriptionHtml accessInformation accessInformationHtml } }"
    shown = (await community.data(query, {"id": event}, key=community.operator))["event"]
    assert shown["descriptionHtml"] == ("<p>Bring <em>one</em> story.</p>\n<p>&lt;b&gt;Doors&lt;/b&gt; at 9.</p>\n")
    assert shown["accessInformation"] is shown["accessInformationHtml"] is None
    entry = {
        "kind": "REFLECTION",
        "title": "Trust",
        "body": "It *grows*.",
        "audience": "COMMUNITY",
        "context": {"whatWasTried": "- tea"},
    }
    query = "entry { body bodyHtml context { whatWasTriedHtml whatHappenedHtml } }"
    made = (await community.do("shareEntry", query, entry, community.people["ada"].token))["entry"]
    assert made["bodyHtml"] == "<p>It <em>grows</em>.</p>\n"
    assert made["context"]["whatWasTriedHtml"] == "<ul>\n<li>tea</li>\n</ul>\n"
    assert made["context"]["whatHappenedHtml"] is None


async def test_a_neighbour_is_answered_at_once_while_hostile_texts_are_rendered(community: Community) -> None:
    ada = community.people["ada"].token
    entry = {"kind": "REFLECTION", "title": "Bomb", "audience": "COMMUNITY"}
    shared = await asyncio.gather(
        *(
            community.do("shareEntry", "entry { id }", {**entry, "body": f"{number} " + "![[" * 6_000}, ada)
            for number in range(20)
        )
    )
    ids = [each["entry"]["id"] for each in shared]
    query = "query($ids: [ID!]!) { nodes(ids: $ids) { ... on Entry { bodyHtml } } }"
    whole = asyncio.create_task(community.data(query, {"ids": ids}, key=ada))
    answered = 0
    while not whole.done():
        await community.data("{ viewer { kind } }", key=ada)
        answered += 1
    assert len((await whole)["nodes"]) == 20
    assert answered > 20, "more often than there are texts: none of them holds up the event loop"
