"""What the person who ran `make up` is shown: lines that work when pasted."""

import json
import shlex
from datetime import UTC, datetime

import pytest
from graphql import build_schema, parse, validate

from deploy.local.applications import GATEWAY, SERVICES
from deploy.local.describe import curl, describe, queries
from deploy.local.folder import ROOT

SCHEMA = ROOT / "gateway" / "schema.graphql"
FACTS = {
    "graphql": "http://127.0.0.1:8080/graphql",
    "gateway": "http://127.0.0.1:8080",
    "services": {service.name: f"http://127.0.0.1:{service.port}" for service in SERVICES},
    "mongo": "mongodb://127.0.0.1:27117/?replicaSet=rs0",
    "amqp": "amqp://guest:guest@127.0.0.1:5772/",
    "mail": "/tmp/mail",
    "hub": {"id": "hub_1", "slug": "north-east", "name": "North East"},
    "people": [
        {"email": "priya@example.org", "name": "Priya", "what": "steward of the North East"},
        {"email": "una@example.org", "name": "Una", "what": "in no group"},
    ],
    "keys": {"operator": "key-o", "hub": "key-h", "partner": "key-p"},
}


QUERIES = queries(datetime(2026, 3, 5, 12, 30, tzinfo=UTC))


@pytest.mark.parametrize("query", QUERIES)
def test_the_queries_fit_the_schema(query: str) -> None:
    assert validate(build_schema(SCHEMA.read_text()), parse(query)) == []


def test_the_events_asked_for_are_those_to_come() -> None:
    assert 'from: "2026-03-05T12:30:00Z", statuses: [PUBLISHED]' in QUERIES[1]


def test_a_pasted_line_survives_the_shell() -> None:
    line = curl("http://127.0.0.1:8080/graphql", "k", '{ hub(slug: "o\'er") { name } }')
    words = shlex.split(line)
    assert words[:3] == ["curl", "-sS", "http://127.0.0.1:8080/graphql"]
    assert "Authorization: Bearer k" in words
    assert json.loads(words[-1]) == {"query": '{ hub(slug: "o\'er") { name } }'}


def test_addresses_and_the_hubs_key_are_shown_and_the_operators_is_not() -> None:
    shown = describe(FACTS)
    for part in (*SERVICES, GATEWAY):
        assert f"127.0.0.1:{part.port}" in shown
    assert shown.count("curl ") == len(QUERIES)
    assert "key-h" in shown
    assert "key-o" not in shown


def test_the_people_to_sign_in_as_are_shown_with_what_they_are() -> None:
    shown = [line.split(maxsplit=3) for line in describe(FACTS).splitlines() if "@example.org" in line]
    assert shown == [
        ["sign", "in", "as", "priya@example.org   steward of the North East"],
        ["una@example.org", "in", "no", "group"],
    ]
    assert "sign in as" not in describe({name: fact for name, fact in FACTS.items() if name != "people"})


def test_without_a_demo_there_is_no_key_to_show() -> None:
    assert "curl" not in describe({**FACTS, "keys": {}})
