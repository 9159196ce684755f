"""A message on its way to a webhook."""

import orjson
from standardwebhooks.webhooks import Webhook

from tests.support.notify import Notify, webhooks
from tests.support.receiver import Receiver
from tests.support.waiting import eventually


async def test_a_public_message_reaches_its_hubs_endpoint_signed(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url)

    message_id = await notify.publish_event(hub)

    [sent] = await eventually(lambda: webhooks(receiver, message_id))
    assert Webhook(made["secret"]).verify(sent.body, dict(sent.headers))["id"] == message_id
    assert sent.headers["content-type"] == "application/cloudevents+json"
    [logged] = await notify.logged(hub)
    assert orjson.loads(sent.body) == logged["envelope"]


async def test_an_attempt_is_recorded_with_status_time_and_reply(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    await notify.an_endpoint(hub, receiver.url)
    receiver.usually = type(receiver.usually)(status=200, body=b"heard")

    message_id = await notify.publish_event(hub)

    async def succeeded() -> None:
        [delivery] = await notify.deliveries(hub)
        assert delivery["status"] == "succeeded"
        assert delivery["message_id"] == message_id
        assert delivery["next_attempt_at"] is None
        [attempt] = delivery["attempts"]
        assert (attempt["number"], attempt["status"], attempt["reply"], attempt["error"]) == (1, 200, "heard", None)

    await eventually(succeeded)
