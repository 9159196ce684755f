"""Sends the mail that is owed: asks membership for address and code, writes the letter, hands it to the mail server.

Any number of mailers may run; a mail is sent by whoever holds its lease. After a crash between handing over and
marking, a second letter brings a newer code, and the first one's is void.
"""

import asyncio
import contextlib
from datetime import timedelta
from urllib.parse import quote

import aiohttp
from pydantic import ValidationError

from services.notify.mail import store
from services.notify.mail.letters import sign_in_letter
from services.notify.mail.model import MailStatus, SignInMail
from services.notify.mail.post import LetterRefused, Post, PostUnavailable
from services.notify.mail.waking import alarm_of
from shared import clock
from shared.auth import InternalTokens, service_principal
from shared.contracts.membership.sign_in import CodeMailView
from shared.logging import log
from shared.messaging.outbox import new_fence
from shared.metrics import Counters
from shared.mongo import Database, PyMongoError
from shared.settings import Settings

AT_ONCE = 20
SWEPT_EVERY = timedelta(seconds=1)
LEASE = timedelta(seconds=30)
MEMBERSHIP_LIMIT = timedelta(seconds=5)


class MembershipUnavailable(Exception):
    """Membership gave no answer that could be used. Trying again is right."""


class Mailer:
    """`send_for_ever()` until cancelled; `close()` at the end."""

    def __init__(self, database: Database, settings: Settings, tokens: InternalTokens) -> None:
        self.counters = Counters()
        self._database = database
        self._settings = settings
        self._tokens = tokens
        self._post = Post(settings.smtp_url)
        self._session: aiohttp.ClientSession | None = None

    async def start(self) -> None:
        """Make the HTTP client."""
        limit = aiohttp.ClientTimeout(total=MEMBERSHIP_LIMIT.total_seconds())
        self._session = aiohttp.ClientSession(timeout=limit, trust_env=False)

    async def close(self) -> None:
        """Close the HTTP client."""
        if self._session is not None:
            await self._session.close()

    async def send_for_ever(self) -> None:
        """Send what is owed: at once when woken, and every second what is due again."""
        alarm = alarm_of(self._database)
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SWEPT_EVERY.total_seconds()):
                    await alarm.wait()
            alarm.clear()
            try:
                while await self.send_due():
                    pass
            except PyMongoError as error:
                log.warning("mails_cannot_be_swept", error=type(error).__name__)

    async def send_due(self) -> int:
        """Try each mail that is due and held by nobody, some at a time. Gives how many were tried."""
        token = new_fence()
        mails = await store.take_due(self._database, AT_ONCE, token, LEASE, clock.now())
        await asyncio.gather(*(self._send(mail, token) for mail in mails))
        return len(mails)

    async def _send(self, mail: SignInMail, token: str) -> None:
        try:
            letter_for = await self._fetch(mail.id)
            if letter_for is None:
                done = mail.settled(MailStatus.SUPPRESSED)
            else:
                letter = sign_in_letter(letter_for, self._settings.mail_from, clock.now())
                await self._post.send(letter)
                done = mail.settled(MailStatus.SENT)
        except LetterRefused as error:
            done = mail.settled(MailStatus.FAILED)
            log.warning("mail_refused", request=mail.id, error=str(error))
        except (MembershipUnavailable, PostUnavailable) as error:
            done = mail.after_trouble(clock.now())
            log.warning("mail_not_sent", request=mail.id, tries=done.tries, error=str(error))
        except Exception as error:  # noqa: BLE001 a letter that cannot be written must not hold up the others
            done = mail.after_trouble(clock.now())
            # Not the error's own text: it may hold what the letter says, or to whom.
            log.error("mail_not_written", request=mail.id, tries=done.tries, error=type(error).__name__)
        self.counters.add(done.status.value if done.status is not MailStatus.PENDING else "put_off")
        await store.save(self._database, done, token, clock.now())

    async def _fetch(self, request_id: str) -> CodeMailView | None:
        """Whom to write to and the code, made this moment; `None` when the request is not good any more."""
        assert self._session is not None
        url = f"{self._settings.service_url('membership')}/sign-in/requests/{quote(request_id, safe='')}/mail"
        token = self._tokens.issue(service_principal("notify"), "membership")
        try:
            async with self._session.post(url, headers={"authorization": f"Bearer {token}"}) as answer:
                if answer.status in {404, 410}:
                    return None
                if not answer.ok:
                    raise MembershipUnavailable(f"answered {answer.status}")
                return CodeMailView.model_validate_json(await answer.read())
        except ValidationError:
            raise MembershipUnavailable("answered something else") from None
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError is an OSError
            raise MembershipUnavailable(type(error).__name__) from None
