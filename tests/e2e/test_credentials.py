"""Sign-in by code, keys and their end: what a hub's site and its people do first."""

import asyncio
import secrets

import pytest

from tests.support.acting import Actor, Community, Refused, sign_in
from tests.support.stack import Stack
from tests.support.waiting import eventually

VIEWER = "{ viewer { kind id: callerId scopes person { id } } }"


async def test_a_person_signs_in_with_the_mailed_code_and_is_known(community: Community) -> None:
    person = await community.a_person()
    viewer = (await person.ask(VIEWER))["viewer"]
    assert (viewer["kind"], viewer["person"]["id"]) == ("PERSON", person.id)


async def test_an_unknown_address_gets_the_same_answer_and_no_mail(community: Community) -> None:
    nobody = Actor(community.stack, None)
    address = f"stranger-{secrets.token_hex(4)}@example.org"
    payload = await nobody.try_to("requestSignInCode", "__typename", {"email": address})
    assert payload["problems"] == []
    refused = await nobody.try_to("signIn", "session { accessToken }", {"email": address, "code": "ABCD2345"})
    assert refused["session"] is None
    assert [(p["code"], p["path"]) for p in refused["problems"]] == [("code_refused", ["input", "code"])]
    assert community.stack.mails_to(address) == []


async def test_a_revoked_key_opens_nothing_within_two_seconds(community: Community) -> None:
    made = await community.operator.do(
        "createApiKey", "apiKey { id } secret", name="short-lived", hub=community.hub, scopes=["DIRECTORY_READ"]
    )
    key = Actor(community.stack, made["secret"])
    assert (await key.ask(VIEWER))["viewer"]["kind"] == "CLIENT"
    await community.operator.do("revokeApiKey", "apiKey { id }", apiKey=made["apiKey"]["id"])

    async def closed() -> bool:
        try:
            await key.ask(VIEWER)
        except Refused as refused:
            return "NOT_SIGNED_IN" in str(refused)
        return False

    await eventually(closed, within=2)


async def test_a_rotated_key_and_its_old_secret_both_work_during_the_overlap(community: Community) -> None:
    made = await community.operator.do(
        "createApiKey", "apiKey { id } secret", name="rotated", hub=community.hub, scopes=["DIRECTORY_READ"]
    )
    rotated = await community.operator.do("rotateApiKey", "secret", apiKey=made["apiKey"]["id"], overlapSeconds=60)
    for secret in (made["secret"], rotated["secret"]):
        await Actor(community.stack, secret).ask(VIEWER)


async def test_a_key_of_one_hub_sees_and_changes_nothing_of_another(community: Community) -> None:
    slug = "hub-" + secrets.token_hex(4)
    other = (await community.operator.do("createHub", "hub { id }", slug=slug, name="Wales", kind="REGIONAL"))["hub"]
    refused = await community.hub_key.try_to(
        "createGroup",
        "group { id }",
        {"slug": "group-" + secrets.token_hex(4), "name": "Not ours", "domain": "None", "hub": other["id"]},
    )
    assert refused["group"] is None
    assert refused["problems"][0]["code"] == "not_found"
    refused = await community.hub_key.try_to(
        "createWebhookEndpoint", "endpoint { id }", {"hub": other["id"], "url": "https://example.org/"}
    )
    assert refused["endpoint"] is None
    assert refused["problems"][0]["code"] == "not_found"


async def test_an_old_secret_makes_no_key_and_a_revoked_key_takes_along_what_it_made(community: Community) -> None:
    scopes = ["DIRECTORY_READ", "HUB_ADMIN"]
    about = {"name": "maker", "hub": community.hub, "scopes": scopes}
    made = await community.operator.do("createApiKey", "apiKey { id } secret", **about)
    key = made["apiKey"]["id"]
    rotated = await community.operator.do("rotateApiKey", "secret", apiKey=key, overlapSeconds=60)
    old, new = Actor(community.stack, made["secret"]), Actor(community.stack, rotated["secret"])
    for mutation, given in (("createApiKey", about), ("rotateApiKey", {"apiKey": key})):
        refused = await old.try_to(mutation, "secret", given)
        assert [problem["code"] for problem in refused["problems"]] == ["key_rotated"]
    await old.ask(VIEWER)
    child = Actor(community.stack, (await new.do("createApiKey", "secret", **about))["secret"])
    await child.ask(VIEWER)
    await community.operator.do("revokeApiKey", "apiKey { id }", apiKey=key)

    async def closed() -> bool:
        try:
            await child.ask(VIEWER)
        except Refused:
            return True
        return False

    await eventually(closed, within=2)


async def test_a_reused_refresh_token_ends_the_session(community: Community) -> None:
    address = f"person-{secrets.token_hex(6)}@example.org"
    await community.hub_key.do("createPerson", "person { id }", name="Sam Invented", email=address, hub=community.hub)
    session = await sign_in(community.stack, address)
    nobody = Actor(community.stack, None)
    fields = "session { accessToken refreshToken }"
    second = (await nobody.do("refreshSession", fields, refreshToken=session["refreshToken"]))["session"]
    await Actor(community.stack, second["accessToken"]).ask(VIEWER)
    for ended in (session, second):
        with pytest.raises(Refused, match="refresh_refused"):
            await nobody.do("refreshSession", fields, refreshToken=ended["refreshToken"])

    async def closed() -> bool:
        try:
            await Actor(community.stack, second["accessToken"]).ask(VIEWER)
        except Refused:
            return True
        return False

    await eventually(closed, within=2)


@pytest.mark.parametrize("credential", ["rubbish", "myc_live_x_y", "Bearer", "a.b.c"])
async def test_a_credential_that_is_none_is_an_error_and_not_a_stranger(stack: Stack, credential: str) -> None:
    answer = await stack.ask(VIEWER, key=credential)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


async def test_ten_repeats_at_once_with_one_key_have_one_effect(community: Community) -> None:
    slug = "group-" + secrets.token_hex(4)
    given = {"slug": slug, "name": "Once", "domain": "Once", "hub": community.hub}
    answers = await asyncio.gather(
        *(
            community.hub_key.try_to("createGroup", "group { id }", given, Idempotency_Key=f"once-{slug}")
            for _ in range(10)
        )
    )
    assert len({answer["group"]["id"] for answer in answers}) == 1
    other = await community.hub_key.try_to(
        "createGroup", "group { id }", {**given, "name": "Twice"}, Idempotency_Key=f"once-{slug}"
    )
    assert other["problems"][0]["code"] == "idempotency_key_reused"
