"""Who a credential belongs to: for the gateway alone, with all that may change it."""

from datetime import datetime, timedelta

from fastapi import FastAPI

from services.membership.sign_in.commands import sign_in
from shared import clock
from shared.app import Service
from shared.auth import PERSON_SCOPES, Principal, service_principal
from shared.contracts.membership.memberships import Role
from shared.mongo import Database
from tests.support.membership import (
    GATEWAY,
    NOTIFY,
    a_group,
    a_hub,
    a_member,
    a_person,
    acting,
    an_operator,
    mail_a_code,
    messages,
    somebody,
)
from tests.support.serving import Client


async def test_a_person_is_what_their_memberships_make_them(
    membership: Client, database: Database, app: FastAPI
) -> None:
    service: Service = app.state.service
    top = await a_hub(database)
    hub = await a_hub(database, top)
    below = await a_hub(database, hub)
    group = await a_group(database, hub)
    person = await a_member(database, group, Role.CONVENER, hub=hub)
    code = await mail_a_code(database, service.secret, person.address, clock.now())
    session = await sign_in(database, service.secret, service.extra["signer"], person.address, code, now=clock.now())

    async def resolved() -> tuple[Principal, list[str], datetime]:
        answer = await membership.acting_as(GATEWAY).post("/principals", {"credential": session.access_token})
        assert answer.status == 200, answer.body
        ends = datetime.fromisoformat(answer.body["expires_at"])
        return Principal.model_validate(answer.body["principal"]), answer.body["depends_on"], ends

    principal, depends_on, ends = await resolved()
    assert (principal.kind, principal.id, principal.scopes) == ("person", person.id, PERSON_SCOPES)
    assert principal.hubs == {hub.id, top.id}
    assert principal.groups == {group.id: hub.id}
    assert principal.convenes == {group.id}
    assert principal.steward_of == frozenset()
    assert depends_on == [person.id, principal.session]
    assert timedelta(minutes=14) < ends - clock.now() <= timedelta(minutes=15)
    operator = membership.acting_as(an_operator())
    body = {"person_id": person.id, "roles": ["steward"]}
    assert (await operator.post(f"/hubs/{hub.id}/members", body)).status == 201
    principal, depends_on, _ = await resolved()
    assert principal.steward_of == {hub.id, below.id}
    assert principal.scopes == PERSON_SCOPES | {"hub:admin", "webhooks:manage"}
    assert depends_on == [person.id, principal.session, "hubs"]


async def test_a_steward_of_a_group_looks_after_the_group_not_the_hub(database: Database) -> None:
    group = await a_group(database, await a_hub(database))
    principal = await acting(database, await a_member(database, group, Role.STEWARD))
    assert principal.convenes == {group.id}
    assert principal.steward_of == frozenset()
    assert principal.scopes == PERSON_SCOPES


async def test_roles_that_are_not_for_looking_after_open_nothing(database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    principal = await acting(database, await a_member(database, group, Role.MEDIATOR, Role.CATALYST))
    assert principal.convenes == frozenset()
    convening_a_hub = await acting(database, await a_person(database, hub, Role.CONVENER))
    assert convening_a_hub.steward_of == frozenset()


async def test_what_somebody_has_not_accepted_makes_them_nothing(membership: Client, database: Database) -> None:
    hub = await a_hub(database)
    group = await a_group(database, hub)
    person = await a_person(database)
    operator = membership.acting_as(an_operator())
    in_hub = await operator.post(f"/hubs/{hub.id}/members", {"person_id": person.id, "roles": ["steward"]})
    in_group = await operator.post(f"/groups/{group.id}/members", {"person_id": person.id, "roles": ["convener"]})
    principal = await acting(database, person)
    assert principal.scopes == PERSON_SCOPES
    assert principal.hubs == principal.steward_of == principal.convenes == frozenset()
    assert principal.groups == {}
    own = membership.acting_as(principal)
    for made in (in_hub.body, in_group.body):
        assert (await own.post(f"/memberships/{made['id']}/accept")).status == 200
        [told] = await messages(database, "membership.membership_accepted", made["id"])
        assert told["data"] == {
            "membership_id": made["id"],
            "person_id": person.id,
            "hub_id": hub.id,
            "group_id": made["group_id"],
            "version": 2,
        }
        assert (told["hub"], person.id in told["touches"]) == (hub.id, True)
        await own.post(f"/memberships/{made['id']}/accept")
        assert len(await messages(database, "membership.membership_accepted", made["id"])) == 1
    principal = await acting(database, person)
    assert principal.hubs == principal.steward_of == {hub.id}
    assert principal.groups == {group.id: hub.id}
    assert principal.convenes == {group.id}


async def test_only_the_gateway_asks(membership: Client) -> None:
    body = {"credential": "whatever"}
    assert (await membership.post("/principals", body)).status == 401
    for caller in (NOTIFY, service_principal("events"), an_operator(), somebody()):
        assert (await membership.acting_as(caller).post("/principals", body)).problem()[1] == "scope_missing"
    assert (await membership.acting_as(GATEWAY).post("/principals", body)).status == 401
