"""Facts that travel: a mutation at the gateway, its effect in another service, its signed webhook at a developer's."""

from typing import Any

from tests.support.acting import Actor, Community, hears, verified
from tests.support.receiver import Receiver
from tests.support.waiting import eventually


async def test_joining_a_group_reaches_a_webhook_signed(community: Community, receiver: Receiver) -> None:
    _, secret = await community.an_endpoint(receiver, ["membership.group_joined"])
    person = await community.a_person(joins=True)
    heard = await hears(receiver, "membership.group_joined.v1")
    message = verified(heard, secret)
    assert message["data"]["person_id"] == person.id
    assert message["data"]["group_id"] == community.group
    assert (message["specversion"], message["hub"]) == ("1.0", community.hub)
    assert heard.headers["webhook-id"] == message["id"]


async def test_registrations_confirmed_waitlisted_cancelled_promoted_each_become_a_message(
    community: Community, receiver: Receiver
) -> None:
    _, secret = await community.an_endpoint(receiver, ["events.*"])
    event = await community.an_event(capacity=1)
    first, second = await community.a_person(), await community.a_person()
    fields = "registration { id status position }"
    seat = (await first.do("registerForEvent", fields, event=event))["registration"]
    line = (await second.do("registerForEvent", fields, event=event))["registration"]
    assert (seat["status"], line["status"], line["position"]) == ("CONFIRMED", "WAITLISTED", 1)
    await first.do("cancelRegistration", "registration { status }", registration=seat["id"])
    for type_name, subject in [
        ("events.event_published.v1", event),
        ("events.registration_confirmed.v1", seat["id"]),
        ("events.registration_waitlisted.v1", line["id"]),
        ("events.registration_cancelled.v1", seat["id"]),
        ("events.registration_promoted.v1", line["id"]),
    ]:
        message = verified(await hears(receiver, type_name, subject=subject), secret)
        assert message["data"]["event_id"] == event
        assert "Robin" not in str(message), "no names in messages"
    promoted = await second.ask("query($id: ID!) { node(id: $id) { ... on Registration { status } } }", id=line["id"])
    assert promoted["node"]["status"] == "CONFIRMED"


async def test_who_may_no_longer_see_an_event_loses_the_seat(community: Community) -> None:
    event = await community.an_event(group=community.group)
    member, other = await community.a_person(joins=True), await community.a_person()
    for person in (member, other):
        await person.do("registerForEvent", "registration { id }", event=event)

    async def status(person: Actor) -> str:
        query = "{ viewer { registrations(first: 5) { edges { node { status event { id } } } } } }"
        edges = (await person.ask(query))["viewer"]["registrations"]["edges"]
        return str(edges[0]["node"]["status"])

    await community.hub_key.do("updateEvent", "event { visibility }", event=event, visibility="GROUP")

    async def lost() -> bool:
        return await status(other) == "CANCELLED"

    await eventually(lost)
    assert await status(member) == "CONFIRMED"


async def test_an_entry_shared_counts_in_its_group_and_its_withdrawal_is_told(
    community: Community, receiver: Receiver
) -> None:
    _, secret = await community.an_endpoint(receiver, ["learning.*"])
    person = await community.a_person(joins=True)
    group = "query($id: ID!) { node(id: $id) { ... on Group { activityCount } } }"
    before = (await person.ask(group, id=community.group))["node"]["activityCount"]
    shared = await person.do(
        "shareEntry",
        "entry { id isMine }",
        kind="MISTAKE",
        title="A survey nobody could use",
        body="We asked forty questions.",
        audience="HUB",
        group=community.group,
    )
    entry = shared["entry"]["id"]
    verified(await hears(receiver, "learning.entry_shared.v1", subject=entry), secret)

    async def counted() -> bool:
        return bool((await person.ask(group, id=community.group))["node"]["activityCount"] == before + 1)

    await eventually(counted)
    await person.do("withdrawEntry", "entry { id }", entry=entry)
    message = verified(await hears(receiver, "learning.entry_withdrawn.v1", subject=entry), secret)
    assert "forty questions" not in str(message)


async def test_an_anonymous_entry_names_nobody_anywhere(community: Community, receiver: Receiver) -> None:
    await community.an_endpoint(receiver, ["learning.*"])
    person = await community.a_person(joins=True)
    shared = await person.do(
        "shareEntry",
        "entry { id attribution author { id } }",
        kind="MISTAKE",
        title="We did not listen",
        body="And it showed.",
        audience="COMMUNITY",
        attribution="ANONYMOUS",
        group=community.group,
    )
    entry = shared["entry"]["id"]
    heard = await hears(receiver, "learning.entry_shared.v1", subject=entry)
    assert person.id not in heard.body.decode()
    query = "query($id: ID!) { entry(id: $id) { author { id } organisation { id } isMine } }"
    for reader in (community.hub_key, community.operator, await community.a_person(joins=True)):
        seen = (await reader.ask(query, id=entry))["entry"]
        assert seen == {"author": None, "organisation": None, "isMine": False}
    assert (await person.ask(query, id=entry))["entry"]["isMine"] is True


async def test_a_completed_event_opens_an_invitation_to_reflect(community: Community, receiver: Receiver) -> None:
    from datetime import timedelta

    from shared import clock

    soon = clock.now() + timedelta(seconds=1)
    event = await community.an_event(
        startsAt=clock.iso(soon), endsAt=clock.iso(soon + timedelta(seconds=1)), group=community.group
    )
    query = (
        "query($event: ID!) { reflectionInvitations(filter: {event: $event}) { edges { node { id event { id } } } } }"
    )

    async def invited() -> list[dict[str, Any]]:
        found: list[dict[str, Any]] = (await community.hub_key.ask(query, event=event))["reflectionInvitations"][
            "edges"
        ]
        return found

    invitations = await eventually(invited, within=30)
    assert [one["node"]["event"]["id"] for one in invitations] == [event]


async def test_one_log_holds_the_same_message_without_gaps(community: Community, receiver: Receiver) -> None:
    _, secret = await community.an_endpoint(receiver, ["membership.group_joined"])
    person = await community.a_person(joins=True)
    heard = await hears(receiver, "membership.group_joined.v1")
    message = verified(heard, secret)
    assert message["data"]["person_id"] == person.id
    query = """query($after: Int) { messages(first: 100, filter: {afterSequence: $after}) { edges { node {
        id sequence envelope } } } }"""
    nodes: list[dict[str, Any]] = []
    while True:
        last = nodes[-1]["sequence"] if nodes else 0
        page = [edge["node"] for edge in (await community.operator.ask(query, after=last))["messages"]["edges"]]
        if not page:
            break
        nodes += page
    assert [node["sequence"] for node in nodes] == list(range(1, len(nodes) + 1))
    assert [node["envelope"] for node in nodes if node["id"] == message["id"]] == [message]
