"""A small community for tests of the gateway, made through the gateway itself.

National, with North and South below it; the group Trust in North; Sam, who looks after North, Ada, who is in Trust, and
Bob of South; an operator's key, and a key each for North and South.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from email.message import EmailMessage
from itertools import count
from typing import Any

from services.membership.api_keys.commands import create_api_key
from shared import clock
from shared.clock import iso
from shared.contracts.membership.api_keys import NewApiKey
from tests.support.membership import an_operator
from tests.support.stack import Stack
from tests.support.waiting import eventually

ALL_SCOPES = [
    "DIRECTORY_READ",
    "EVENTS_READ",
    "EVENTS_WRITE",
    "LEARNING_READ",
    "LEARNING_WRITE",
    "WEBHOOKS_MANAGE",
    "HUB_ADMIN",
]
_numbers = count(1)


@dataclass(frozen=True)
class Someone:
    """A person and what they are signed in with."""

    id: str
    address: str
    token: str
    refresh_token: str


@dataclass
class Community:
    """The running product and who is in it."""

    stack: Stack
    operator: str
    hubs: dict[str, str] = field(default_factory=dict)
    keys: dict[str, str] = field(default_factory=dict)
    key_ids: dict[str, str] = field(default_factory=dict)
    trust: str = ""
    people: dict[str, Someone] = field(default_factory=dict)

    async def ask(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Send an operation; `key` says as whom. Gives the whole answer."""
        return await self.stack.ask(query, variables, **more)

    async def data(self, query: str, variables: Mapping[str, Any] | None = None, **more: Any) -> dict[str, Any]:
        """Send an operation that is expected to succeed; gives its data."""
        answer = await self.ask(query, variables, **more)
        assert "errors" not in answer, answer
        data: dict[str, Any] = answer["data"]
        return data

    async def do(self, name: str, gives: str, input: Mapping[str, Any], key: str, **more: Any) -> dict[str, Any]:
        """Send a mutation that is expected to succeed; gives its payload."""
        payload = await self.try_to(name, gives, input, key, **more)
        assert payload["problems"] == [], payload
        return payload

    async def try_to(self, name: str, gives: str, input: Mapping[str, Any], key: str, **more: Any) -> dict[str, Any]:
        """Send a mutation; gives its payload, problems and all."""
        title = name[0].upper() + name[1:]
        query = f"mutation($input: {title}Input!) {{ it: {name}(input: $input) {{ {gives} {PROBLEMS} }} }}"
        payload: dict[str, Any] = (await self.data(query, {"input": input}, key=key, **more))["it"]
        return payload

    async def a_person(self, name: str, hub: str | None = None, *roles: str) -> Someone:
        """A person, in a hub when one is named, signed in."""
        address = f"{name.lower()}-{next(_numbers)}@example.org"
        made = await self.do("createPerson", "person { id }", {"name": name, "email": address}, self.operator)
        person: str = made["person"]["id"]
        if hub is None:
            return await self.signed_in(person, address)
        wanted = {"hub": self.hubs[hub], "person": person, "roles": list(roles) or None}
        joined = await self.do("addHubMember", "membership { id }", wanted, self.operator)
        someone = await self.signed_in(person, address)
        await self.accept(someone, joined)
        return someone

    async def accept(self, someone: "Someone", payload: Mapping[str, Any]) -> None:
        """Let a person say yes to the membership in this payload."""
        accepting = {"membership": payload["membership"]["id"]}
        await self.do("acceptMembership", "membership { acceptedAt }", accepting, someone.token)

    async def signed_in(self, person: str, address: str) -> Someone:
        """A new session of a person's, with the code that came by mail."""
        seen = len(self.stack.mails_to(address))
        await self.data(ASK_FOR_CODE, {"email": address})
        mails = await eventually(lambda: self.stack.mails_to(address)[seen:])
        code = code_in(mails[-1])
        session = (await self.data(SIGN_IN, {"email": address, "code": code}))["signIn"]["session"]
        return Someone(person, address, session["accessToken"], session["refreshToken"])

    async def a_key(self, hub: str, scopes: list[str] | None = None) -> tuple[str, str]:
        """An API key for a hub: its id and its text."""
        wanted = {"name": f"{hub} site", "hub": self.hubs[hub], "scopes": scopes or ALL_SCOPES}
        made = await self.do("createApiKey", "apiKey { id } secret", wanted, self.operator)
        return made["apiKey"]["id"], made["secret"]

    async def an_event(self, key: str, *, published: bool = True, **more: Any) -> str:
        """An event of North a week from now; gives its id."""
        made = await self.do("createEvent", "event { id }", an_event_input(self.hubs["north"], **more), key)
        event: str = made["event"]["id"]
        if published:
            await self.do("publishEvent", "event { id }", {"event": event}, key)
        return event


PROBLEMS = "problems { code message path }"
ASK_FOR_CODE = "mutation($email: EmailAddress!) { requestSignInCode(input: {email: $email}) { sent } }"
SIGN_IN = """mutation($email: EmailAddress!, $code: String!) { signIn(input: {email: $email, code: $code}) {
    session { accessToken refreshToken expiresIn refreshExpiresIn person { id name } } problems { code message path }
} }"""


def code_in(mail: EmailMessage) -> str:
    """The sign-in code a mail brings: the one line of eight characters."""
    text = mail.get_content()
    found = re.search(r"^\s*([0-9A-Z]{8})\s*$", text, re.MULTILINE)
    assert found is not None, text
    return found[1]


def an_event_input(hub: str | None, **more: Any) -> dict[str, Any]:
    """What to send to make an event."""
    starts_at = clock.now() + timedelta(days=7)
    return {
        "title": "A regional conversation",
        "kind": "REGIONAL_CONVERSATION",
        "hub": hub,
        "startsAt": iso(starts_at),
        "endsAt": iso(starts_at + timedelta(hours=2)),
        "timeZone": "Europe/London",
        **more,
    }


async def a_community(stack: Stack) -> Community:
    """Make it."""
    database = stack.app("membership").state.service.database
    key = NewApiKey(name="operator", scopes=["community:admin"])
    made = await create_api_key(database, an_operator(), key, now=clock.now())
    community = Community(stack, made.secret)
    for slug, parent in (("national", None), ("north", "national"), ("south", "national")):
        about = {"slug": slug, "name": slug.title(), "kind": "REGIONAL", "parent": community.hubs.get(parent or "")}
        hub = await community.do("createHub", "hub { id }", about, community.operator)
        community.hubs[slug] = hub["hub"]["id"]
    group = {"slug": "trust", "name": "Trust", "domain": "How we come to trust", "hub": community.hubs["north"]}
    community.trust = (await community.do("createGroup", "group { id }", group, community.operator))["group"]["id"]
    for hub_name in ("north", "south"):
        community.key_ids[hub_name], community.keys[hub_name] = await community.a_key(hub_name)
    community.people["sam"] = await community.a_person("Sam", "north", "STEWARD")
    community.people["ada"] = await community.a_person("Ada", "north")
    community.people["bob"] = await community.a_person("Bob", "south")
    joining = {"group": community.trust}
    await community.do("joinGroup", "membership { id }", joining, community.people["ada"].token)
    return community
