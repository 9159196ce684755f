"""The pages as routes, with the policy that keeps them to our own origin."""

from html import escape
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import FileResponse, HTMLResponse, Response

from gateway.web.guides import ROOT, rendered, shown
from shared.errors import NotFound

HERE = Path(__file__).parent
HEADERS = {
    "content-security-policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
    "cross-origin-opener-policy": "same-origin",
    "referrer-policy": "no-referrer",
    "x-content-type-options": "nosniff",
    "cache-control": "no-cache",
}
FILES = {
    "icon.svg": "image/svg+xml",
    "page.css": "text/css",
    "graphiql/graphiql.css": "text/css",
    "graphiql/graphiql.js": "text/javascript",
    "graphiql/LICENSES.txt": "text/plain",
}
GUIDES = (
    ("docs/hub.md", "Build a hub's site: queries, signing people in, changing things"),
    ("docs/developer.md", "Hear of what happens: webhooks, and one log to poll"),
    ("docs/partner.md", "Be a partner organisation: keys, and what comes later"),
    ("docs/federation.md", "Compose us into a graph of your own"),
    ("docs/operator.md", "Run it: settings, health, mail, backups"),
)
REFERENCE = (
    ("docs/reference/messages.md", "Messages and their schemas"),
    ("docs/reference/scopes.md", "Scopes of a key"),
    ("docs/reference/problems.md", "Problems and their codes"),
    ("docs/reference/settings.md", "Settings"),
    ("docs/reference/asyncapi.json", "AsyncAPI"),
    ("docs/adr", "Why things are as they are"),
    ("examples", "Examples to copy"),
)
pages = APIRouter(include_in_schema=False)


@pages.get("/")
async def landing(request: Request) -> Response:
    """What this is, and where to go on."""
    tools = [("/schema.graphql", "The schema: every type, field and mutation, described")]
    if request.app.state.gateway.settings.graphiql:
        tools.insert(0, ("/graphql", "GraphiQL: ask in the browser, with three queries to begin with"))
    body = (
        "<h1>Mycelium</h1>"
        "<p>The backend of a community of practice: who is in it, where it meets, what it has learnt, and how word "
        "gets out. Sites ask it at one GraphQL address, <code>POST /graphql</code>.</p>"
        f"<h2>Try it</h2>{_links(tools)}"
        f"<h2>Guides</h2>{_links(_there(GUIDES))}"
        f"<h2>Look up</h2>{_links(_there(REFERENCE))}"
        '<p class="small">Is it well? <a href="/readyz">/readyz</a>. All that is here comes from this server: it works '
        "without the internet.</p>"
    )
    return _page("Mycelium", body)


@pages.get("/schema.graphql")
async def schema() -> Response:
    """The GraphQL schema as text."""
    return FileResponse(ROOT / "gateway" / "schema.graphql", media_type="text/plain", headers=HEADERS)


@pages.get("/web/{name:path}")
async def file(name: str, request: Request) -> Response:
    """A file that a page loads. Raises `NotFound`."""
    if name not in FILES:
        raise NotFound
    response = FileResponse(HERE / name, media_type=FILES[name], headers=HEADERS)
    response.set_stat_headers((HERE / name).stat())
    if request.headers.get("if-none-match") == response.headers["etag"]:
        return Response(status_code=304, headers={**HEADERS, "etag": response.headers["etag"]})
    return response


@pages.get("/read/{name:path}")
async def read(name: str) -> Response:
    """A guide, or another file that one leads to. Raises `NotFound`."""
    found = rendered(name.rstrip("/"))
    if found is None:
        raise NotFound
    title, body = found
    return _page(title, f'<p class="small"><a href="/">Mycelium</a> / {escape(name)}</p>{body}')


def graphiql() -> Response:
    """The GraphiQL page."""
    return HTMLResponse(
        _document(
            "Mycelium GraphiQL",
            '<link rel="stylesheet" href="/web/graphiql/graphiql.css">'
            '<script src="/web/graphiql/graphiql.js" defer></script>',
            '<div id="page"><noscript>GraphiQL needs JavaScript. The schema is at '
            '<a href="/schema.graphql">/schema.graphql</a>.</noscript></div>',
        ),
        headers=HEADERS,
    )


def _there(links: tuple[tuple[str, str], ...]) -> list[tuple[str, str]]:
    """Those of these files and folders that this installation has."""
    return [(f"/read/{name}", about) for name, about in links if any(each.startswith(name) for each in shown())]


def _links(links: list[tuple[str, str]]) -> str:
    return "<ul>" + "".join(f'<li><a href="{path}">{escape(about)}</a></li>' for path, about in links) + "</ul>"


def _page(title: str, body: str) -> Response:
    head = '<link rel="stylesheet" href="/web/page.css">'
    return HTMLResponse(_document(title, head, f"<main>{body}</main>"), headers=HEADERS)


def _document(title: str, head: str, body: str) -> str:
    return (
        '<!doctype html><html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        '<link rel="icon" href="/web/icon.svg" type="image/svg+xml">'
        f"<title>{escape(title)}</title>{head}</head><body>{body}</body></html>"
    )
