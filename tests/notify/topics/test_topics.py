"""The catalogue of topics."""

from shared.contracts import public_messages
from tests.support.notify import Notify, an_operator


async def test_every_public_message_is_in_the_catalogue_with_its_schema(notify: Notify) -> None:
    answer = await notify.by(an_operator()).get("/topics")

    assert answer.status == 200
    shown = {topic["topic"]: topic for topic in answer.body}
    subscribable = {topic for topic, about in shown.items() if about["subscribable"]}
    assert subscribable == {cls.topic for cls in public_messages()}
    published = shown["events.event_published"]
    assert published["type"] == "events.event_published.v1"
    assert {"event_id", "hub_id", "starts_at"} <= set(published["schema"]["properties"])
    assert "membership.sign_in_requested" not in shown


async def test_what_a_ping_sends_is_there_too_and_is_not_to_be_subscribed_to(notify: Notify) -> None:
    answer = await notify.by(an_operator()).get("/topics")
    (pinged,) = [topic for topic in answer.body if not topic["subscribable"]]
    assert (pinged["topic"], pinged["type"]) == ("notify.webhook_pinged", "notify.webhook_pinged.v1")
    assert set(pinged["schema"]["properties"]) == {"endpoint_id"}
