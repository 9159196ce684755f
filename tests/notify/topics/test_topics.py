"""The catalogue of topics."""

from shared.contracts import public_messages, webhook_messages
from tests.support.notify import Notify, an_operator


async def test_every_public_message_is_in_the_catalogue_with_its_schema(notify: Notify) -> None:
    answer = await notify.by(an_operator()).get("/topics", params={"first": 100})

    assert answer.status == 200
    shown = {topic["topic"]: topic for topic in answer.body["nodes"]}
    subscribable = {topic for topic, about in shown.items() if about["subscribable"]}
    assert subscribable == {cls.topic for cls in public_messages()}
    published = shown["events.event_published"]
    assert published["type"] == "events.event_published.v1"
    assert {"event_id", "hub_id", "starts_at"} <= set(published["json_schema"]["properties"])
    assert "membership.sign_in_requested" not in shown


async def test_what_a_ping_sends_is_there_too_and_is_not_to_be_subscribed_to(notify: Notify) -> None:
    answer = await notify.by(an_operator()).get("/topics", params={"first": 100})
    (pinged,) = [topic for topic in answer.body["nodes"] if not topic["subscribable"]]
    assert (pinged["topic"], pinged["type"]) == ("notify.webhook_pinged", "notify.webhook_pinged.v1")
    assert set(pinged["json_schema"]["properties"]) == {"endpoint_id"}


async def test_the_catalogue_comes_in_pages_from_either_end(notify: Notify) -> None:
    client = notify.by(an_operator())
    every = sorted(cls.type_name() for cls in webhook_messages())

    first = (await client.get("/topics", params={"first": 3, "count": "true"})).body
    rest = (await client.get("/topics", params={"first": 100, "after": first["cursors"][-1]})).body
    last = (await client.get("/topics", params={"last": 2})).body
    before = (await client.get("/topics", params={"last": 100, "before": last["cursors"][0]})).body

    assert [topic["type"] for topic in first["nodes"] + rest["nodes"]] == every
    assert [topic["type"] for topic in before["nodes"] + last["nodes"]] == every
    assert (first["total"], first["has_next"], rest["has_next"]) == (len(every), True, False)
    assert (last["has_previous"], before["has_previous"], before["has_next"]) == (True, False, True)
    for name in ("after", "before"):
        answer = await client.get("/topics", params={name: "nonsense"})
        assert answer.problem() == (422, "bad_cursor", [name])
