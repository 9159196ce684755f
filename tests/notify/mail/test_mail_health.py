"""What an operator sees of mail that cannot be sent: in the metrics, and in what the doctor makes of them."""

import re
from datetime import UTC, datetime, timedelta

import pytest

from deploy.cli.doctor import mail_trouble
from services.notify.mail import store
from services.notify.mail.model import MailStatus, SignInMail
from shared.ids import new_id
from shared.mongo import Database
from tests.support.notify import Notify


async def settle(database: Database, status: MailStatus, ago: timedelta) -> None:
    """A mail that came to this so long ago."""
    moment = datetime.now(UTC) - ago
    row = {"_id": new_id("sir"), "status": status.value, "tries": 3, "due_at": moment, "created_at": moment}
    await database["mails"].insert_one({**row, "settled_at": moment, "lease": None})


async def wait_since(database: Database, ago: timedelta) -> None:
    """A mail that was asked for so long ago, and is next tried in an hour."""
    now = datetime.now(UTC)
    mail = SignInMail(id=new_id("sir"), due_at=now + timedelta(hours=1), created_at=now - ago)
    await store.add(database, mail)


async def text_of(notify: Notify) -> str:
    """The metrics as they are shown."""
    body: bytes = (await notify.client.get("/metrics")).body
    return body.decode()


async def numbers(notify: Notify) -> dict[str, float]:
    """What the metrics say of mail."""
    return {
        name: float(value)
        for name, value in re.findall(r"^(mycelium_mail_\w+) (\S+)$", await text_of(notify), re.MULTILINE)
    }


@pytest.fixture(autouse=True)
async def no_mail(notify: Notify) -> None:
    """No mail from the test before."""
    await notify.service.database["mails"].delete_many({})


async def test_a_mail_that_waits_shows_in_the_metrics(notify: Notify) -> None:
    assert await numbers(notify) == {"mycelium_mail_age_seconds": 0, "mycelium_mail_failed": 0}
    await wait_since(notify.service.database, timedelta(seconds=20))
    await wait_since(notify.service.database, timedelta(seconds=90))
    assert 90 <= (await numbers(notify))["mycelium_mail_age_seconds"] < 600


async def test_mail_that_was_given_up_in_the_last_hour_shows_too(notify: Notify) -> None:
    await settle(notify.service.database, MailStatus.FAILED, timedelta(minutes=50))
    await settle(notify.service.database, MailStatus.FAILED, timedelta(minutes=5))
    await settle(notify.service.database, MailStatus.FAILED, timedelta(minutes=70))
    await settle(notify.service.database, MailStatus.SENT, timedelta(minutes=1))
    await settle(notify.service.database, MailStatus.SUPPRESSED, timedelta(minutes=1))
    assert (await numbers(notify))["mycelium_mail_failed"] == 2


async def test_the_doctor_says_what_to_do_about_mail(notify: Notify) -> None:
    async def trouble() -> str | None:
        return mail_trouble(await text_of(notify))

    await settle(notify.service.database, MailStatus.SENT, timedelta(minutes=1))
    await wait_since(notify.service.database, timedelta(seconds=1))
    assert await trouble() is None
    await wait_since(notify.service.database, timedelta(minutes=3))
    waits = await trouble()
    assert waits is not None
    assert "has waited 18" in waits
    assert "MYCELIUM_SMTP_URL" in waits
    await notify.service.database["mails"].delete_many({})
    await settle(notify.service.database, MailStatus.FAILED, timedelta(minutes=5))
    given_up = await trouble()
    assert given_up is not None
    assert "1 sign-in mail(s)" in given_up
    assert "MYCELIUM_SMTP_URL" in given_up
