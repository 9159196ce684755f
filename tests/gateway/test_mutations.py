"""What can be changed through the graph, and how it says no."""

from datetime import timedelta
from typing import Any

from shared import clock
from shared.clock import iso
from shared.ids import new_id
from tests.gateway.community import Community, an_event_input
from tests.support.receiver import Receiver
from tests.support.waiting import eventually


async def test_an_event_is_made_published_filled_and_called_off(community: Community) -> None:
    sam, ada, bob = (community.people[name] for name in ("sam", "ada", "bob"))
    event = await community.an_event(sam.token, capacity=1)
    shown = "registration { id status position event { confirmedCount waitlistCount } person { name } }"
    first = await community.do("registerForEvent", shown, {"event": event}, ada.token)
    assert first["registration"]["status"] == "CONFIRMED"
    assert first["registration"]["event"] == {"confirmedCount": 1, "waitlistCount": 0}
    assert first["registration"]["person"] == {"name": "Ada"}
    second = await community.do("registerForEvent", shown, {"event": event}, bob.token)
    assert (second["registration"]["status"], second["registration"]["position"]) == ("WAITLISTED", 1)
    gone = {"registration": first["registration"]["id"]}
    await community.do("cancelRegistration", "registration { status }", gone, ada.token)
    query = "query($id: ID!) { node(id: $id) { ... on Registration { status } } }"
    seen = await community.data(query, {"id": second["registration"]["id"]}, key=bob.token)
    assert seen["node"] == {"status": "CONFIRMED"}
    called_off = {"event": event, "reason": "Flood"}
    payload = await community.do("cancelEvent", "event { status cancelledReason }", called_off, sam.token)
    assert payload["event"] == {"status": "CANCELLED", "cancelledReason": "Flood"}


async def test_an_event_for_a_group_is_hosted_by_the_groups_hub(community: Community) -> None:
    sam = community.people["sam"]
    wanted = an_event_input(None, group=community.trust)
    made = await community.do("createEvent", "event { hub { slug } group { slug } }", wanted, sam.token)
    assert made["event"] == {"hub": {"slug": "north"}, "group": {"slug": "trust"}}


async def test_an_event_needs_a_hub_or_a_group_that_is_there(community: Community) -> None:
    for wanted, code, path in (
        ({}, "required", ["input", "hub"]),
        ({"group": new_id("grp")}, "not_found", ["input", "group"]),
        ({"group": "nonsense"}, "not_found", ["input", "group"]),
    ):
        payload = await community.try_to(
            "createEvent", "event { id }", an_event_input(None, **wanted), community.operator
        )
        assert payload["event"] is None
        assert [(each["code"], each["path"]) for each in payload["problems"]] == [(code, path)]


async def test_problems_name_the_field_as_the_graph_calls_it(community: Community) -> None:
    past = clock.now() - timedelta(days=1)
    late = clock.now() + timedelta(days=8)
    for wrong, path in (
        ({"startsAt": iso(past)}, ["input", "startsAt"]),
        ({"endsAt": iso(past)}, ["input", "endsAt"]),
        ({"capacity": -1}, ["input", "capacity"]),
        ({"timeZone": "Mars/Olympus"}, ["input", "timeZone"]),
        ({"title": ""}, ["input", "title"]),
        ({"title": "x" * 5000}, ["input", "title"]),
        ({"onlineUrl": "javascript:alert(1)"}, ["input", "onlineUrl"]),
        ({"organisers": ["nonsense"]}, ["input", "organisers", "0"]),
        ({"place": {"name": "Here", "latitude": 400.0}}, ["input", "place", "latitude"]),
        ({"hub": "grp_" + "0" * 26}, ["input", "hub"]),
    ):
        wanted = an_event_input(community.hubs["north"]) | {"endsAt": iso(late)} | wrong
        payload = await community.try_to("createEvent", "event { id }", wanted, community.operator)
        assert payload["event"] is None, wrong
        assert path in [each["path"] for each in payload["problems"]], payload


async def test_several_faults_come_back_together(community: Community) -> None:
    wanted = an_event_input(community.hubs["north"], capacity=0, timeZone="Nowhere", title=" ")
    payload = await community.try_to("createEvent", "event { id }", wanted, community.operator)
    paths = {each["path"][-1] for each in payload["problems"]}
    assert paths == {"capacity", "timeZone", "title"}


async def test_what_is_left_out_stays_and_what_is_null_goes(community: Community) -> None:
    event = await community.an_event(community.operator, summary="To stay", capacity=20)
    shown = "event { title summary capacity version }"
    kept = await community.do("updateEvent", shown, {"event": event, "title": "Anew"}, community.operator)
    assert (kept["event"]["summary"], kept["event"]["capacity"]) == ("To stay", 20)
    bared = await community.do("updateEvent", shown, {"event": event, "summary": None}, community.operator)
    assert (bared["event"]["title"], bared["event"]["summary"], bared["event"]["capacity"]) == ("Anew", None, 20)
    old = {"event": event, "title": "Too late", "version": kept["event"]["version"]}
    refused = await community.try_to("updateEvent", shown, old, community.operator)
    assert refused["event"] is None
    assert refused["problems"] != []


async def test_things_of_others_are_not_found_by_the_inputs_own_name(community: Community) -> None:
    event = await community.an_event(community.operator)
    for wrong in (event, new_id("evt"), "../events", community.trust):
        payload = await community.try_to("publishEvent", "event { id }", {"event": wrong}, community.keys["south"])
        assert payload["event"] is None
        assert payload["problems"][0]["path"] == ["input", "event"], wrong


async def test_nobody_and_a_key_without_the_scope_are_told_at_the_top(community: Community) -> None:
    _, key = await community.a_key("north", ["EVENTS_READ"])
    mutation = "mutation($event: ID!) { publishEvent(input: {event: $event}) { event { id } problems { code } } }"
    for credential, code in ((None, "NOT_SIGNED_IN"), (key, "NOT_ALLOWED")):
        answer = await community.ask(mutation, {"event": new_id("evt")}, key=credential)
        assert answer["data"] == {"publishEvent": None}
        assert answer["errors"][0]["extensions"]["code"] == code


async def test_a_repeat_with_the_same_key_does_it_once(community: Community) -> None:
    wanted = an_event_input(community.hubs["north"], title="Only one of these")
    header = {"Idempotency-Key": "once-only"}
    made = [
        (await community.do("createEvent", "event { id }", wanted, community.operator, headers=header))["event"]["id"]
        for _ in range(3)
    ]
    assert len(set(made)) == 1
    reused = await community.try_to(
        "createEvent", "event { id }", {**wanted, "title": "Another"}, community.operator, headers=header
    )
    assert [(each["code"], each["path"]) for each in reused["problems"]] == [
        ("idempotency_key_reused", ["Idempotency-Key"])
    ]


async def test_a_key_is_refused_for_another_mutation_of_its_service_and_new_to_another_service(
    community: Community,
) -> None:
    ada, header = community.people["ada"], {"Idempotency-Key": "used-up"}
    event = {"event": await community.an_event(community.operator)}
    await community.do("registerForEvent", "registration { id }", event, ada.token, headers=header)
    refused = await community.try_to("cancelEvent", "event { id }", event, ada.token, headers=header)
    assert [each["code"] for each in refused["problems"]] == ["idempotency_key_reused"]
    entry = {"kind": "STORY", "title": "Another service", "body": "Knows nothing of that key", "audience": "COMMUNITY"}
    await community.do("shareEntry", "entry { id }", entry, ada.token, headers=header)


async def test_what_was_refused_leaves_its_key_free(community: Community) -> None:
    header = {"Idempotency-Key": "refused-at-first"}
    wanted = an_event_input(community.hubs["north"], capacity=-1)
    refused = await community.try_to("createEvent", "event { id }", wanted, community.operator, headers=header)
    assert [each["path"] for each in refused["problems"]] == [["input", "capacity"]]
    await community.do("createEvent", "event { id }", {**wanted, "capacity": 1}, community.operator, headers=header)


async def test_each_mutation_of_a_document_has_a_key_of_its_own(community: Community) -> None:
    wanted = an_event_input(community.hubs["north"])
    twice = """mutation($input: CreateEventInput!) {
        one: createEvent(input: $input) { event { id } problems { code } }
        two: createEvent(input: $input) { event { id } problems { code } }
    }"""
    header = {"Idempotency-Key": "k" * 200}
    first = await community.data(twice, {"input": wanted}, key=community.operator, headers=header)
    again = await community.data(twice, {"input": wanted}, key=community.operator, headers=header)
    assert first == again
    assert first["one"]["event"]["id"] != first["two"]["event"]["id"]


async def test_a_key_that_cannot_be_one_is_refused_before_anything_is_done(community: Community) -> None:
    wanted = an_event_input(community.hubs["north"], title="Never made")
    mutation = "mutation($input: CreateEventInput!) { createEvent(input: $input) { event { id } } }"
    for key in ("x" * 201, "two words", "na\u00efve"):
        answer = await community.ask(
            mutation, {"input": wanted}, key=community.operator, headers={"Idempotency-Key": key}
        )
        assert "data" not in answer
        assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
        assert answer["errors"][0]["extensions"]["problems"][0]["code"] == "bad_idempotency_key"


async def test_mutations_of_a_document_see_what_the_ones_before_them_did(community: Community) -> None:
    zoe = await community.a_person("Zoe", "north")
    both = """mutation($group: ID!, $entry: ShareEntryInput!) {
        joinGroup(input: {group: $group}) { membership { roles group { memberCount } } problems { code } }
        shareEntry(input: $entry) { entry { title isMine author { name } } problems { code path } }
    }"""
    entry = {"kind": "MISTAKE", "title": "A survey", "body": "Nobody could use it", "audience": "GROUP"}
    variables = {"group": community.trust, "entry": {**entry, "group": community.trust}}
    data = await community.data(both, variables, key=zoe.token)
    assert data["joinGroup"]["problems"] == []
    assert data["shareEntry"]["problems"] == []
    assert data["shareEntry"]["entry"] == {"title": "A survey", "isMine": True, "author": {"name": "Zoe"}}
    left = await community.do("leaveGroup", "membership { leftAt }", {"group": community.trust}, zoe.token)
    assert left["membership"]["leftAt"] is not None


async def test_each_mutation_reads_anew_what_it_shows(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    both = """mutation($group: ID!) {
        joinGroup(input: {group: $group}) { membership { group { memberCount } } }
        leaveGroup(input: {group: $group}) { membership { group { memberCount } } }
    }"""
    data = await community.data(both, {"group": community.trust}, key=zoe.token)
    counts = [data[name]["membership"]["group"]["memberCount"] for name in ("joinGroup", "leaveGroup")]
    assert counts[0] == counts[1] + 1


async def test_an_entry_is_shared_revised_and_withdrawn(community: Community) -> None:
    ada = community.people["ada"]
    wanted = {
        "kind": "CASE_STUDY",
        "title": "Ten years without targets",
        "body": "What happened then",
        "context": {"system": "Adult care", "whatWasTried": "An alliance", "place": {"name": "Plymouth"}},
        "audience": "COMMUNITY",
        "attribution": "ANONYMOUS",
        "hub": community.hubs["north"],
    }
    shown = "entry { id kind attribution author { id } context { whatWasTried place { name } } revision }"
    entry = (await community.do("shareEntry", shown, wanted, ada.token))["entry"]
    assert entry["author"] is None
    assert entry["context"] == {"whatWasTried": "An alliance", "place": {"name": "Plymouth"}}
    revised = {"entry": entry["id"], "title": "Ten years on", "context": {"system": "Care"}}
    again = await community.do("reviseEntry", "entry { revision title body }", revised, ada.token)
    assert again["entry"] == {"revision": 2, "title": "Ten years on", "body": "What happened then"}
    refused = await community.try_to("reviseEntry", "entry { id }", revised, community.people["bob"].token)
    assert refused["problems"][0]["path"] == ["input", "entry"]
    query = "query($id: ID!) { entry(id: $id) { revisions { edges { node { number title } } } } }"
    read = await community.data(query, {"id": entry["id"]}, key=ada.token)
    titles = [edge["node"]["title"] for edge in read["entry"]["revisions"]["edges"]]
    assert titles == ["Ten years on", "Ten years without targets"]
    await community.do("withdrawEntry", "entry { withdrawnAt }", {"entry": entry["id"]}, ada.token)
    assert (await community.data(query, {"id": entry["id"]}, key=community.keys["north"]))["entry"] is None


async def test_a_webhook_endpoint_is_made_pinged_paused_and_replayed(community: Community, receiver: Receiver) -> None:
    key = community.keys["north"]
    wanted = {"hub": community.hubs["north"], "url": f"{receiver.url}/hook", "topics": ["events.*"]}
    made = await community.do("createWebhookEndpoint", "endpoint { id topics hub { slug } } secret", wanted, key)
    assert made["secret"].startswith("whsec_")
    assert made["endpoint"]["hub"] == {"slug": "north"}
    endpoint = {"endpoint": made["endpoint"]["id"]}
    ping = await community.do("pingWebhookEndpoint", "delivery { id topic endpoint { id } }", endpoint, key)
    assert ping["delivery"]["endpoint"]["id"] == endpoint["endpoint"]
    query = """query($endpoint: ID!) { webhookDeliveries(filter: {endpoint: $endpoint}) { edges { node {
        id topic status attempts { number status milliseconds } message { id } replayOf { id }
    } } } }"""

    async def delivered() -> list[dict[str, Any]]:
        found = (await community.data(query, endpoint, key=key))["webhookDeliveries"]["edges"]
        assert all(edge["node"]["status"] == "SUCCEEDED" for edge in found)
        return [edge["node"] for edge in found]

    assert [each["topic"] for each in await eventually(delivered)] == ["notify.webhook_pinged"]
    rotated = await community.do("rotateWebhookSecret", "secret", {**endpoint, "overlapSeconds": 60}, key)
    assert rotated["secret"] != made["secret"]
    again = await community.do(
        "replayDelivery", "delivery { replayOf { id } }", {"delivery": ping["delivery"]["id"]}, key
    )
    assert again["delivery"]["replayOf"] == {"id": ping["delivery"]["id"]}
    paused = await community.do("updateWebhookEndpoint", "endpoint { status }", {**endpoint, "status": "PAUSED"}, key)
    assert paused["endpoint"] == {"status": "PAUSED"}
    hidden = await community.data(query, endpoint, key=community.keys["south"])
    assert hidden["webhookDeliveries"]["edges"] == []


async def test_the_log_of_messages_is_read_in_its_sequence(community: Community) -> None:
    event = await community.an_event(community.operator)
    query = """query($hub: ID, $after: Int, $topics: [String!]) {
        messages(filter: {hub: $hub, afterSequence: $after, topics: $topics}, first: 100) {
            edges { node { id sequence topic subject hub { slug } envelope } }
        }
    }"""
    wanted = {"hub": community.hubs["national"], "topics": ["events.event_published"]}

    async def logged() -> dict[str, Any] | None:
        data = await community.data(query, wanted, key=community.operator)
        nodes = [edge["node"] for edge in data["messages"]["edges"]]
        assert [node["sequence"] for node in nodes] == sorted(node["sequence"] for node in nodes)
        return next((node for node in nodes if node["subject"] == event), None)

    message = await eventually(logged)
    assert message["hub"] == {"slug": "north"}
    assert message["envelope"]["id"] == message["id"]
    later = await community.data(query, {"after": message["sequence"]}, key=community.operator)
    assert all(edge["node"]["sequence"] > message["sequence"] for edge in later["messages"]["edges"])


async def test_a_person_or_event_that_is_not_there_is_named_and_nothing_is_kept(community: Community) -> None:
    ghost, nowhere = new_id("per"), new_id("evt")
    key = community.keys["north"]
    event = await community.an_event(key)
    refused = await community.try_to("registerForEvent", "registration { id }", {"event": event, "person": ghost}, key)
    assert [(p["code"], p["path"]) for p in refused["problems"]] == [("not_found", ["input", "person"])]
    refused = await community.try_to("updateEvent", "event { id }", {"event": event, "organisers": [ghost]}, key)
    assert [(p["code"], p["path"]) for p in refused["problems"]] == [("not_found", ["input", "organisers", "0"])]
    entry = {"kind": "STORY", "title": "Where?", "body": "Nowhere.", "audience": "COMMUNITY", "event": nowhere}
    refused = await community.try_to("shareEntry", "entry { id }", entry, community.people["ada"].token)
    assert [(p["code"], p["path"]) for p in refused["problems"]] == [("not_found", ["input", "event"])]


async def test_an_organisation_of_a_name_that_is_there_asks_back(community: Community) -> None:
    wanted = {"name": "Wear Valley Trust", "kind": "CHARITABLE_FUNDER"}
    gives = "organisation { id }"
    first = await community.do("createOrganisation", gives, wanted, community.operator)
    again = await community.try_to(
        "createOrganisation", gives, {**wanted, "name": "WEAR VALLEY trust"}, community.operator
    )
    assert again["organisation"] is None
    (problem,) = again["problems"]
    assert (problem["code"], problem["path"]) == ("organisation_exists", ["input", "name"])
    assert first["organisation"]["id"] in problem["message"]
    assert "`isAnother`" in problem["message"]
    await community.do("createOrganisation", gives, {**wanted, "isAnother": True}, community.operator)
