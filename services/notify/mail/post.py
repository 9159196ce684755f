"""Hands letters to the mail server (RFC 5321) that `MYCELIUM_SMTP_URL` names."""

import asyncio
import ssl
from datetime import timedelta
from email.message import EmailMessage
from urllib.parse import unquote, urlsplit

import aiosmtplib

CONNECT_LIMIT = timedelta(seconds=5)
TOTAL_LIMIT = timedelta(seconds=20)


class LetterRefused(Exception):
    """The server will not take this letter, now or later."""


class PostUnavailable(Exception):
    """The letter could not be handed over now. Trying again is right."""


class Post:
    """Sends letters. `url`: `smtp://` (STARTTLS where the server offers it) or `smtps://`, with name and password."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
            raise ValueError("the mail server's address begins with smtp:// or smtps:// and names a host")
        self._tls = parts.scheme == "smtps"
        self._host = parts.hostname
        self._port = parts.port or (465 if self._tls else 25)
        self._name = unquote(parts.username) if parts.username else None
        self._password = unquote(parts.password) if parts.password else None

    async def send(self, letter: EmailMessage) -> None:
        """Hand a letter over. Raises `LetterRefused` or `PostUnavailable`, which say nothing of whom it is for."""
        try:
            async with asyncio.timeout(TOTAL_LIMIT.total_seconds()):
                await aiosmtplib.send(
                    letter,
                    hostname=self._host,
                    port=self._port,
                    username=self._name,
                    password=self._password,
                    use_tls=self._tls,
                    timeout=CONNECT_LIMIT.total_seconds(),
                )
        except aiosmtplib.SMTPRecipientsRefused as refused:
            raise _by_code(*(recipient.code for recipient in refused.recipients)) from None
        except aiosmtplib.SMTPNotSupported:
            raise LetterRefused("the server does not know a feature this letter needs") from None
        except aiosmtplib.SMTPAuthenticationError as refused:
            raise PostUnavailable(f"signing in was answered {refused.code}") from None  # ours to mend, not final
        except (aiosmtplib.SMTPSenderRefused, aiosmtplib.SMTPDataError) as refused:
            raise _by_code(refused.code) from None
        except (aiosmtplib.SMTPException, OSError, ssl.SSLError) as trouble:  # TimeoutError is an OSError
            raise PostUnavailable(type(trouble).__name__) from None


def _by_code(*codes: int) -> LetterRefused | PostUnavailable:
    """What an answer means: 5xx is final (RFC 5321, section 4.2.1)."""
    if codes and all(500 <= code <= 599 for code in codes):
        return LetterRefused(f"answered {codes[0]}")
    return PostUnavailable(f"answered {codes[0] if codes else 'nothing'}")
