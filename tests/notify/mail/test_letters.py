"""What letters look like in the source."""

from datetime import UTC, datetime

import pytest

from services.notify.mail.letters import sign_in_letter
from services.notify.mail.post import Post
from shared.contracts.membership.sign_in import CodeMailView

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def test_the_code_can_be_read_in_the_source_and_nothing_leads_anywhere() -> None:
    mail = CodeMailView(address="ada@example.org", code="7KQ2MXWF", expires_at=NOW)
    source = bytes(sign_in_letter(mail, "Mycelium <no-reply@example.org>", NOW))
    assert b"\n    7KQ2MXWF\n" in source.replace(b"\r\n", b"\n")
    assert b"://" not in source


@pytest.mark.parametrize("url", ["http://mail.example.org", "smtp://", "mail.example.org:25", ""])
def test_a_mail_server_that_cannot_be_meant_is_refused_at_start(url: str) -> None:
    with pytest.raises(ValueError, match="smtp://"):
        Post(url)
