"""Anonymous is anonymous to all: searched for in every document, every message's bytes and every line logged."""

import json
import os

import pytest
from fastapi.telemetry import TelemetryConfig
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

from services.learning.app import create_app
from shared.ids import new_id
from shared.settings import Settings
from tests.support.learning import Learning, a_person, a_steward, an_entry, as_json, logged_lines
from tests.support.serving import a_client

HUB, GROUP, TRUST = new_id("hub"), new_id("grp"), new_id("org")


def traces(identifier: str) -> list[bytes]:
    """The ways an id could be written down: whole, without its prefix, turned round, in capitals."""
    body = identifier.partition("_")[2]
    return [body.encode(), body[::-1].encode(), body.upper().encode()]


async def assert_no_trace(learning: Learning, identifier: str, lines: list[str]) -> None:
    """Nothing kept, told or logged names this person."""
    kept = await learning.dump()
    assert b"author_mark" in kept, "the dump holds no entry at all"
    assert any('"event": "request"' in line for line in lines), "the log holds no request at all"
    for trace in traces(identifier):
        assert trace not in kept
        assert all(trace.decode() not in line for line in lines)


@pytest.mark.parametrize("audience", ["me", "buddy", "group", "hub", "community", "public"])
async def test_an_anonymous_author_leaves_no_trace(learning: Learning, audience: str) -> None:
    author = a_person(groups={GROUP: HUB}, organisations=(TRUST,))
    client = learning.by(author)
    with logged_lines() as lines:
        fields = {"audience": audience, "attribution": "anonymous", "group_id": GROUP}
        entry = await learning.share(author, **fields)
        sent = {"kind": "story", "title": "Once more", "body": "With a key.", **fields}
        repeated = [await client.post("/entries", sent, headers={"idempotency-key": "again"}) for _ in range(2)]
        assert repeated[0].body == repeated[1].body
        revised = await client.patch(f"/entries/{entry['id']}", {"title": "Said otherwise"})
        assert revised.body["revision"] == 2
        assert (await client.get("/entries")).status == 200
        assert (await client.post(f"/entries/{entry['id']}/withdraw")).status == 200
        await learning.by(a_person(groups={GROUP: HUB})).patch(f"/entries/{entry['id']}", {"title": "Not mine"})
    await assert_no_trace(learning, author.id, lines)


@pytest.mark.parametrize("attribution", ["named", "organisation", "anonymous"])
async def test_what_is_told_and_logged_leads_back_to_no_request(learning: Learning, attribution: str) -> None:
    author = a_person(hubs=(HUB,), organisations=(TRUST,))
    trace = os.urandom(16).hex()
    given = {"x-request-id": new_id("req"), "traceparent": f"00-{trace}-{'cd' * 8}-01"}
    fields = {"audience": "hub", "hub_id": HUB, "attribution": attribution}
    named_by = {"organisation_id": TRUST} if attribution == "organisation" else {}
    client = learning.by(author)
    with logged_lines() as lines:
        shared = await client.post("/entries", an_entry(**fields, **named_by), headers=given)
        path = f"/entries/{shared.body['id']}"
        await client.patch(path, {"title": "Said otherwise"}, headers=given)
        await client.patch(path, {"title": ""}, headers=given)
        await client.post("/entries/by-ids", {"ids": [shared.body["id"]]}, headers=given)
        await client.get(path, headers=given)
        await client.get(f"{path}/revisions", headers=given)
        withdrawn = await client.post(f"{path}/withdraw", headers=given)
        assert withdrawn.status == 200
    told = await learning.told(shared.body["id"])
    assert len(told) == 3
    assert {(one.actor, one.correlation, one.causation, one.traceparent) for one in told} == {(None,) * 4}
    requests = [json.loads(line) for line in lines if '"event": "request"' in line]
    assert len(requests) == 7
    assert len({one["request_id"] for one in requests}) == len({one["trace_id"] for one in requests}) == 7
    everything = b"".join([await learning.dump(), *(line.encode() for line in lines)])
    assert not [one for one in (given["x-request-id"], trace) if one.encode() in everything]
    with logged_lines() as lines:
        await client.get("/entries", headers=given)
    assert any(given["x-request-id"] in line and trace in line for line in lines), "others are logged as they were sent"


async def test_no_span_is_made_of_what_concerns_an_entry(learning: Learning, settings: Settings) -> None:
    spans = InMemorySpanExporter()
    provider = TracerProvider()
    provider.add_span_processor(SimpleSpanProcessor(spans))
    traced: TelemetryConfig = {"tracer_provider": provider, "tracing": True, "metrics": False}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("shared.app.configure_tracing", lambda service, endpoint: traced)
        app = create_app(settings)
    trace, author = os.urandom(16).hex(), a_person()
    given = {"traceparent": f"00-{trace}-{'cd' * 8}-01"}
    async with a_client(app, "learning", settings) as client:
        client = client.acting_as(author)
        entry = (await client.post("/entries", an_entry(), headers=given)).body
        await client.patch(f"/entries/{entry['id']}", {"attribution": "anonymous"}, headers=given)
        await client.get(f"/entries/{entry['id']}", headers=given)
        assert (await client.get("/invitations", headers=given)).status == 200
    in_trace = [span for span in spans.get_finished_spans() if span.context.trace_id == int(trace, 16)]
    assert {(span.attributes or {}).get("url.path") for span in in_trace if span.parent and span.parent.is_remote} == {
        "/invitations"
    }
    assert not any(entry["id"] in span.to_json() for span in spans.get_finished_spans())


async def test_nobody_is_shown_the_author_not_even_a_steward(learning: Learning) -> None:
    author = a_person(groups={GROUP: HUB})
    entry = await learning.share(author, audience="hub", attribution="anonymous", hub_id=HUB)
    for reader in (a_steward(HUB), a_person(hubs=(HUB,))):
        answer = await learning.by(reader).get(f"/entries/{entry['id']}")
        assert answer.body["author_id"] is None
        assert author.id not in as_json(answer.body)
        assert (answer.body["is_mine"], answer.body["viewer_can_update"]) == (False, False)


async def test_two_anonymous_entries_share_nothing_that_links_them(learning: Learning) -> None:
    authors = [a_person(hubs=(HUB,)), a_person(hubs=(HUB,))]
    by_author = [
        [await learning.share(author, audience=audience, attribution="anonymous", hub_id=HUB) for _ in range(2)]
        for author in authors
        for audience in ("hub", "public")
    ]
    rows = {row["_id"]: row async for row in learning.service.database["entries"].find({})}
    for first, second in by_author:
        one, other = rows[first["id"]], rows[second["id"]]
        stranger = rows[by_author[(by_author.index([first, second]) + 2) % 4][0]["id"]]
        alike = {name for name in one if one[name] == other[name]}
        alike_to_a_stranger = {name for name in one if one[name] == stranger[name]}
        assert "author_mark" not in alike
        assert alike == alike_to_a_stranger


async def test_becoming_anonymous_drops_the_author(learning: Learning) -> None:
    author = a_person(hubs=(HUB,), organisations=(TRUST,))
    entry = await learning.share(
        author, audience="me", hub_id=HUB, attribution="organisation", organisation_id=TRUST, title="First said"
    )
    assert author.id.encode() in await learning.dump()
    with logged_lines() as lines:
        answer = await learning.by(author).patch(
            f"/entries/{entry['id']}", {"audience": "hub", "attribution": "anonymous", "title": "Said to all"}
        )
    assert answer.status == 200
    assert (answer.body["author_id"], answer.body["organisation_id"], answer.body["is_mine"]) == (None, None, True)
    await assert_no_trace(learning, author.id, lines)
    assert await learning.service.database["entries"].count_documents({"_id": entry["id"], "organisation_id": None})


@pytest.mark.parametrize("audience", ["group", "hub", "community", "public"])
@pytest.mark.parametrize("then", ["kept", "withdrawn"])
async def test_who_was_named_and_turns_anonymous_is_found_nowhere(learning: Learning, audience: str, then: str) -> None:
    author = a_person(groups={GROUP: HUB})
    client, fields = learning.by(author), {"audience": audience, "group_id": GROUP, "attribution": "named"}
    with logged_lines() as lines:
        shared = await client.post("/entries", an_entry(**fields), headers={"idempotency-key": new_id("req")})
        path = f"/entries/{shared.body['id']}"
        assert shared.body["author_id"] == author.id
        assert (await client.patch(path, {"title": "Said otherwise"})).body["author_id"] == author.id
        hidden = await client.patch(path, {"attribution": "anonymous"}, headers={"idempotency-key": new_id("req")})
        assert (hidden.body["author_id"], hidden.body["is_mine"]) == (None, True)
        if then == "withdrawn":
            assert (await client.post(f"{path}/withdraw")).status == 200
    topics = [message.topic for message in await learning.told(shared.body["id"])]
    assert topics[:3] == ["learning.entry_shared", "learning.entry_revised", "learning.entry_revised"]
    await assert_no_trace(learning, author.id, lines)


async def test_an_organisation_entry_tells_nobody_who_wrote_it(learning: Learning) -> None:
    author = a_person(hubs=(HUB,), organisations=(TRUST,))
    entry = await learning.share(author, audience="hub", hub_id=HUB, attribution="organisation", organisation_id=TRUST)
    with logged_lines() as lines:
        answer = await learning.by(author).patch(f"/entries/{entry['id']}", {"title": "Said otherwise"})
    assert (answer.body["author_id"], answer.body["organisation_id"]) == (None, TRUST)
    outbox = [bytes(row["body"]) async for row in learning.service.database["outbox"].find({})]
    revisions = [row async for row in learning.service.database["revisions"].find({"entry_id": entry["id"]})]
    assert len(revisions) == 2
    assert author.id not in "".join([*map(str, outbox), *map(str, revisions), *lines])


async def test_an_anonymous_author_who_left_the_group_still_takes_the_entry_back(learning: Learning) -> None:
    author = a_person(groups={GROUP: HUB})
    entry = await learning.share(author, audience="group", attribution="anonymous", group_id=GROUP)
    gone = author.model_copy(update={"groups": {}, "hubs": frozenset()})
    seen = await learning.by(gone).get(f"/entries/{entry['id']}")
    assert seen.body["is_mine"]
    narrowed = await learning.by(gone).patch(f"/entries/{entry['id']}", {"audience": "me"})
    assert narrowed.status == 200
    answer = await learning.by(gone).post(f"/entries/{entry['id']}/withdraw")
    assert answer.body["withdrawn_at"] is not None
