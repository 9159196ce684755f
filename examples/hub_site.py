"""Prints a hub's page as HTML: its groups, coming events and entries of the log. Needs only Python.

    MYCELIUM_KEY=myc_live_… python3 examples/hub_site.py north-east > north-east.html

The key stays on the site's own server: never put it into a page.
"""

import argparse
import html
import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

HUB = """
query Hub($slug: String!) {
  hub(slug: $slug) { name summary groups(first: 50) { edges { node { name domain } } } }
}
"""
# The key may read everything that the hub's members may read; a public page must ask for what is public.
EVENTS = """
query ComingUp($slug: String!, $now: DateTime!) {
  hub(slug: $slug) {
    list: events(filter: {from: $now, statuses: [PUBLISHED], visibilities: [PUBLIC]}, first: 10) {
      edges { node { title startsAt place { name } } }
    }
  }
}
"""
ENTRIES = """
query Learnt($slug: String!) {
  hub(slug: $slug) {
    list: entries(filter: {audiences: [PUBLIC]}, first: 10) {
      edges { node { title author { name } organisation { name } } }
    }
  }
}
"""
Ask = Callable[[str, dict[str, Any]], dict[str, Any]]


class Unanswered(Exception):
    """The API did not answer the query."""


def ask(url: str, key: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Send a query; return its data. A part that failed is null, with a line on stderr. Raises Unanswered."""
    request = urllib.request.Request(  # noqa: S310 the address is the operator's own
        url,
        json.dumps({"query": query, "variables": variables}).encode(),
        {"content-type": "application/json", "authorization": f"Bearer {key}"},
    )
    try:
        with urllib.request.urlopen(request, timeout=15) as response:  # noqa: S310
            answer = json.load(response)
    except urllib.error.HTTPError as error:
        answer = json.load(error)
    except (urllib.error.URLError, TimeoutError) as error:
        raise Unanswered(f"{url} does not answer: {error}") from None
    for problem in answer.get("errors", ()):
        print(f"{problem['message']} ({problem['extensions'].get('requestId')})", file=sys.stderr)
    if not answer.get("data"):
        raise Unanswered("the query was refused")
    data: dict[str, Any] = answer["data"]
    return data


def nodes(query: Ask, text: str, variables: dict[str, Any]) -> list[dict[str, Any]]:
    """The nodes of a hub's `list`; none if that part failed."""
    found = (query(text, variables)["hub"] or {}).get("list") or {"edges": []}
    return [edge["node"] for edge in found["edges"]]


def page(query: Ask, slug: str) -> str:
    """The page as HTML. All text that people wrote is escaped. Raises Unanswered."""
    hub = query(HUB, {"slug": slug})["hub"]
    if hub is None:
        raise Unanswered(f"there is no hub {slug} that this key may see")
    parts = [f"<h1>{html.escape(hub['name'])}</h1>", f"<p>{html.escape(hub['summary'])}</p>", "<h2>Groups</h2>"]
    for group in (edge["node"] for edge in hub["groups"]["edges"]):
        parts.append(f"<p>{html.escape(group['name'])}: {html.escape(group['domain'])}</p>")
    now = datetime.now(UTC).isoformat(timespec="seconds")
    parts.append("<h2>Coming up</h2>")
    for event in nodes(query, EVENTS, {"slug": slug, "now": now}):
        place = f", {html.escape(event['place']['name'])}" if event["place"] else ""
        parts.append(f"<p>{event['startsAt'][:10]} {html.escape(event['title'])}{place}</p>")
    parts.append("<h2>Learnt</h2>")
    for entry in nodes(query, ENTRIES, {"slug": slug}):
        named = entry["author"] or entry["organisation"] or {"name": "somebody"}
        parts.append(f"<p>{html.escape(entry['title'])}, by {html.escape(named['name'])}</p>")
    return "\n".join(["<!doctype html>", '<meta charset="utf-8">', *parts, ""])


def main() -> int:
    """Print a hub's page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slug", help="the hub's short name, such as north-east")
    arguments = parser.parse_args()
    url = os.environ.get("MYCELIUM_GRAPHQL", "http://127.0.0.1:8080/graphql")
    key = os.environ.get("MYCELIUM_KEY", "")
    if not key:
        print("Set MYCELIUM_KEY to the hub's key: myc_live_…", file=sys.stderr)
        return 2
    try:
        print(page(lambda query, variables: ask(url, key, query, variables), arguments.slug), end="")
    except Unanswered as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
