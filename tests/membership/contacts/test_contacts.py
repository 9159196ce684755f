"""Addresses leave by one door, for notify alone, for mail to the person themself."""

from shared.auth import service_principal
from shared.ids import new_id
from shared.mongo import Database
from tests.support.membership import GATEWAY, NOTIFY, a_person, an_operator, somebody
from tests.support.serving import Client


async def test_notify_is_told_where_mail_goes(membership: Client, database: Database) -> None:
    person = await a_person(database, name="Ann", email="ann-mail@example.org")
    wanted = {"person_ids": [person.id, new_id("per"), "nonsense", ""], "purpose": "own_mail"}
    answer = await membership.acting_as(NOTIFY).post("/contacts", wanted)
    assert answer.status == 200, answer.body
    assert answer.body == [{"person_id": person.id, "address": "ann-mail@example.org", "name": "Ann"}]


async def test_nobody_else_is_told_and_for_nothing_else(membership: Client, database: Database) -> None:
    person = await a_person(database)
    wanted = {"person_ids": [person.id], "purpose": "own_mail"}
    assert (await membership.post("/contacts", wanted)).status == 401
    for caller in (GATEWAY, service_principal("events"), an_operator(), somebody()):
        assert (await membership.acting_as(caller).post("/contacts", wanted)).problem()[:2] == (403, "scope_missing")
    for purpose in ("show", "introduction", "spam"):
        answer = await membership.acting_as(NOTIFY).post("/contacts", {**wanted, "purpose": purpose})
        assert (answer.status, answer.body["problems"][0]["path"]) == (422, ["purpose"])
