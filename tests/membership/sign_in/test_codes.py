"""One-time codes: made when mailed, good once, for ten minutes, five tries; and never a word on who has an address."""

import asyncio
from datetime import datetime, timedelta

import pytest
from fastapi import FastAPI
from structlog.testing import capture_logs

from services.membership.sign_in.codes import ALPHABET, address_hash
from services.membership.sign_in.commands import make_code, request_code, sign_in
from services.membership.sign_in.model import CodeRefused, RequestOver
from shared import clock
from shared.app import Service
from shared.contracts.membership.sign_in import SessionView
from shared.errors import NotFound
from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import (
    GATEWAY,
    NOTIFY,
    a_person,
    an_operator,
    mail_a_code,
    messages,
    newest_request,
    somebody,
)
from tests.support.serving import Client

MINUTE = timedelta(minutes=1)
WRONG = "AAAAAAAA"


@pytest.fixture(scope="module")
def service(membership: Client, app: FastAPI) -> Service:
    """The running service's parts."""
    service: Service = app.state.service
    return service


async def attempt(service: Service, address: str, code: str, now: datetime) -> SessionView | None:
    """Try to sign in; `None` when the code is refused."""
    try:
        return await sign_in(service.database, service.secret, service.extra["signer"], address, code, now=now)
    except CodeRefused:
        return None


async def latest_request(service: Service, address: str) -> str:
    """The newest request of an address."""
    return await newest_request(service.database, service.secret, address)


async def test_a_code_signs_its_person_in(membership: Client, service: Service, database: Database) -> None:
    person = await a_person(database, email="code@example.org", name="Cody")
    asked = await membership.post("/sign-in/codes", {"email": " Code@Example.org "})
    assert (asked.status, asked.body) == (202, {"sent": True})
    request_id = await latest_request(service, "code@example.org")
    [told] = await messages(database, "membership.sign_in_requested", request_id)
    assert (told["reach"], told["actor"], told["data"]) == ("internal", None, {"request_id": request_id})
    mailed = await membership.acting_as(NOTIFY).post(f"/sign-in/requests/{request_id}/mail")
    assert mailed.status == 200, mailed.body
    assert mailed.body.keys() == {"address", "code", "expires_at"}
    assert mailed.body["address"] == "code@example.org"
    code = mailed.body["code"]
    assert len(code) == 8
    assert set(code) <= set(ALPHABET)
    typed = f" {code[:4].lower()}-{code[4:]}"
    answer = await membership.post("/sign-in/sessions", {"email": "CODE@example.org", "code": typed})
    assert answer.status == 201, answer.body
    assert answer.body["person_id"] == person.id
    assert answer.body["expires_in"] == 15 * 60
    assert answer.body["refresh_expires_in"] == 30 * 24 * 3600
    resolved = await membership.acting_as(GATEWAY).post("/principals", {"credential": answer.body["access_token"]})
    assert resolved.body["principal"]["id"] == person.id


async def test_neither_code_nor_address_is_kept_as_it_is(service: Service, database: Database) -> None:
    await a_person(database, email="hashed@example.org")
    code = await mail_a_code(database, service.secret, "hashed@example.org", clock.now())
    view = await attempt(service, "hashed@example.org", code, clock.now())
    assert view is not None
    for collection in ("sign_in_askers", "sign_in_requests", "sign_in_tries", "sessions", "refresh_tokens", "outbox"):
        kept = [str(row) async for row in database[collection].find({})]
        assert not any(secret in row for row in kept for secret in (code, "hashed@", view.refresh_token))


async def test_an_address_nobody_has_is_answered_and_treated_alike(
    membership: Client, service: Service, database: Database
) -> None:
    await a_person(database, email="known@example.org")
    known, unknown = "known@example.org", "unknown@example.org"
    answers = [await membership.post("/sign-in/codes", {"email": address}) for address in (known, unknown)]
    assert [(a.status, a.body) for a in answers] == [(202, {"sent": True})] * 2
    rows = []
    for address in (known, unknown):
        request_id = await latest_request(service, address)
        assert len(await messages(database, "membership.sign_in_requested", request_id)) == 1
        rows.append(await database["sign_in_requests"].find_one({"_id": request_id}))
    assert set(rows[0]) == set(rows[1])
    mail = await membership.acting_as(NOTIFY).post(f"/sign-in/requests/{rows[1]['_id']}/mail")
    assert mail.problem()[:2] == (410, "request_over")
    refused = [
        await membership.post("/sign-in/sessions", {"email": address, "code": WRONG}) for address in (known, unknown)
    ]
    assert refused[0].problem() == refused[1].problem() == (422, "code_refused", ["code"])


async def test_a_code_works_once(service: Service, database: Database) -> None:
    await a_person(database, email="once@example.org")
    now = clock.now()
    code = await mail_a_code(database, service.secret, "once@example.org", now)
    assert await attempt(service, "once@example.org", code, now)
    assert await attempt(service, "once@example.org", code, now) is None


async def test_a_code_used_twice_at_once_makes_one_session(
    membership: Client, service: Service, database: Database
) -> None:
    person = await a_person(database, email="twice@example.org")
    code = await mail_a_code(database, service.secret, "twice@example.org", clock.now())
    body = {"email": "twice@example.org", "code": code}
    headers = [None, None, {"idempotency-key": "a"}, {"idempotency-key": "b"}]
    answers = await asyncio.gather(*(membership.post("/sign-in/sessions", body, headers=h) for h in headers))
    assert sorted(a.status for a in answers) == [201, 422, 422, 422]
    assert await database["sessions"].count_documents({"person_id": person.id}) == 1


async def test_a_code_works_for_ten_minutes(service: Service, database: Database) -> None:
    await a_person(database, email="slow@example.org")
    now = clock.now()
    code = await mail_a_code(database, service.secret, "slow@example.org", now)
    assert await attempt(service, "slow@example.org", code, now + 10 * MINUTE) is None
    assert await attempt(service, "slow@example.org", code, now + 10 * MINUTE - timedelta(milliseconds=1))


async def test_a_newer_request_leaves_an_older_code_good(service: Service, database: Database) -> None:
    await a_person(database, email="newer@example.org")
    now = clock.now()
    first = await mail_a_code(database, service.secret, "newer@example.org", now)
    await request_code(database, service.secret, "newer@example.org", now=now + MINUTE)
    assert await attempt(service, "newer@example.org", first, now + MINUTE)


async def test_using_one_code_ends_all_others_of_the_address(service: Service, database: Database) -> None:
    await a_person(database, email="others@example.org")
    now = clock.now()
    first, second = [await mail_a_code(database, service.secret, "others@example.org", now) for _ in range(2)]
    await request_code(database, service.secret, "others@example.org", now=now)
    pending = await latest_request(service, "others@example.org")
    assert await attempt(service, "others@example.org", second, now)
    assert await attempt(service, "others@example.org", first, now) is None
    with pytest.raises(RequestOver):
        await make_code(database, service.secret, pending, now=now)


async def test_two_codes_of_an_address_used_at_once_make_one_session(
    membership: Client, service: Service, database: Database
) -> None:
    person = await a_person(database, email="both@example.org")
    codes = [await mail_a_code(database, service.secret, "both@example.org", clock.now()) for _ in range(2)]
    bodies = [{"email": "both@example.org", "code": code} for code in codes]
    answers = await asyncio.gather(*(membership.post("/sign-in/sessions", body) for body in bodies))
    assert sorted(a.status for a in answers) == [201, 422]
    assert await database["sessions"].count_documents({"person_id": person.id}) == 1


async def test_tries_count_only_while_there_is_a_code_to_guess(service: Service, database: Database) -> None:
    await a_person(database, email="unguessed@example.org")
    now = clock.now()
    for _ in range(6):
        assert await attempt(service, "unguessed@example.org", WRONG, now) is None
    code = await mail_a_code(database, service.secret, "unguessed@example.org", now)
    for _ in range(6):  # its code is over
        assert await attempt(service, "unguessed@example.org", code, now + 10 * MINUTE) is None
    code = await mail_a_code(database, service.secret, "unguessed@example.org", now + 10 * MINUTE)
    assert await attempt(service, "unguessed@example.org", code, now + 10 * MINUTE)


async def test_tries_at_an_address_nobody_has_are_counted_alike(service: Service, database: Database) -> None:
    await a_person(database, email="counted@example.org")
    now = clock.now()
    counts = []
    for address in ("counted@example.org", "uncounted@example.org"):
        await request_code(database, service.secret, address, now=now)
        await attempt(service, address, WRONG, now)
        row = await database["sign_in_tries"].find_one({"_id": address_hash(service.secret, address)})
        counts.append(row["tries"])
    assert counts == [1, 1]


async def test_no_code_is_made_for_a_request_that_is_old_used_or_not_there(
    service: Service, database: Database
) -> None:
    await a_person(database, email="old@example.org")
    now = clock.now()
    await request_code(database, service.secret, "old@example.org", now=now)
    request_id = await latest_request(service, "old@example.org")
    with pytest.raises(RequestOver):
        await make_code(database, service.secret, request_id, now=now + 10 * MINUTE)
    mail = await make_code(database, service.secret, request_id, now=now)
    assert await attempt(service, "old@example.org", mail.code, now)
    with pytest.raises(RequestOver):
        await make_code(database, service.secret, request_id, now=now)
    with pytest.raises(NotFound):
        await make_code(database, service.secret, new_id("sir"), now=now)


async def test_a_code_made_again_for_the_same_request_replaces_the_one_before(
    service: Service, database: Database
) -> None:
    await a_person(database, email="again@example.org")
    now = clock.now()
    first = await mail_a_code(database, service.secret, "again@example.org", now)
    second = await make_code(database, service.secret, await latest_request(service, "again@example.org"), now=now)
    assert await attempt(service, "again@example.org", first, now) is None
    assert await attempt(service, "again@example.org", second.code, now)


async def test_only_notify_makes_codes(membership: Client, service: Service, database: Database) -> None:
    await a_person(database, email="private@example.org")
    await request_code(database, service.secret, "private@example.org", now=clock.now())
    path = f"/sign-in/requests/{await latest_request(service, 'private@example.org')}/mail"
    assert (await membership.post(path)).status == 401
    for caller in (GATEWAY, an_operator(), somebody()):
        assert (await membership.acting_as(caller).post(path)).status == 403


async def test_five_wrong_tries_lock_an_addresss_codes_for_a_quarter_of_an_hour(
    service: Service, database: Database
) -> None:
    await a_person(database, email="locked@example.org")
    now = clock.now()
    code = await mail_a_code(database, service.secret, "locked@example.org", now)
    for _ in range(5):
        assert await attempt(service, "locked@example.org", WRONG, now) is None
    assert await attempt(service, "locked@example.org", code, now) is None
    fresh = await mail_a_code(database, service.secret, "locked@example.org", now + 14 * MINUTE)
    assert await attempt(service, "locked@example.org", fresh, now + 14 * MINUTE) is None
    assert await attempt(service, "locked@example.org", fresh, now + 15 * MINUTE)


async def test_asking_for_another_code_does_not_give_new_tries(service: Service, database: Database) -> None:
    await a_person(database, email="reissued@example.org")
    now = clock.now()
    for _ in range(4):
        await mail_a_code(database, service.secret, "reissued@example.org", now)
        assert await attempt(service, "reissued@example.org", WRONG, now) is None
    code = await mail_a_code(database, service.secret, "reissued@example.org", now)
    assert await attempt(service, "reissued@example.org", WRONG, now) is None
    assert await attempt(service, "reissued@example.org", code, now) is None


async def test_the_right_code_before_the_last_try_gives_the_tries_back(service: Service, database: Database) -> None:
    await a_person(database, email="patient@example.org")
    now = clock.now()
    for _ in range(2):
        code = await mail_a_code(database, service.secret, "patient@example.org", now)
        for _ in range(4):
            assert await attempt(service, "patient@example.org", WRONG, now) is None
        assert await attempt(service, "patient@example.org", code, now)


async def test_one_locked_address_locks_no_other(service: Service, database: Database) -> None:
    await a_person(database, email="free@example.org")
    now = clock.now()
    await request_code(database, service.secret, "elsewhere@example.org", now=now)
    for _ in range(6):
        await attempt(service, "elsewhere@example.org", WRONG, now)
    code = await mail_a_code(database, service.secret, "free@example.org", now)
    assert await attempt(service, "free@example.org", code, now)


async def test_guesses_made_all_at_once_get_no_more_than_five_tries(
    membership: Client, service: Service, database: Database
) -> None:
    await a_person(database, email="guessed@example.org")
    now = clock.now()
    code = await mail_a_code(database, service.secret, "guessed@example.org", now)
    guesses = [f"{number:08d}" for number in range(30)]
    answers = await asyncio.gather(
        *(
            membership.post(
                "/sign-in/sessions",
                {"email": "guessed@example.org", "code": guess},
                headers={"idempotency-key": guess} if number % 2 else None,
            )
            for number, guess in enumerate(guesses)
        )
    )
    assert all(answer.problem() == (422, "code_refused", ["code"]) for answer in answers)
    row = await database["sign_in_tries"].find_one({"_id": address_hash(service.secret, "guessed@example.org")})
    assert row["tries"] == 5
    assert await attempt(service, "guessed@example.org", code, now) is None


async def test_a_refused_try_counts_although_its_idempotency_key_is_sent_again(
    membership: Client, service: Service, database: Database
) -> None:
    await a_person(database, email="retried@example.org")
    code = await mail_a_code(database, service.secret, "retried@example.org", clock.now())
    body = {"email": "retried@example.org", "code": WRONG}
    for _ in range(5):
        answer = await membership.post("/sign-in/sessions", body, headers={"idempotency-key": "same"})
        assert answer.status == 422
    assert await attempt(service, "retried@example.org", code, clock.now()) is None


async def test_signing_in_again_with_the_same_idempotency_key_answers_the_same_session(
    membership: Client, service: Service, database: Database
) -> None:
    await a_person(database, email="replayed@example.org")
    code = await mail_a_code(database, service.secret, "replayed@example.org", clock.now())
    body, headers = {"email": "replayed@example.org", "code": code}, {"idempotency-key": "replay"}
    first, second = [await membership.post("/sign-in/sessions", body, headers=headers) for _ in range(2)]
    assert first.status == second.status == 201
    assert first.body == second.body


async def test_equal_idempotency_keys_of_strangers_do_not_meet(
    membership: Client, service: Service, database: Database
) -> None:
    headers = {"idempotency-key": "one-and-the-same"}
    for address in ("stranger-a@example.org", "stranger-b@example.org"):
        await a_person(database, email=address)
        answer = await membership.post("/sign-in/codes", {"email": address}, headers=headers)
        assert answer.status == 202, answer.body
        assert "idempotency-replayed" not in answer.headers
        code = (await make_code(database, service.secret, await latest_request(service, address), now=clock.now())).code
        body = {"email": address, "code": code}
        assert (await membership.post("/sign-in/sessions", body, headers=headers)).status == 201
        again = await membership.post("/sign-in/sessions", body, headers=headers)
        assert (again.status, again.headers["idempotency-replayed"]) == (201, "true")
    ends = [row["expires_at"] async for row in database["idempotency"].find({"expires_at": {"$gt": clock.now()}})]
    assert max(ends) <= clock.now() + 2 * MINUTE


async def test_after_five_requests_in_a_quarter_of_an_hour_nothing_is_sent(
    membership: Client, service: Service, database: Database
) -> None:
    await a_person(database, email="often@example.org")
    now = clock.now()
    for _ in range(5):
        code = await mail_a_code(database, service.secret, "often@example.org", now - 14 * MINUTE)
    fifth = await latest_request(service, "often@example.org")
    with capture_logs() as lines:
        answer = await membership.post("/sign-in/codes", {"email": "often@example.org"})
    assert (answer.status, answer.body) == (202, {"sent": True})
    assert "sign_in_code_not_sent" in [line["event"] for line in lines]
    assert "often@" not in str(lines)
    assert await latest_request(service, "often@example.org") == fifth
    hashed = address_hash(service.secret, "often@example.org")
    assert await database["sign_in_requests"].count_documents({"address_hash": hashed}) == 5
    assert await attempt(service, "often@example.org", code, now - 10 * MINUTE)
    await request_code(database, service.secret, "often@example.org", now=now + MINUTE)
    assert await latest_request(service, "often@example.org") != fifth


async def test_requests_made_all_at_once_send_no_more_than_five(
    membership: Client, service: Service, database: Database
) -> None:
    await asyncio.gather(*(membership.post("/sign-in/codes", {"email": "flood@example.org"}) for _ in range(12)))
    hashed = address_hash(service.secret, "flood@example.org")
    assert await database["sign_in_requests"].count_documents({"address_hash": hashed}) == 5
