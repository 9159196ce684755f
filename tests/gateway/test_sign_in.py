"""Signing in and out, and API keys, through the graph; and how soon what they open changes."""

import asyncio
from datetime import timedelta

from gateway.auth import Credentials
from shared import clock
from tests.gateway.community import ASK_FOR_CODE, SIGN_IN, Community, code_in
from tests.support.waiting import eventually

VIEWER = "{ viewer { kind id: callerId } }"
REFRESH = """mutation($token: String!) {
    refreshSession(input: {refreshToken: $token}) { session { accessToken refreshToken } problems { code } }
}"""

SIGN_OUT = "mutation { signOut { signedOut problems { code } } }"


def expired(community: Community, token: str) -> str:
    """An access token of the same session that was good until a while ago."""
    signer = community.stack.app("membership").state.service.extra["signer"]
    claims = signer.read(token, clock.now())
    issued: str = signer.issue(claims.person_id, claims.session_id, clock.now() - timedelta(hours=1))
    return issued


async def refused(community: Community, key: str) -> bool:
    """Whether this credential opens nothing."""
    answer = await community.ask(VIEWER, key=key)
    return "data" not in answer and answer["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"


async def test_a_code_that_came_by_mail_signs_in_once(community: Community) -> None:
    address = community.people["bob"].address
    seen = len(community.stack.mails_to(address))
    assert (await community.data(ASK_FOR_CODE, {"email": address}))["requestSignInCode"] == {"sent": True}
    mails = await eventually(lambda: community.stack.mails_to(address)[seen:])
    variables = {"email": address, "code": code_in(mails[-1])}
    signed_in = (await community.data(SIGN_IN, variables))["signIn"]
    assert signed_in["session"]["person"] == {"id": community.people["bob"].id, "name": "Bob"}
    viewer = await community.data(VIEWER, key=signed_in["session"]["accessToken"])
    assert viewer["viewer"] == {"kind": "PERSON", "id": community.people["bob"].id}
    again = (await community.data(SIGN_IN, variables))["signIn"]
    assert again["session"] is None
    assert [(each["code"], each["path"]) for each in again["problems"]] == [("code_refused", ["input", "code"])]


async def test_an_unknown_address_is_answered_alike(community: Community) -> None:
    data = await community.data(ASK_FOR_CODE, {"email": "nobody-here@example.org"})
    assert data["requestSignInCode"] == {"sent": True}


async def test_a_session_goes_on_and_a_token_used_twice_ends_it(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    first = (await community.data(REFRESH, {"token": zoe.refresh_token}))["refreshSession"]["session"]
    assert (await community.data(VIEWER, key=first["accessToken"]))["viewer"]["id"] == zoe.id
    assert await refused_refresh(community, zoe.refresh_token) == [("refresh_refused", ["input", "refreshToken"])]
    await eventually(lambda: refused(community, first["accessToken"]), within=2)


async def test_signing_out_ends_the_session(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    assert (await community.data(VIEWER, key=zoe.token))["viewer"]["id"] == zoe.id
    data = await community.data(SIGN_OUT, key=zoe.token)
    assert data["signOut"] == {"signedOut": True, "problems": []}
    assert await refused(community, zoe.token)


async def test_signing_out_again_answers_as_the_first_time(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    for _ in range(3):
        assert (await community.data(SIGN_OUT, key=zoe.token))["signOut"] == {"signedOut": True, "problems": []}
    headers = {"Idempotency-Key": "signing-zoe-out"}
    for _ in range(2):
        data = await community.data(SIGN_OUT, key=zoe.token, headers=headers)
        assert data["signOut"] == {"signedOut": True, "problems": []}


async def test_an_expired_token_still_ends_its_session(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    old = expired(community, zoe.token)
    assert await refused(community, old)
    assert (await community.data(SIGN_OUT, key=old))["signOut"] == {"signedOut": True, "problems": []}
    await eventually(lambda: refused(community, zoe.token), within=2)
    assert await refused_refresh(community, zoe.refresh_token) == [("refresh_refused", ["input", "refreshToken"])]


async def refused_refresh(community: Community, token: object, query: str | None = None) -> list[tuple[str, list[str]]]:
    """The code and path of each problem of a refresh that gives no session."""
    query = (
        query
        or """mutation($token: String!) { refreshSession(input: {refreshToken: $token}) {
        session { accessToken } problems { code path } } }"""
    )
    answer = await community.ask(query, {"token": token})
    if "errors" in answer:
        (error,) = answer["errors"]
        problems = error["extensions"]["problems"]
    else:
        assert answer["data"]["refreshSession"]["session"] is None
        problems = answer["data"]["refreshSession"]["problems"]
    return [(problem["code"], problem["path"]) for problem in problems]


async def test_a_refresh_token_that_cannot_be_used_is_a_problem_of_its_field(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    at = ["input", "refreshToken"]
    assert await refused_refresh(community, "x" * 201) == [("too_long", at)]
    assert await refused_refresh(community, "myr_nobodys") == [("refresh_refused", at)]
    for value, code in ((5, "not_text"), (None, "required"), ({"$gt": ""}, "not_text")):
        assert await refused_refresh(community, value) == [(code, at)], value
    await community.data(REFRESH, {"token": zoe.refresh_token})
    assert await refused_refresh(community, zoe.refresh_token) == [("refresh_refused", at)], "it was used before"


async def test_what_was_never_a_token_of_ours_signs_nobody_out(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    _, key = await community.a_key("north")
    tampered = zoe.token[:-3] + ("aaa" if not zoe.token.endswith("aaa") else "bbb")
    for credential in (None, "a.b.c", tampered):
        answer = await community.ask(SIGN_OUT, key=credential)
        assert answer["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN", credential
    assert (await community.data(SIGN_OUT, key=key))["signOut"]["problems"] == [{"code": "person_needed"}]
    assert (await community.data(VIEWER, key=zoe.token))["viewer"]["id"] == zoe.id


async def test_a_session_is_refreshed_also_when_the_expired_token_is_sent_along(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    old = expired(community, zoe.token)
    query = """mutation($token: String!) { refreshSession(input: {refreshToken: $token}) {
        session { accessToken refreshToken person { id } } problems { code }
    } }"""
    session = (await community.data(query, {"token": zoe.refresh_token}, key=old))["refreshSession"]["session"]
    assert session["person"] == {"id": zoe.id}
    assert (await community.data(VIEWER, key=session["accessToken"]))["viewer"]["id"] == zoe.id
    data = await community.data(ASK_FOR_CODE, {"email": zoe.address}, key=old)
    assert data["requestSignInCode"] == {"sent": True}


async def test_an_expired_token_opens_nothing_beside_a_refresh(community: Community) -> None:
    zoe = await community.a_person("Zoe")
    old = expired(community, zoe.token)
    more = """mutation($token: String!) { refreshSession(input: {refreshToken: $token}) { session { accessToken } }
        createOrganisation(input: {name: "N", kind: RESEARCHER}) { problems { code } } }"""
    hidden = """mutation($token: String!) { ...all } fragment all on Mutation {
        refreshSession(input: {refreshToken: $token}) { session { accessToken } } }"""
    for query in (more, hidden):
        answer = await community.ask(query, {"token": zoe.refresh_token}, key=old)
        assert "data" not in answer, query
        assert answer["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"
    assert (await community.ask(VIEWER, key=old))["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN"
    key_id, key = await community.a_key("north")
    await community.do("revokeApiKey", "apiKey { id }", {"apiKey": key_id}, community.operator)
    answer = await community.ask(REFRESH, {"token": zoe.refresh_token}, key=key)
    assert answer["errors"][0]["extensions"]["code"] == "NOT_SIGNED_IN", "a site is told that its key is revoked"


async def test_a_revoked_key_opens_nothing_within_two_seconds(community: Community) -> None:
    key_id, key = await community.a_key("north")
    assert (await community.data(VIEWER, key=key))["viewer"]["id"] == key_id
    revoked = await community.do("revokeApiKey", "apiKey { revokedAt }", {"apiKey": key_id}, community.operator)
    assert revoked["apiKey"]["revokedAt"] is not None
    await eventually(lambda: refused(community, key), within=2)


async def test_a_rotated_key_works_beside_the_old_one_for_a_while(community: Community) -> None:
    key_id, old = await community.a_key("north")
    wanted = {"apiKey": key_id, "overlapSeconds": 3600}
    rotated = await community.do("rotateApiKey", "apiKey { id rotatedAt hub { slug } } secret", wanted, old)
    assert rotated["apiKey"]["hub"] == {"slug": "north"}
    for key in (old, rotated["secret"]):
        assert (await community.data(VIEWER, key=key))["viewer"]["id"] == key_id
    at_once = await community.do("rotateApiKey", "secret", {"apiKey": key_id, "overlapSeconds": 0}, community.operator)
    await eventually(lambda: refused(community, old), within=2)
    assert (await community.data(VIEWER, key=at_once["secret"]))["viewer"]["id"] == key_id


async def test_keys_are_listed_without_their_secrets(community: Community) -> None:
    query = "query($hub: ID) { apiKeys(filter: {hub: $hub}, first: 100) { edges { node { id name prefix scopes } } } }"
    data = await community.data(query, {"hub": community.hubs["north"]}, key=community.keys["north"])
    found = {edge["node"]["id"]: edge["node"] for edge in data["apiKeys"]["edges"]}
    mine = found[community.key_ids["north"]]
    assert community.keys["north"].startswith(mine["prefix"])
    assert community.keys["north"] not in str(data)


async def test_a_key_that_has_stopped_says_why(community: Community) -> None:
    key_id, _ = await community.a_key("north")
    query = "query($id: ID!) { apiKey(id: $id) { stoppedReason } }"
    assert (await community.data(query, {"id": key_id}, key=community.operator))["apiKey"] == {"stoppedReason": None}
    revoked = await community.do("revokeApiKey", "apiKey { stoppedReason }", {"apiKey": key_id}, community.operator)
    assert revoked["apiKey"] == {"stoppedReason": "REVOKED"}
    found = await community.data(query, {"id": key_id}, key=community.operator)
    assert found["apiKey"] == {"stoppedReason": "REVOKED"}


async def test_a_key_is_found_out_once_for_many_requests_at_once(community: Community) -> None:
    services = community.stack.app("gateway").state.gateway.services
    credentials = Credentials(services, lambda: True)  # it hears no messages, which would have it ask again
    found = await asyncio.gather(*(credentials.resolve(community.keys["north"]) for _ in range(20)))
    assert {principal.id for principal in found} == {community.key_ids["north"]}
    assert credentials.counters["asked"] == 1
