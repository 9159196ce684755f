"""What letters look like in the source."""

from datetime import UTC, datetime

import pytest

from services.notify.mail.letters import sign_in_letter
from services.notify.mail.post import Post
from shared.contracts.membership import CodeMailView

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def a_letter(**about: str) -> bytes:
    mail = CodeMailView(**{"address": "ada@example.org", "name": "Ada", "code": "7KQ2MXWF", **about}, expires_at=NOW)
    return bytes(sign_in_letter(mail, "Mycelium <no-reply@example.org>", "https://example.org", NOW))


@pytest.mark.parametrize("name", ["Ada", "Zoë", "Ада", "A" * 2000])
def test_the_code_can_be_read_in_the_source_whatever_the_name(name: str) -> None:
    assert b"\n    7KQ2MXWF\n" in a_letter(name=name).replace(b"\r\n", b"\n")


def test_a_name_cannot_add_headers_or_another_code() -> None:
    source = a_letter(name="Ada\r\nBcc: all@example.org\n\n    AAAAAAAA\n")
    assert b"\nBcc:" not in source
    assert b"\n    AAAAAAAA" not in source


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org:25", ""])
def test_a_mail_server_that_cannot_be_meant_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        Post(url)
