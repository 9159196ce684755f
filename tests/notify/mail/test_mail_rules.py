"""When a sign-in mail is tried again and when it is given up, as plain functions. Nothing is started for them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.notify.mail.model import OWED_FOR, WAITS, MailStatus, SignInMail

NOW = datetime(2026, 3, 5, 12, 30, tzinfo=UTC)


def a_mail(tries: int = 0, age: timedelta = timedelta()) -> SignInMail:
    return SignInMail(id="req_1", tries=tries, due_at=NOW, created_at=NOW - age)


@pytest.mark.parametrize("tries", range(len(WAITS) + 2))
def test_each_wait_is_the_next_of_the_list_and_the_last_is_repeated(tries: int) -> None:
    after = a_mail(tries).after_trouble(NOW)
    assert after.due_at - NOW == WAITS[min(tries, len(WAITS) - 1)]
    assert (after.tries, after.status) == (tries + 1, MailStatus.PENDING)


def test_a_mail_is_given_up_when_its_code_would_open_nothing_any_more() -> None:
    wait = WAITS[0]
    assert a_mail(age=OWED_FOR - wait - timedelta(seconds=1)).after_trouble(NOW).status is MailStatus.PENDING
    assert a_mail(age=OWED_FOR - wait).after_trouble(NOW).status is MailStatus.FAILED


def test_all_tries_together_last_as_long_as_the_request_is_good_for() -> None:
    mail, now = a_mail(), NOW
    while mail.status is MailStatus.PENDING:
        mail = mail.after_trouble(now)
        now = mail.due_at
    assert OWED_FOR - WAITS[-1] <= now - WAITS[-1] - NOW < OWED_FOR


@pytest.mark.parametrize("status", [MailStatus.SENT, MailStatus.SUPPRESSED])
def test_a_settled_mail_counts_its_last_try(status: MailStatus) -> None:
    settled = a_mail(2).settled(status)
    assert (settled.status, settled.tries) == (status, 3)
