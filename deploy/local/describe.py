"""The texts that the local stack prints for the person who started it."""

import json
import shlex
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from deploy.local.applications import is_ready
from shared import clock


def queries(now: datetime) -> tuple[str, str, str]:
    """Three short queries, which show data of three of the four services."""
    coming = f'filter: {{from: "{now.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}", statuses: [PUBLISHED]}}'
    return (
        "{ hubs(first: 5) { edges { node { id name slug } } } }",
        f"{{ events({coming}, first: 5) {{ edges {{ node {{ id title startsAt status }} }} }} }}",
        "{ entries(first: 5) { edges { node { id kind title } } } }",
    )


def describe(facts: Mapping[str, Any]) -> str:
    """Addresses, a key, people to sign in as, and three queries to paste, from the facts in stack.json."""
    keys = facts["keys"]
    key = keys.get("hub") or next(iter(keys.values()), None)
    lines = [
        f"  GraphQL      {facts['graphql']}   (GraphiQL, in a browser)",
        *(f"  {name:<12} {url}" for name, url in facts["services"].items()),
        f"  MongoDB      {facts['mongo']}",
        f"  RabbitMQ     {facts['amqp']}",
        f"  caught mail  {facts['mail']}",
    ]
    if key is not None:
        hub = f"   (of the hub {facts['hub']['name']})" if "hub" in facts else ""
        lines += [f"  API key      {key}{hub}"]
        people = facts.get("people", ())
        width = max((len(person["email"]) for person in people), default=0)
        for number, person in enumerate(people):
            lines.append(f"  {'' if number else 'sign in as':<12} {person['email']:<{width}}   {person['what']}")
        lines += ["", "Paste one of these:", ""]
        lines += [curl(facts["graphql"], key, query) + "\n" for query in queries(clock.now())]
    return "\n".join(lines).rstrip()


def curl(url: str, key: str, query: str) -> str:
    """A shell command that sends a query."""
    words = ["curl", "-sS", url, "-H", f"Authorization: Bearer {key}", "-H", "Content-Type: application/json"]
    return shlex.join([*words, "-d", json.dumps({"query": query})])


def describe_health(facts: Mapping[str, Any]) -> tuple[str, bool]:
    """A line for each application (ready or not), and whether all are ready."""
    urls = {**facts["services"], "gateway": facts["gateway"]}
    ready = {name: is_ready(int(url.rpartition(":")[2])) for name, url in urls.items()}
    lines = [f"  {name:<12} {'ready' if fine else 'NOT READY'}" for name, fine in ready.items()]
    return "\n".join(lines), all(ready.values())


def describe_trouble(error: OSError) -> str:
    """A sentence on an operating system error, such as a read-only folder or a full disk."""
    about = f": {error.filename}" if error.filename else ""
    return f"Mycelium cannot go on: {error.strerror or error}{about}."
