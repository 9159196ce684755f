"""A hub's page, made of one query: its groups, what is coming up, and what was learnt. Needs nothing but Python.

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
from datetime import UTC, datetime
from typing import Any

QUERY = """
query HubPage($slug: String!, $hub: ID!, $now: DateTime!) {
  hub(slug: $slug) {
    name
    summary
    groups(first: 50) { edges { node { slug name domain memberCount } } }
  }
  events(filter: {hub: $hub, from: $now, status: [PUBLISHED]}, first: 10) {
    edges { node { id title startsAt visibility timeZone place { name } capacity confirmedCount host { name } } }
  }
  entries(hub: $hub, first: 100) {
    edges { node { id kind title audience attribution author { name } organisation { name } sharedAt } }
  }
}
"""


class Unanswered(Exception):
    """The API did not answer the query."""


def ask(url: str, key: str, query: str, variables: dict[str, Any]) -> dict[str, Any]:
    """Send a query; gives its data. A part that is away is null there, and is said on stderr. Raises Unanswered."""
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


def nodes(connection: dict[str, Any] | None) -> list[dict[str, Any]]:
    """What is on a page of a list; nothing when that part is away."""
    return [edge["node"] for edge in (connection or {"edges": []})["edges"]]


def page(data: dict[str, Any]) -> str:
    """The page as HTML. Whatever people wrote is escaped."""
    hub = data["hub"]
    parts = [f"<h1>{html.escape(hub['name'])}</h1>", f"<p>{html.escape(hub['summary'])}</p>", "<h2>Groups</h2>"]
    parts += [f"<p>{html.escape(group['name'])}: {html.escape(group['domain'])}</p>" for group in nodes(hub["groups"])]
    parts.append("<h2>Coming up</h2>")
    # The key reads what the hub's members may read; a page that anybody can open shows only what is meant for anybody.
    for event in (each for each in nodes(data["events"]) if each["visibility"] == "PUBLIC"):
        place = f", {html.escape(event['place']['name'])}" if event["place"] else ""
        parts.append(f"<p>{event['startsAt'][:10]} {html.escape(event['title'])}{place}</p>")
    parts.append("<h2>Learnt</h2>")
    for entry in (each for each in nodes(data["entries"]) if each["audience"] == "PUBLIC"):
        named = entry["author"] or entry["organisation"] or {"name": "somebody"}
        parts.append(f"<p>{html.escape(entry['title'])}, by {html.escape(named['name'])}</p>")
    return "\n".join(["<!doctype html>", '<meta charset="utf-8">', *parts, ""])


def main() -> int:
    """Print a hub's page."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("slug", help="the hub's short name, such as north-east")
    asked = parser.parse_args()
    url = os.environ.get("MYCELIUM_GRAPHQL", "http://127.0.0.1:8080/graphql")
    key = os.environ.get("MYCELIUM_KEY", "")
    try:
        hub = ask(url, key, "query($slug: String!) { hub(slug: $slug) { id } }", {"slug": asked.slug})["hub"]
        if hub is None:
            raise Unanswered(f"there is no hub {asked.slug} that this key may see")
        now = datetime.now(UTC).isoformat(timespec="seconds")
        print(page(ask(url, key, QUERY, {"slug": asked.slug, "hub": hub["id"], "now": now})), end="")
    except Unanswered as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
