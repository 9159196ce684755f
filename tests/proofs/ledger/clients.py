"""Clients that record each command before they send it, and its reply afterwards."""

import asyncio
import json
import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import aiohttp

MUTATIONS = {
    "join": ("joinGroup", "membership { id group { id } }"),
    "register": ("registerForEvent", "registration { id status }"),
    "cancel": ("cancelRegistration", "registration { id status }"),
    "share": ("shareEntry", "entry { id }"),
    "withdraw": ("withdrawEntry", "entry { id }"),
}
WEIGHTS = {"join": 8, "register": 32, "cancel": 22, "share": 24, "withdraw": 14}
TRIES = 200


@dataclass
class Client:
    """One person's client: it sends one command after the other, and repeats each with its key until it is answered."""

    graphql: str
    person: str
    token: str
    groups: list[str]
    events: list[str]
    chance: random.Random
    ledger: Path
    joined: set[str] = field(default_factory=set)
    registered: dict[str, str] = field(default_factory=dict)
    entries: list[str] = field(default_factory=list)

    async def run(self, commands: int, http: aiohttp.ClientSession, tick: Callable[[], None]) -> None:
        """Send `commands` commands; call `tick` after each."""
        with self.ledger.open("a") as book:
            for _ in range(commands):
                name, values = self._choose()
                key = secrets.token_hex(12)
                if name == "share":
                    values["title"] = f"Entry {key}"
                self._write(book, {"key": key, "person": self.person, "does": name, "input": values})
                payload = await self._send(http, name, values, key)
                self._write(book, {"key": key, "reply": payload})
                self._remember(name, values, payload)
                tick()

    def _choose(self) -> tuple[str, dict[str, Any]]:
        (name,) = self.chance.choices(list(WEIGHTS), list(WEIGHTS.values()))
        if name == "join":
            return name, {"group": self.chance.choice(self.groups)}
        if name == "cancel" and self.registered:
            return name, {"registration": self.registered[self.chance.choice(sorted(self.registered))]}
        if name == "withdraw" and self.entries:
            return name, {"entry": self.chance.choice(self.entries)}
        if name == "share" and self.joined:
            group = self.chance.choice(sorted(self.joined))
            return name, {"kind": "STORY", "body": "It went otherwise.", "audience": "HUB", "group": group}
        if name in {"share", "withdraw"}:
            return "join", {"group": self.chance.choice(self.groups)}
        return "register", {"event": self.chance.choice(self.events)}

    async def _send(self, http: aiohttp.ClientSession, name: str, values: dict[str, Any], key: str) -> dict[str, Any]:
        mutation, fields = MUTATIONS[name]
        kind = mutation[:1].upper() + mutation[1:]
        query = f"mutation($input: {kind}Input!) {{ {mutation}(input: $input) {{ {fields} problems {{ code }} }} }}"
        headers = {"Authorization": f"Bearer {self.token}", "Idempotency-Key": key}
        last: Any = None
        attempt = 0
        while attempt < TRIES:
            attempt += 1
            try:
                body = {"query": query, "variables": {"input": values}}
                async with http.post(self.graphql, json=body, headers=headers) as response:
                    last = await response.json(content_type=None)
                if not last.get("errors"):
                    payload: dict[str, Any] = last["data"][mutation]
                    return payload
            except (aiohttp.ClientError, TimeoutError, ValueError) as error:
                last = repr(error)
            await asyncio.sleep(min(0.05 * attempt, 0.5))
        raise RuntimeError(f"{name} was never answered: {last}")

    def _remember(self, name: str, values: dict[str, Any], payload: dict[str, Any]) -> None:
        if payload["problems"]:
            return
        if name == "join":
            self.joined.add(values["group"])
        elif name == "register":
            self.registered[values["event"]] = payload["registration"]["id"]
        elif name == "cancel":
            self.registered = {e: r for e, r in self.registered.items() if r != values["registration"]}
        elif name == "share":
            self.entries.append(payload["entry"]["id"])
        else:
            self.entries.remove(values["entry"])

    @staticmethod
    def _write(book: Any, line: dict[str, Any]) -> None:
        book.write(json.dumps(line) + "\n")
        book.flush()
