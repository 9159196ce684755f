"""The mail with a sign-in code, from asking for it to signing in with it: real membership, real mail."""

import asyncio
import email
import email.policy
import re
import secrets
import socket
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from aiosmtpd.smtp import SMTP, Envelope, Session

from deploy.local.mail import catch_mail
from services.membership.app import create_app as create_membership
from services.notify.app import create_app as create_notify
from services.notify.mail import store
from services.notify.mail.feature import FEATURE
from services.notify.mail.mailer import Mailer
from services.notify.mail.model import MailStatus, SignInMail
from shared.auth import InternalTokens
from shared.messaging.envelope import unseal
from shared.mongo import Database, Mongo
from shared.settings import Settings, decode_secret
from tests.support.membership import a_person
from tests.support.serving import Answer, Client, a_client
from tests.support.waiting import eventually


@dataclass(frozen=True)
class Membership:
    """The running membership service."""

    client: Client
    database: Database

    @property
    def url(self) -> str:
        """Where it answers."""
        return self.client.url

    async def post(self, path: str, body: dict[str, str]) -> Answer:
        """Call it as nobody in particular."""
        return await self.client.post(path, body)


@pytest.fixture(scope="module")
async def membership(settings: Settings) -> AsyncIterator[Membership]:
    """The membership service."""
    app = create_membership(settings)
    async with a_client(app, "membership", settings) as client:
        yield Membership(client, app.state.service.database)


async def a_member(membership: Membership, **about: Any) -> str:
    """Somebody who can sign in; gives their address."""
    address = f"ada-{secrets.token_hex(4)}@example.org"
    await a_person(membership.database, email=address, **{"name": "Ada Lovelace", **about})
    return address


async def a_request(membership: Membership, address: str) -> str:
    """Somebody asks for a code; gives the id notify is told."""
    assert (await membership.post("/sign-in/codes", {"email": address})).status == 202
    newest = membership.database["outbox"].find({"type": "membership.sign_in_requested.v1"}).sort("_id", -1).limit(1)
    [row] = [row async for row in newest]
    request_id: str = unseal(bytes(row["body"])).data["request_id"]
    return request_id


def letters(folder: Path, address: str) -> list[EmailMessage]:
    """The mail caught for an address, oldest first."""
    found = sorted(folder.glob(f"*-{address}.eml"))
    parsed = [email.message_from_bytes(path.read_bytes(), policy=email.policy.default) for path in found]
    return [letter for letter in parsed if isinstance(letter, EmailMessage)]


def code_in(letter: EmailMessage) -> str:
    """The code, which stands alone on its line."""
    found = re.search(r"^\s+(\S{8})\s*$", letter.get_content(), re.MULTILINE)
    assert found is not None, letter.get_content()
    return found[1]


async def test_the_code_comes_by_mail_and_signs_in(membership: Membership, settings: Settings, tmp_path: Path) -> None:
    # Others make people, so a name may say anything: our letter says none of it.
    address = await a_member(membership, name="your account is closing, sign in at https://evil.example")
    async with catch_mail(tmp_path) as port:
        told = settings.model_copy(update={"membership_url": membership.url, "smtp_url": f"smtp://127.0.0.1:{port}"})
        async with a_client(create_notify(told), "notify", told):
            assert (await membership.post("/sign-in/codes", {"email": address})).status == 202
            [letter] = await eventually(lambda: letters(tmp_path, address))

    assert letter["To"] == address
    assert letter["From"] == settings.mail_from
    assert letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().splitlines()[0] == "Hello,"
    assert not {"closing", "evil"} & set(re.findall(r"\w+", letter.as_string()))
    session = await membership.post("/sign-in/sessions", {"email": address, "code": code_in(letter)})
    assert session.status == 201, session.body


# --- trouble on the way; here nobody but the test sends mail ---


class Clerk:
    """A mail server that answers as it is told to, and keeps what it took."""

    def __init__(self) -> None:
        self.answers: deque[str] = deque()
        self.taken: list[tuple[list[str], bytes]] = []

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.answers.popleft() if self.answers else "250 OK"
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.taken.append((envelope.rcpt_tos, envelope.content))
        return answer


@asynccontextmanager
async def a_post_office() -> AsyncIterator[tuple[Clerk, int]]:
    clerk, talks = Clerk(), list[SMTP]()
    loop = asyncio.get_running_loop()

    def talk() -> SMTP:
        talks.append(SMTP(clerk, hostname="localhost", enable_SMTPUTF8=True, loop=loop))
        return talks[-1]

    server = await loop.create_server(talk, "127.0.0.1", 0)
    async with server:
        try:
            yield clerk, server.sockets[0].getsockname()[1]
        finally:
            for each in talks:
                if isinstance(each.transport, asyncio.WriteTransport):
                    each.transport.abort()


@pytest.fixture
async def quiet(settings: Settings) -> AsyncIterator[Database]:
    """A database of mails that no service works on."""
    mongo = Mongo(settings.mongo_url)
    database = mongo.database(settings.database_name(f"quiet{secrets.token_hex(3)}"))
    await database.ensure_indexes(FEATURE.all_indexes())
    yield database
    await mongo.close()


@asynccontextmanager
async def a_mailer(database: Database, settings: Settings, **told: str) -> AsyncIterator[Mailer]:
    tokens = InternalTokens(decode_secret(settings.secret), "notify")
    mailer = Mailer(database, settings.model_copy(update=told), tokens)
    await mailer.start()
    try:
        yield mailer
    finally:
        await mailer.close()


async def owe(database: Database, request_id: str, created_at: datetime | None = None) -> None:
    now = datetime.now(UTC)
    mail = SignInMail(id=request_id, due_at=now, created_at=created_at or now)
    await store.add(database, mail)


async def row_of(database: Database, request_id: str) -> dict[str, Any]:
    row: dict[str, Any] = await database["mails"].find_one({"_id": request_id})
    return row


def a_closed_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


async def test_when_the_mail_server_is_away_or_busy_the_mail_goes_later(
    membership: Membership, settings: Settings, quiet: Database
) -> None:
    address = await a_member(membership)
    request_id = await a_request(membership, address)
    await owe(quiet, request_id)
    closed = f"smtp://127.0.0.1:{a_closed_port()}"
    async with a_mailer(quiet, settings, membership_url=membership.url, smtp_url=closed) as mailer:
        assert await mailer.send_due() == 1
    row = await row_of(quiet, request_id)
    assert (row["status"], row["tries"]) == ("pending", 1)
    assert row["due_at"] > datetime.now(UTC)
    async with (
        a_post_office() as (clerk, port),
        a_mailer(quiet, settings, membership_url=membership.url, smtp_url=f"smtp://127.0.0.1:{port}") as mailer,
    ):
        assert await mailer.send_due() == 0  # not due yet
        clerk.answers.append("451 try again later")
        for status in ("pending", "sent"):
            await quiet["mails"].update_one({"_id": request_id}, {"$set": {"due_at": datetime.now(UTC)}})
            assert await mailer.send_due() == 1
            assert (await row_of(quiet, request_id))["status"] == status
        [(recipients, content)] = clerk.taken
        assert recipients == [address]
        letter = email.message_from_bytes(content, policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        session = await membership.post("/sign-in/sessions", {"email": address, "code": code_in(letter)})
        assert session.status == 201


async def test_a_refused_letter_is_not_tried_again(membership: Membership, settings: Settings, quiet: Database) -> None:
    request_id = await a_request(membership, await a_member(membership))
    await owe(quiet, request_id)
    async with (
        a_post_office() as (clerk, port),
        a_mailer(quiet, settings, membership_url=membership.url, smtp_url=f"smtp://127.0.0.1:{port}") as mailer,
    ):
        clerk.answers.append("554 no such person here")
        assert await mailer.send_due() == 1
        assert (await row_of(quiet, request_id))["status"] == "failed"
        assert await mailer.send_due() == 0
        assert clerk.taken == []


async def test_a_request_that_is_not_good_any_more_sends_nothing(
    membership: Membership, settings: Settings, quiet: Database
) -> None:
    address = await a_member(membership)
    first, second = await a_request(membership, address), await a_request(membership, address)
    await owe(quiet, first)
    async with (
        a_post_office() as (clerk, port),
        a_mailer(quiet, settings, membership_url=membership.url, smtp_url=f"smtp://127.0.0.1:{port}") as mailer,
    ):
        assert await mailer.send_due() == 1
        letter = email.message_from_bytes(clerk.taken.pop()[1], policy=email.policy.default)
        assert isinstance(letter, EmailMessage)
        session = await membership.post("/sign-in/sessions", {"email": address, "code": code_in(letter)})
        assert session.status == 201  # which ends what else was asked for

        for request_id in (second, "sir_that-never-was"):
            await owe(quiet, request_id)
        assert await mailer.send_due() == 2
        for request_id in (second, "sir_that-never-was"):
            assert (await row_of(quiet, request_id))["status"] == "suppressed"
        assert clerk.taken == []


async def test_when_membership_is_away_the_mail_waits_but_not_for_ever(settings: Settings, quiet: Database) -> None:
    now = datetime.now(UTC)
    await owe(quiet, "young")
    await owe(quiet, "old", now - timedelta(minutes=9, seconds=59, milliseconds=500))
    away = f"http://127.0.0.1:{a_closed_port()}"
    async with a_mailer(quiet, settings, membership_url=away) as mailer:
        assert await mailer.send_due() == 2
    assert (await row_of(quiet, "young"))["status"] == "pending"
    assert (await row_of(quiet, "old"))["status"] == "failed"


async def test_a_mail_is_held_by_one_mailer_until_its_lease_runs_out(quiet: Database) -> None:
    await owe(quiet, "one")
    held, briefly = timedelta(minutes=1), timedelta(milliseconds=1)

    async def take(token: str, lease: timedelta) -> list[SignInMail]:
        return await store.take_due(quiet, 10, token, lease, datetime.now(UTC))

    assert len(await take("slow", briefly)) == 1
    [mail] = await eventually(lambda: take("quick", held))
    assert await take("third", held) == []
    assert not await store.save(quiet, mail.settled(MailStatus.FAILED), "slow", datetime.now(UTC))
    assert await store.save(quiet, mail.settled(MailStatus.SENT), "quick", datetime.now(UTC))
    assert (await row_of(quiet, "one"))["status"] == "sent"


async def test_nothing_kept_or_logged_says_whom_or_what(
    membership: Membership, settings: Settings, quiet: Database, capfd: pytest.CaptureFixture[str]
) -> None:
    address = await a_member(membership)
    request_id = await a_request(membership, address)
    await owe(quiet, request_id)
    async with (
        a_post_office() as (clerk, port),
        a_mailer(quiet, settings, membership_url=membership.url, smtp_url=f"smtp://127.0.0.1:{port}") as mailer,
    ):
        clerk.answers.append(f"451 {address} try again later")
        await mailer.send_due()
        await quiet["mails"].update_one({"_id": request_id}, {"$set": {"due_at": datetime.now(UTC)}})
        await mailer.send_due()
    letter = email.message_from_bytes(clerk.taken[0][1], policy=email.policy.default)
    assert isinstance(letter, EmailMessage)
    kept = repr([row async for row in quiet["mails"].find({})]) + "".join(capfd.readouterr())
    assert request_id in kept
    assert address not in kept
    assert code_in(letter) not in kept
