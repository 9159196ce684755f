"""Signing secrets and their rotation."""

from datetime import UTC, datetime, timedelta

import pytest
from cryptography.exceptions import InvalidTag
from standardwebhooks.webhooks import Webhook, WebhookVerificationError

from services.notify.endpoints.model import MOST_SECRETS
from services.notify.endpoints.sealing import SecretBox
from tests.support.notify import Notify, a_hub_key, webhooks
from tests.support.receiver import Received, Receiver
from tests.support.waiting import eventually


def verifies(sent: Received, secret: str) -> bool:
    try:
        Webhook(secret).verify(sent.body, dict(sent.headers))
    except WebhookVerificationError:
        return False
    return True


async def rotate(notify: Notify, hub: str, endpoint_id: str, **body: int) -> str:
    answer = await notify.by(a_hub_key(hub)).post(f"/endpoints/{endpoint_id}/rotate-secret", body)
    assert answer.status == 200, answer.body
    secret: str = answer.body["secret"]
    return secret


async def next_webhook(notify: Notify, receiver: Receiver, hub: str) -> Received:
    message_id = await notify.publish_event(hub)
    [sent] = await eventually(lambda: webhooks(receiver, message_id))
    return sent


async def test_while_secrets_overlap_both_sign(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url)
    new = await rotate(notify, hub, made["endpoint"]["id"], overlap_seconds=3600)

    sent = await next_webhook(notify, receiver, hub)

    assert new != made["secret"]
    assert verifies(sent, new)
    assert verifies(sent, made["secret"])
    assert len(sent.headers["webhook-signature"].split()) == 2


async def test_without_overlap_the_old_secret_is_done_at_once(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url)
    new = await rotate(notify, hub, made["endpoint"]["id"], overlap_seconds=0)

    sent = await next_webhook(notify, receiver, hub)

    assert verifies(sent, new)
    assert not verifies(sent, made["secret"])


async def test_the_old_secret_stops_signing_when_the_overlap_ends(notify: Notify, receiver: Receiver) -> None:
    hub = await notify.a_hub()
    made = await notify.an_endpoint(hub, receiver.url)
    endpoint_id = made["endpoint"]["id"]
    new = await rotate(notify, hub, endpoint_id)
    ended = datetime.now(UTC) - timedelta(seconds=1)
    await notify.service.database["endpoints"].update_one(
        {"_id": endpoint_id}, {"$set": {"secrets.1.expires_at": ended}}
    )
    notify.dispatcher.endpoint_changed(endpoint_id)

    sent = await next_webhook(notify, receiver, hub)

    assert verifies(sent, new)
    assert not verifies(sent, made["secret"])


async def test_so_many_secrets_may_overlap_and_no_more(notify: Notify) -> None:
    hub = await notify.a_hub()
    endpoint_id = (await notify.an_endpoint(hub, "http://127.0.0.1:9/"))["endpoint"]["id"]
    for _ in range(MOST_SECRETS - 1):
        await rotate(notify, hub, endpoint_id)
    client = notify.by(a_hub_key(hub))

    refused = await client.post(f"/endpoints/{endpoint_id}/rotate-secret")

    assert refused.problem() == (409, "secrets_still_overlap", [])
    assert (await client.post(f"/endpoints/{endpoint_id}/rotate-secret", {"overlap_seconds": 0})).status == 200


@pytest.mark.parametrize("seconds", [-1, 7 * 86_400 + 1, "soon", None])
async def test_an_overlap_that_cannot_be_used_is_named(notify: Notify, seconds: object) -> None:
    hub = await notify.a_hub()
    endpoint_id = (await notify.an_endpoint(hub, "http://127.0.0.1:9/"))["endpoint"]["id"]
    answer = await notify.by(a_hub_key(hub)).post(
        f"/endpoints/{endpoint_id}/rotate-secret", {"overlap_seconds": seconds}
    )
    assert answer.status == 422
    assert answer.problem()[2] == ["overlap_seconds"]


def test_a_sealed_secret_opens_for_its_own_endpoint_and_deployment_alone() -> None:
    box = SecretBox(b"k" * 32)
    sealed = box.seal("whsec_x", "whe_1")
    assert box.open(sealed, "whe_1") == "whsec_x"
    assert box.seal("whsec_x", "whe_1") != sealed
    with pytest.raises(InvalidTag):
        box.open(sealed, "whe_2")
    with pytest.raises(InvalidTag):
        SecretBox(b"l" * 32).open(sealed, "whe_1")
