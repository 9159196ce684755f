"""Mail comes through a queue and workers of its own: public messages, however many or stuck, do not delay it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import aio_pika

from deploy.features import FEATURES, queues
from shared.contracts.membership.sign_in import SignInRequested
from shared.features import subscriptions_of
from shared.ids import new_id
from shared.mongo import ReturnDocument
from tests.support.notify import Notify
from tests.support.waiting import eventually

TYPE = SignInRequested.type_name()


@asynccontextmanager
async def nothing_can_be_logged(notify: Notify) -> AsyncIterator[None]:
    """Somebody keeps the log's counter, for which the intake of public messages waits."""
    database = notify.service.database
    session = await database._start_session()
    async with session, session.start_transaction():
        await database["counters"].driver.find_one_and_update(
            {"_id": "messages"},
            {"$inc": {"last": 1}},
            upsert=True,
            return_document=ReturnDocument.AFTER,
            session=session,
        )
        yield
        await session.abort_transaction()


async def asked(notify: Notify) -> str:
    request_id = new_id("sgn")
    await notify.tell(SignInRequested(request_id=request_id))
    return request_id


async def test_mail_is_owed_at_once_while_public_messages_are_stuck(notify: Notify) -> None:
    hub = await notify.a_hub()
    async with nothing_can_be_logged(notify):
        for _ in range(50):
            await notify.publish_event(hub)
        await eventually(lambda: notify.service.consumer.in_hand)
        request_id = await asked(notify)
        await eventually(lambda: notify.service.database["mails"].find_one({"_id": request_id}), within=3)

    async def logged() -> None:
        assert len(await notify.logged(hub)) == 50

    await eventually(logged, within=20)


async def test_what_an_earlier_version_bound_is_unbound_and_still_handled_once(notify: Notify) -> None:
    """As during an upgrade: an old replica binds the main queue anew, and both queues get the message."""
    settings = notify.service.settings
    main, mail = settings.name("notify"), settings.name("notify.mail")
    async with await aio_pika.connect(settings.amqp_url) as connection:
        channel = await connection.channel()
        queue = await channel.get_queue(main)
        await queue.bind(settings.name("mycelium"), routing_key=TYPE)
        before = dict(notify.service.consumed())
        request_id = await asked(notify)
        await eventually(lambda: notify.service.database["mails"].find_one({"_id": request_id}))

        def both_handled() -> None:
            now = dict(notify.service.consumed())
            assert now["handled"] + now.get("duplicate", 0) == before["handled"] + before.get("duplicate", 0) + 2

        await eventually(both_handled)
        assert await notify.service.database["mails"].count_documents({"_id": request_id}) == 1

        notify.service.broker.connect_anew()  # as at a start
        await notify.service.broker.connected()

        async def only_mail_hears() -> None:
            handled = {c.names.queue: sum(n for _, n in c.counters.items()) for c in notify.service.consumers()}
            request_id = await asked(notify)
            await eventually(lambda: notify.service.database["mails"].find_one({"_id": request_id}))
            now = {c.names.queue: sum(n for _, n in c.counters.items()) for c in notify.service.consumers()}
            assert (now[main], now[mail]) == (handled[main], handled[mail] + 1)

        await eventually(only_mail_hears)


async def test_the_commands_go_through_every_queue_there_is(notify: Notify) -> None:
    of_notify = [name for name in queues() if name.partition(".")[0] == "notify"]
    names = [consumer.names.queue for consumer in notify.service.consumers()]
    assert sorted(notify.service.settings.name(name) for name in of_notify) == sorted(names)


def test_a_type_comes_through_one_queue() -> None:
    for subscriptions in {name: subscriptions_of(features) for name, features in FEATURES.items()}.values():
        main = {r.message for r in subscriptions.reactions if r.queue is None} | set(subscriptions.batched)
        for reaction in subscriptions.reactions:
            assert reaction.queue is None or reaction.message not in main
