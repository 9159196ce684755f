"""Compares the replies that clients received with the databases and with the public API."""

import json
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from shared.mongo import Mongo
from shared.settings import SERVICES, Settings
from tests.support.acting import Actor

Dump = dict[str, dict[str, list[dict[str, Any]]]]
COLLECTIONS = {
    "membership": ("memberships", "groups", "outbox", "inbox"),
    "events": ("events", "registrations", "outbox", "inbox"),
    "learning": ("entries", "outbox", "inbox"),
    "notify": ("messages", "deliveries", "outbox", "inbox"),
}


async def dump(settings: Settings) -> Dump:
    """Read everything that the checker compares, once."""
    mongo = Mongo(settings.mongo_url)
    found: Dump = {}
    for service in SERVICES:
        database = mongo.database(settings.database_name(service))
        found[service] = {name: await database[name].find().to_list(None) for name in COLLECTIONS[service]}
    await mongo.close()
    return found


def read_ledgers(paths: Iterable[Path]) -> list[dict[str, Any]]:
    """One row for each command: its input and its reply (`None`: it was never answered)."""
    rows: dict[str, dict[str, Any]] = {}
    for path in paths:
        for line in path.read_text().splitlines():
            entry = json.loads(line)
            rows.setdefault(entry["key"], {"reply": None}).update(entry)
    return list(rows.values())


class Checker:
    """Finds lost, doubled and unreported effects. `problems` stays empty when there are none."""

    def __init__(self, commands: list[dict[str, Any]], data: Dump) -> None:
        self.commands = commands
        self.data = data
        self.problems: list[str] = []

    def check(self) -> list[str]:
        """Run every check."""
        self._everything_was_answered()
        self._registrations()
        self._seats()
        self._entries()
        self._memberships()
        self._messages()
        self._log()
        return self.problems

    def _expect(self, fine: bool, what: str) -> None:
        if not fine:
            self.problems.append(what)

    def _done(self, *names: str) -> list[dict[str, Any]]:
        return [c for c in self.commands if c["does"] in names and c["reply"] and not c["reply"]["problems"]]

    def _everything_was_answered(self) -> None:
        for command in self.commands:
            reply = command["reply"]
            self._expect(reply is not None, f"never answered: {command}")
            self._expect(not (reply and reply["problems"]), f"refused: {command}")

    def _registrations(self) -> None:
        replied = {c["reply"]["registration"]["id"] for c in self._done("register")}
        rows = {row["_id"]: row for row in self.data["events"]["registrations"]}
        self._expect(
            replied == set(rows), f"registrations in replies and database differ: {len(replied)} and {len(rows)}"
        )
        cancelled = {c["input"]["registration"] for c in self._done("cancel")}
        there = {id_ for id_, row in rows.items() if row["status"] == "cancelled"}
        self._expect(cancelled == there, f"cancellations in replies and database differ: {cancelled ^ there}")
        active = Counter((r["event_id"], r["person_id"]) for r in rows.values() if r["status"] != "cancelled")
        self._expect(all(n == 1 for n in active.values()), "somebody is registered twice for one event")

    def _seats(self) -> None:
        statuses: dict[str, Counter[str]] = defaultdict(Counter)
        for row in self.data["events"]["registrations"]:
            statuses[row["event_id"]][row["status"]] += 1
        for event in self.data["events"]["events"]:
            has = statuses[event["_id"]]
            counts = (event["confirmed_count"], event["waitlist_count"])
            self._expect(counts == (has["confirmed"], has["waitlisted"]), f"counts of {event['_id']} are wrong")
            self._expect(has["confirmed"] <= event["capacity"], f"{event['_id']} is over capacity")
            idle = has["waitlisted"] and has["confirmed"] < event["capacity"]
            self._expect(not idle, f"{event['_id']} has a free seat and people waiting")

    def _entries(self) -> None:
        titles = Counter(row["title"] for row in self.data["learning"]["entries"] if row.get("withdrawn_at") is None)
        withdrawn = {c["input"]["entry"] for c in self._done("withdraw")}
        there = {row["_id"]: row for row in self.data["learning"]["entries"]}
        shared = {c["reply"]["entry"]["id"]: c["input"]["title"] for c in self._done("share")}
        self._expect(set(shared) == set(there), f"entries in replies and database differ: {set(shared) ^ set(there)}")
        for identifier, title in shared.items():
            gone = there.get(identifier, {}).get("withdrawn_at") is not None
            self._expect(gone == (identifier in withdrawn), f"entry {identifier}: withdrawn is {gone}")
            self._expect(titles[title] == (0 if gone else 1), f"{title} stands {titles[title]} times")

    def _memberships(self) -> None:
        replied = {(c["person"], c["input"]["group"]) for c in self._done("join")}
        rows = [r for r in self.data["membership"]["memberships"] if r["group_id"] and r.get("left_at") is None]
        there = Counter((row["person_id"], row["group_id"]) for row in rows)
        self._expect(set(there) == replied and set(there.values()) <= {1}, "memberships in replies and database differ")
        members = Counter(row["group_id"] for row in rows)
        activity = Counter(c["input"]["group"] for c in self._done("share"))
        for group in self.data["membership"]["groups"]:
            self._expect(group["member_count"] == members[group["_id"]], f"member count of {group['_id']} is wrong")
            counted = (group["activity_count"], activity[group["_id"]])
            self._expect(counted[0] == counted[1], f"activity of {group['_id']}: counted {counted[0]} of {counted[1]}")

    def _messages(self) -> None:
        """There is no message without its change, and no change without its message."""
        sent = [row for service in SERVICES for row in self.data[service]["outbox"]]
        self._expect(all(not row["pending"] for row in sent), "some messages were never published")
        kinds: dict[str, set[str]] = defaultdict(set)
        doubled = Counter()  # type: Counter[tuple[str, str]]
        for row in sent:
            subject = json.loads(row["body"])["subject"]
            kinds[row["type"]].add(subject)
            doubled[(row["type"], subject)] += 1
        rows = self.data["events"]["registrations"]
        made = kinds["events.registration_confirmed.v1"] | kinds["events.registration_waitlisted.v1"]
        self._expect(made == {row["_id"] for row in rows}, "registrations and their messages differ")
        cancelled = {row["_id"] for row in rows if row["status"] == "cancelled"}
        self._expect(kinds["events.registration_cancelled.v1"] == cancelled, "cancellations and their messages differ")
        entries = {row["_id"] for row in self.data["learning"]["entries"]}
        self._expect(kinds["learning.entry_shared.v1"] == entries, "entries and their messages differ")
        once = ("events.registration_", "learning.entry_shared", "membership.group_joined")
        twice = [pair for pair, count in doubled.items() if count > 1 and pair[0].startswith(once)]
        self._expect(not twice, f"published twice: {twice[:5]}")

    def _log(self) -> None:
        log = sorted(self.data["notify"]["messages"], key=lambda row: int(row["sequence"]))
        numbers = [row["sequence"] for row in log]
        self._expect(numbers == list(range(1, len(log) + 1)), "the log has gaps")
        sent = [row for service in SERVICES for row in self.data[service]["outbox"]]
        public = {row["_id"] for row in sent if json.loads(row["body"])["reach"] == "hub"}
        logged = Counter(row["_id"] for row in log)
        self._expect(set(logged) == public, f"log and outboxes differ in {len(set(logged) ^ public)} messages")
        stuck = [row for row in self.data["notify"]["deliveries"] if row["status"] == "pending"]
        self._expect(not stuck, f"{len(stuck)} deliveries are still pending")


def check_heard(data: Dump, hub: str, since: int, heard: Mapping[str, bytes]) -> list[str]:
    """Compare the hub's messages that were logged after number `since` with those its receiver got, by id and body.

    Only the log shows what was due: a delivery that was never created is also missing from the deliveries.
    """
    due = {row["_id"]: row for row in data["notify"]["messages"] if row["hub_id"] == hub and row["sequence"] > since}
    problems: list[str] = []
    if unheard := due.keys() - heard.keys():
        kinds = Counter(due[identifier]["type"] for identifier in unheard)
        problems.append(f"{len(unheard)} of {len(due)} logged messages were never heard: {dict(kinds)}")
    if unlogged := heard.keys() - due.keys():
        problems.append(f"{len(unlogged)} messages were heard that are not in the log")
    if changed := [id_ for id_ in due.keys() & heard.keys() if bytes(due[id_]["body"]) != heard[id_]]:
        problems.append(f"{len(changed)} messages were heard otherwise than logged")
    return problems


async def check_public(actors: list[Actor], commands: list[dict[str, Any]]) -> list[str]:
    """Compare the registrations that each person sees through the gateway with the replies they received."""
    problems: list[str] = []
    query = (
        "query($after: String) { viewer { registrations(first: 100, after: $after)"
        " { edges { node { id status event { id } } } pageInfo { hasNextPage endCursor } } } }"
    )
    for actor in actors:
        seen: dict[str, str] = {}
        after: str | None = None
        while True:
            page = (await actor.ask(query, after=after))["viewer"]["registrations"]
            seen |= {edge["node"]["id"]: edge["node"]["status"] for edge in page["edges"]}
            if not page["pageInfo"]["hasNextPage"]:
                break
            after = page["pageInfo"]["endCursor"]
        mine = [c for c in commands if c["person"] == actor.id and c["reply"] and not c["reply"]["problems"]]
        made = {c["reply"]["registration"]["id"] for c in mine if c["does"] == "register"}
        cancelled = {c["input"]["registration"] for c in mine if c["does"] == "cancel"}
        if set(seen) != made:
            problems.append(f"{actor.id} received {len(made)} registrations in replies and sees {len(seen)}")
        if {id_ for id_, status in seen.items() if status == "CANCELLED"} != cancelled:
            problems.append(f"{actor.id} sees other cancellations than those in the replies")
    return problems
