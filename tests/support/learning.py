"""Builders for tests of the learning service: callers, requests, and everything the service has stored."""

import json
import logging
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from typing import Any

import bson

from services.learning.app import create_app
from shared.app import Service
from shared.auth import PERSON_SCOPES, Principal
from shared.ids import new_id
from shared.messaging.envelope import Envelope, unseal
from shared.settings import Settings
from tests.support.callers import an_operator as an_operator
from tests.support.serving import Client, a_client

KEY_SCOPES = frozenset({"learning:read", "learning:write", "events:read", "hub:admin"})


@dataclass(frozen=True)
class Learning:
    """A running learning service: a client for its routes, and its parts."""

    client: Client
    service: Service

    def by(self, principal: Principal | None) -> Client:
        """The client, with this principal as the caller."""
        return self.client.acting_as(principal)

    async def share(self, author: Principal, **fields: Any) -> dict[str, Any]:
        """Share an entry, which is expected to succeed; return the author's view."""
        answer = await self.by(author).post("/entries", an_entry(**fields))
        assert answer.status == 201, answer.body
        entry: dict[str, Any] = answer.body
        return entry

    async def told(self, entry_id: str) -> list[Envelope]:
        """The messages recorded about one entry, oldest first."""
        rows = self.service.database["outbox"].find({}).sort("_id", 1)
        envelopes = [unseal(bytes(row["body"])) async for row in rows]
        return [envelope for envelope in envelopes if envelope.subject == entry_id]

    async def dump(self) -> bytes:
        """All documents of all collections as MongoDB stores them, including the bytes of messages in the outbox."""
        names = await self.service.database.driver.list_collection_names()
        parts = [name.encode() + bson.encode(row) for name in sorted(names) async for row in self._all(name)]
        return b"\n".join(parts)

    async def counts(self) -> dict[str, int]:
        """The number of documents in each collection."""
        names = await self.service.database.driver.list_collection_names()
        return {name: await self.service.database[name].count_documents({}) for name in names}

    def _all(self, name: str) -> AsyncIterator[dict[str, Any]]:
        found: AsyncIterator[dict[str, Any]] = self.service.database[name].find({})
        return found


@asynccontextmanager
async def running_learning(settings: Settings) -> AsyncIterator[Learning]:
    """Run the service on real parts while the block runs."""
    app = create_app(settings)
    async with a_client(app, "learning", settings) as client:
        yield Learning(client, app.state.service)


def a_person(
    *,
    hubs: tuple[str, ...] = (),
    groups: Mapping[str, str] | None = None,
    organisations: tuple[str, ...] = (),
    **more: Any,
) -> Principal:
    """A new person in these hubs and groups (and the groups' hubs)."""
    groups = groups or {}
    return Principal(
        kind="person",
        id=new_id("per"),
        scopes=PERSON_SCOPES,
        hubs=frozenset({*hubs, *groups.values()}),
        groups=groups,
        organisations=frozenset(organisations),
        **more,
    )


def a_steward(hub: str) -> Principal:
    """A steward of a hub who is in none of its groups."""
    return a_person(hubs=(hub,), steward_of=frozenset({hub}))


def a_hub_key(hub: str) -> Principal:
    """A hub site's API key."""
    return Principal(
        kind="client", id=new_id("key"), scopes=KEY_SCOPES, hubs=frozenset({hub}), steward_of=frozenset({hub})
    )


def an_entry(**fields: Any) -> dict[str, Any]:
    """The request body for an entry."""
    plain = {
        "kind": "mistake",
        "title": "A survey nobody could use",
        "body": "We asked sixty questions and nobody could do anything with the answers.",
        "audience": "community",
    }
    return {**plain, **fields}


@contextmanager
def logged_lines() -> Iterator[list[str]]:
    """Collect all log lines of the block, at every level, as the service would write them."""
    lines: list[str] = []
    root = logging.getLogger()
    formatter, level = root.handlers[0].formatter, root.level

    class Keep(logging.Handler):
        def emit(self, record: logging.LogRecord) -> None:
            assert formatter is not None
            lines.append(formatter.format(record))

    keep = Keep(logging.DEBUG)
    root.addHandler(keep)
    root.setLevel(logging.DEBUG)
    try:
        yield lines
    finally:
        root.setLevel(level)
        root.removeHandler(keep)


def as_json(value: Any) -> str:
    """A view as JSON text, for searching."""
    return json.dumps(value)
