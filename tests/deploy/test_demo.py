"""The demo community: the same each time, loaded once, believable where it is looked at closely."""

import asyncio
import json
import stat
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from deploy.demo.__main__ import demo
from deploy.demo.community import compose
from deploy.demo.events import first_tuesdays
from deploy.demo.names import INVENTED
from services.membership.api_keys import store as api_keys
from services.membership.api_keys.commands import revoke_api_key
from shared import clock
from shared.app import build_service
from shared.auth import SCOPES, Principal
from shared.keys import parse_key
from shared.messaging.envelope import unseal
from shared.messaging.reactions import Subscriptions
from shared.mongo import Database, Mongo
from shared.settings import Settings
from tests.support.waiting import eventually

TODAY = date(2026, 11, 21)
COUNTED = {
    "hubs": 13,
    "groups": 40,
    "people": 300,
    "organisations": 60,
    "events": 80,
    "entries": 150,
    "support_requests": 7,
}


def test_the_plan_is_the_same_each_time_and_moves_only_its_dates() -> None:
    assert compose(TODAY) == compose(TODAY)
    later = compose(TODAY + timedelta(days=200))
    assert [person.email for person in later.people] == [person.email for person in compose(TODAY).people]
    assert [entry.fields for entry in later.entries] == [entry.fields for entry in compose(TODAY).entries]
    assert [one.title for one in later.happenings] == [one.title for one in compose(TODAY).happenings]


def test_people_are_invented_and_say_so() -> None:
    people = compose(TODAY).people
    assert len({person.email for person in people}) == 300
    assert all(person.email.endswith("@example.org") for person in people)
    assert all(INVENTED in person.profile["bio"] for person in people)


def test_entries_and_events_are_of_every_kind_and_no_two_alike() -> None:
    whole = compose(TODAY)
    assert len({entry.fields["title"] for entry in whole.entries}) == len(whole.entries) == 150
    assert {e.fields["kind"] for e in whole.entries} == {
        "reflection", "mistake", "question", "vignette", "story", "case_study", "exemplar",
    }  # fmt: skip
    assert {e.fields["audience"] for e in whole.entries} == {"me", "buddy", "group", "hub", "community", "public"}
    assert {e.fields["attribution"] for e in whole.entries} == {"named", "organisation", "anonymous"}
    assert {h.kind for h in whole.happenings} == {
        "regional_conversation", "national_conversation", "workshop", "launch", "training", "online",
    }  # fmt: skip
    assert Counter(h.ending for h in whole.happenings).keys() == {"open", "completed", "cancelled", "draft"}


@pytest.mark.parametrize("days", range(0, 400, 7))
def test_calls_are_on_first_tuesdays_and_no_event_is_today(days: int) -> None:
    today = TODAY + timedelta(days=days)
    tuesdays = first_tuesdays(today, 4, 8)
    assert len(tuesdays) == 12
    assert all(day.weekday() == 1 and day.day <= 7 for day in tuesdays)
    assert sum(day < today for day in tuesdays) == 4
    for happening in compose(today).happenings if days < 21 else ():
        assert (happening.day < today) == (happening.ending == "completed")


@dataclass
class Loaded:
    """A loaded demo: what the command gave, the file with its keys, and the databases."""

    settings: Settings
    answer: dict[str, Any]
    keys: Path
    databases: dict[str, Database]
    ended_at: datetime

    async def counts(self) -> dict[str, int]:
        """How many documents there are in every collection of every service."""
        return {
            f"{service}.{name}": await database[name].count_documents({})
            for service, database in self.databases.items()
            for name in await database.driver.list_collection_names()
        }

    async def all(self, service: str, collection: str, **where: Any) -> list[dict[str, Any]]:
        """The documents that match."""
        return [row async for row in self.databases[service][collection].find(where)]


@pytest.fixture(scope="module")
async def loaded(settings: Settings, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Loaded]:
    """The demo, loaded by a run that was broken off in the middle and by another that went on."""
    keys = tmp_path_factory.mktemp("demo") / "folder" / "keys.json"
    mongo = Mongo(settings.mongo_url)
    databases = {name: mongo.database(settings.database_name(name)) for name in ("membership", "events", "learning")}

    async def half_loaded() -> None:
        assert await databases["events"]["events"].count_documents({}) > 10

    broken_off = asyncio.create_task(demo(settings, keys))
    await eventually(half_loaded, within=120)
    broken_off.cancel()
    with suppress(asyncio.CancelledError):
        await broken_off
    assert not keys.exists()
    answer = await demo(settings, keys)
    yield Loaded(settings, answer, keys, databases, clock.now())
    await mongo.close()


async def test_a_load_that_broke_off_is_finished_and_nothing_is_there_twice(loaded: Loaded) -> None:
    counts = await loaded.counts()
    made = {plain: max(n for name, n in counts.items() if name.partition(".")[2] == plain) for plain in COUNTED}
    assert made == COUNTED
    events = await loaded.all("events", "events")
    assert len({event["title"] for event in events}) == 80
    people = await loaded.all("membership", "people")
    assert len({person["address"] for person in people}) == 300


async def test_a_second_run_does_nothing_and_prints_the_same_keys(loaded: Loaded) -> None:
    before = await loaded.counts()
    assert await demo(loaded.settings, loaded.keys) == loaded.answer
    assert await loaded.counts() == before
    assert stat.S_IMODE(loaded.keys.stat().st_mode) == 0o600


async def test_full_events_are_really_full_and_counts_are_true(loaded: Loaded) -> None:
    events = {event["title"]: event for event in await loaded.all("events", "events")}
    newcastle, launch = events["North East conversation, Newcastle"], events["Launch: A Guide to Contracts that Learn"]
    assert (newcastle["capacity"], newcastle["confirmed_count"], newcastle["waitlist_count"]) == (24, 24, 7)
    assert (launch["capacity"], launch["confirmed_count"], launch["waitlist_count"]) == (120, 120, 11)
    for event in events.values():
        found = Counter(row["status"] for row in await loaded.all("events", "registrations", event_id=event["_id"]))
        assert (event["confirmed_count"], event["waitlist_count"]) == (found["confirmed"], found["waitlisted"])
        assert event["capacity"] is None or event["confirmed_count"] <= event["capacity"]
    assert len(await loaded.all("events", "promotions")) >= 5


async def test_what_is_past_is_completed_and_what_comes_is_open(loaded: Loaded) -> None:
    now = clock.now()
    for event in await loaded.all("events", "events"):
        expected = {"completed"} if event["ends_at"] < now else {"published", "cancelled", "draft"}
        assert event["status"] in expected
        assert event["created_at"] < now


async def test_some_groups_have_asked_for_support_and_some_have_an_answer(loaded: Loaded) -> None:
    requests = await loaded.all("events", "support_requests")
    assert Counter(one["status"] for one in requests) == {"open": 3, "accepted": 3, "declined": 1}
    assert {one["kind"] for one in requests} == {"seedcorn_money", "speaker", "facilitator", "venue", "advice"}
    assert all((one["answer"] is None) == (one["status"] == "open") for one in requests)
    groups = {group["_id"]: group["hub_id"] for group in await loaded.all("membership", "groups")}
    assert all(groups[one["group_id"]] == one["hub_id"] for one in requests)


async def test_each_group_has_its_people_and_its_convener(loaded: Loaded) -> None:
    memberships = await loaded.all("membership", "memberships")
    for group in await loaded.all("membership", "groups"):
        members = [m for m in memberships if m["group_id"] == group["_id"]]
        assert group["member_count"] == len(members) >= 8
        assert sum("convener" in m["roles"] for m in members) == 1
    stewards = [m for m in memberships if m["group_id"] is None and "steward" in m["roles"]]
    assert Counter(Counter(m["hub_id"] for m in stewards).values()) == {2: 13}
    assert all(m["accepted_at"] is not None for m in memberships)


async def test_anonymous_entries_of_the_demo_are_anonymous(loaded: Loaded) -> None:
    anonymous = await loaded.all("learning", "entries", attribution="anonymous")
    assert len(anonymous) > 15
    assert all(entry["author_id"] is None and entry["organisation_id"] is None for entry in anonymous)
    ids = {entry["_id"] for entry in anonymous}
    told = [unseal(bytes(row["body"])) for row in await loaded.all("learning", "outbox")]
    assert all(message.actor is None and "author_id" not in message.data for message in told if message.subject in ids)
    assert "sketch" not in str(await loaded.all("learning", "demo"))


async def test_messages_wait_in_the_outboxes_for_the_services_to_publish(loaded: Loaded) -> None:
    told: Counter[str] = Counter()
    for service in loaded.databases:
        told.update([row["type"] for row in await loaded.all(service, "outbox", pending=True)])
    assert told["membership.hub_created.v1"] == 13
    assert told["membership.person_added.v1"] == 300
    assert told["events.event_published.v1"] == 78
    assert told["learning.entry_shared.v1"] == 150
    assert told["events.registration_waitlisted.v1"] >= 18


async def test_no_message_waits_for_a_lease_of_the_load_that_ended(loaded: Loaded) -> None:
    for service in loaded.databases:
        assert await loaded.all(service, "outbox", pending=True)
        assert not await loaded.all(service, "outbox", **{"lease.until": {"$gte": loaded.ended_at}})


async def test_each_key_opens_what_it_is_for(loaded: Loaded) -> None:
    opened = {}
    for name, text in loaded.answer["keys"].items():
        parsed = parse_key(text)
        assert parsed is not None
        key = await api_keys.get(loaded.databases["membership"], parsed.key_id)
        assert key.opened_by(text, clock.now()) is not None
        opened[name] = (key.hub_id, set(key.scopes))
    north_east = loaded.answer["hub"]["id"]
    assert opened["operator"] == (None, set(SCOPES))
    assert opened["hub"][0] == opened["partner"][0] == north_east
    writes = {"events:read", "events:write", "learning:read", "learning:write"}
    assert opened["hub"][1] == {"directory:read", "webhooks:manage", "hub:admin"} | writes
    assert opened["partner"][1] == {"directory:read", "members:sync"}


async def test_people_one_can_sign_in_as_are_there(loaded: Loaded) -> None:
    addresses = {person["email"] for person in loaded.answer["people"]}
    assert len(addresses) >= 4
    assert len(await loaded.all("membership", "people", address={"$in": sorted(addresses)})) == len(addresses)


async def test_a_lost_file_gets_new_secrets_and_a_revoked_key_another_key(loaded: Loaded, tmp_path: Path) -> None:
    elsewhere = tmp_path / "keys.json"
    again = (await demo(loaded.settings, elsewhere))["keys"]
    assert set(again.values()).isdisjoint(loaded.answer["keys"].values())
    partner = parse_key(again["partner"])
    assert partner is not None
    service = build_service("membership", loaded.settings, Subscriptions())
    operator = Principal(kind="client", id="x", scopes=frozenset({"community:admin"}), everywhere=True)
    await revoke_api_key(service.database, operator, partner.key_id, now=clock.now())
    await service.mongo.close()
    third = (await demo(loaded.settings, elsewhere))["keys"]
    assert {name for name in third if third[name] != again[name]} == {"partner"}
    assert set(json.loads(elsewhere.read_text()).values()) >= set(third.values())
