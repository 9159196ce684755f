"""The gateway's pages: all from our own origin, under a policy that says so, and no key kept."""

import hashlib
import re
from html.parser import HTMLParser
from urllib.parse import urljoin, urlsplit

from gateway.web import guides
from gateway.web.guides import ROOT, shown
from tests.gateway.community import Community

LOADS = {"script": "src", "link": "href", "img": "src", "iframe": "src", "source": "src", "form": "action"}
STRICT = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "connect-src": "'self'",
    "base-uri": "'none'",
    "form-action": "'none'",
    "frame-ancestors": "'none'",
}


class Found(HTMLParser):
    """What a page loads, where its links lead, and whether it has scripts or styles of its own within."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.links: list[str] = []
        self.within: list[str] = []
        self._is_script = False
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if given.get(LOADS.get(tag, "")):
            self.loads.append(given[LOADS[tag]] or "")
        if tag == "a" and given.get("href"):
            self.links.append(given["href"] or "")
        if tag == "style" or (tag == "script" and "src" not in given) or "style" in given:
            self.within.append(tag)
        self.within.extend(name for name in given if name.startswith("on"))


async def get(community: Community, path: str, accept: str = "text/html") -> tuple[int, dict[str, str], str]:
    """A page of the gateway: its status, headers and text."""
    async with community.stack.http.get(f"{community.stack.gateway}{path}", headers={"accept": accept}) as answer:
        return answer.status, {name.lower(): value for name, value in answer.headers.items()}, await answer.text()


def policy(headers: dict[str, str]) -> dict[str, str]:
    """The Content-Security-Policy, directive by directive."""
    parts = (part.strip().partition(" ") for part in headers["content-security-policy"].split(";"))
    return {name: values for name, _, values in parts}


async def test_one_lands_on_a_page_that_leads_on(community: Community) -> None:
    status, headers, page = await get(community, "/")
    assert (status, headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert '<meta name="viewport" content="width=device-width' in page
    assert 'lang="en"' in page
    for path in ("/graphql", "/schema.graphql", "/read/docs/hub.md", "/read/docs/reference/scopes.md"):
        assert path in Found(page).links


async def test_every_page_loads_from_our_own_origin_alone_and_its_policy_says_so(community: Community) -> None:
    for path in (
        "/",
        "/graphql",
        "/read/docs/hub.md",
        "/read/docs/reference",
        "/schema.graphql",
        "/web/graphiql/graphiql.js",
    ):
        status, headers, page = await get(community, path)
        assert status == 200, path
        assert policy(headers) == STRICT, path
        assert headers["x-content-type-options"] == "nosniff"
        assert headers["referrer-policy"] == "no-referrer"
        if not headers["content-type"].startswith("text/html"):
            continue
        found = Found(page)
        assert found.within == [], path
        for each in found.loads:
            assert each.startswith("/"), (path, each)
            assert not each.startswith("//"), (path, each)
            assert (await get(community, each))[0] == 200, each


async def test_the_style_of_graphiql_loads_nothing_from_elsewhere(community: Community) -> None:
    for name in ("graphiql/graphiql.css", "page.css"):
        _, _, style = await get(community, f"/web/{name}")
        assert "@import" not in style
        assert [each for each in re.findall(r"url\(\s*['\"]?([^)]{0,5})", style) if each != "data:"] == []


async def test_no_key_is_kept_by_the_browser(community: Community) -> None:
    """GraphiQL is given a storage that lives in the page; see `deploy/graphiql/page.jsx`."""
    source = (ROOT / "deploy" / "graphiql" / "page.jsx").read_text()
    assert "storage={storage}" in source
    assert "shouldPersistHeaders={false}" in source
    without_comments = re.sub(r"//.*", "", source)
    assert not re.search(r"(local|session)Storage|document\.cookie|indexedDB", without_comments)


def test_the_bundle_is_made_of_the_committed_sources() -> None:
    sums = (ROOT / "gateway" / "web" / "graphiql" / "SHA256SUMS").read_text().splitlines()
    assert len(sums) > 8
    stale = [
        name
        for digest, name in (line.split("  ") for line in sums)
        if hashlib.sha256((ROOT / name).read_bytes()).hexdigest() != digest
    ]
    assert stale == [], "run deploy/graphiql/build"
    licences = (ROOT / "gateway" / "web" / "graphiql" / "LICENSES.txt").read_text()
    assert all(each in licences for each in ("graphiql 4.", "react 18.", "graphql 16.", "codemirror 5."))


async def test_a_file_that_is_known_is_not_sent_again(community: Community) -> None:
    url = f"{community.stack.gateway}/web/graphiql/graphiql.js"
    async with community.stack.http.get(url) as answer:
        etag, kind = answer.headers["etag"], answer.headers["content-type"]
    assert kind.startswith("text/javascript")
    async with community.stack.http.get(url, headers={"if-none-match": etag}) as again:
        assert again.status == 304


async def test_the_schema_is_the_committed_one(community: Community) -> None:
    _, headers, text = await get(community, "/schema.graphql")
    assert headers["content-type"].startswith("text/plain")
    assert text == (ROOT / "gateway" / "schema.graphql").read_text()


async def test_every_link_within_a_guide_leads_to_a_page(community: Community) -> None:
    seen: set[str] = set()
    for path in ["/", *(f"/read/{name}" for name in shown() if name.startswith("docs/") and "/schemas/" not in name)]:
        _, headers, page = await get(community, path)
        for link in Found(page).links if headers["content-type"].startswith("text/html") else ():
            target = urlsplit(urljoin(path, link))
            if not target.scheme and target.path not in seen:
                seen.add(target.path)
                assert (await get(community, target.path))[0] == 200, (path, link)
    assert len(seen) > 20


async def test_nothing_but_what_is_meant_to_be_read_is_shown(community: Community) -> None:
    for path in (
        "gateway/app.py",
        "docs/../pyproject.toml",
        "docs/%2e%2e/pyproject.toml",
        ".env",
        "%2Fetc/passwd",
        "docs/no",
    ):
        assert (await get(community, f"/read/{path}"))[0] == 404, path
    for path in ("pages.py", "graphiql/../pages.py", "graphiql/%2e%2e/pages.py"):
        assert (await get(community, f"/web/{path}"))[0] == 404, path


async def test_a_guide_is_a_page_with_its_code_and_without_notes_to_its_test(community: Community) -> None:
    _, _, page = await get(community, "/read/docs/hub.md")
    assert "<h1>Build a hub" in page
    assert "<code class=" in page
    assert "shows:" not in page


def test_pages_that_are_not_there_take_no_memory() -> None:
    kept = guides._rendered.cache_info().currsize
    assert [guides.rendered(f"docs/nothing-{number}") for number in range(5)] == [None] * 5
    assert guides._rendered.cache_info().currsize == kept
