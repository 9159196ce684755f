"""Short calls for tests that act only through the public API."""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from standardwebhooks import Webhook

from tests.support.receiver import Received, Receiver
from tests.support.stack import Front
from tests.support.waiting import eventually


class Refused(AssertionError):
    """The answer contained problems or errors where none was expected."""


@dataclass
class Actor:
    """A caller with a credential; `None`: an anonymous caller."""

    stack: Front
    credential: str | None
    id: str = ""

    async def ask(self, query: str, **variables: Any) -> dict[str, Any]:
        """Run an operation that is expected to succeed; return its data."""
        answer = await self.stack.ask(query, variables, key=self.credential)
        if answer.get("errors"):
            raise Refused(answer["errors"])
        data: dict[str, Any] = answer["data"]
        return data

    async def try_to(
        self, mutation: str, fields: str, values: Mapping[str, Any] | None = None, **headers: str
    ) -> dict[str, Any]:
        """Run one mutation; return its payload, which may contain problems."""
        name = mutation[:1].upper() + mutation[1:]
        selected = f"{fields} problems {{ code message path }}"
        query = f"mutation($input: {name}Input!) {{ {mutation}(input: $input) {{ {selected} }} }}"
        sent = {key.replace("_", "-"): value for key, value in headers.items()}
        answer = await self.stack.ask(query, {"input": dict(values or {})}, key=self.credential, headers=sent)
        if answer.get("errors"):
            raise Refused(answer["errors"])
        payload: dict[str, Any] = answer["data"][mutation]
        return payload

    async def do(self, mutation: str, fields: str, **values: Any) -> dict[str, Any]:
        """Run one mutation that is expected to succeed; return its payload."""
        payload = await self.try_to(mutation, fields, values)
        if payload["problems"]:
            raise Refused(payload["problems"])
        return payload

    async def accept_all(self) -> None:
        """Accept every membership that somebody else made for this person."""
        query = "{ viewer { person { memberships(first: 100) { edges { node { id acceptedAt } } } } } }"
        there = (await self.ask(query))["viewer"]["person"]["memberships"]["edges"]
        for one in (edge["node"] for edge in there if edge["node"]["acceptedAt"] is None):
            await self.do("acceptMembership", "membership { id }", membership=one["id"])


@dataclass
class Community:
    """A hub with its key and one group, in which a test can create people."""

    stack: Front
    operator: Actor
    hub: str
    hub_key: Actor
    group: str
    people: list[Actor] = field(default_factory=list)

    async def a_person(self, *, joins: bool = False, accepts: bool = True) -> Actor:
        """A new person of the hub, signed in with the mailed code, who accepts the membership of the hub."""
        address = f"person-{secrets.token_hex(6)}@example.org"
        made = await self.hub_key.do(
            "createPerson", "person { id }", name="Robin Invented", email=address, hub=self.hub
        )
        session = await sign_in(self.stack, address)
        person = Actor(self.stack, session["accessToken"], made["person"]["id"])
        if accepts:
            await person.accept_all()
        if joins:
            await person.do("joinGroup", "membership { id }", group=self.group)
        self.people.append(person)
        return person

    async def an_event(self, **values: Any) -> str:
        """Create and publish an event of the hub; return its id."""
        usual = {
            "title": "What have we learnt?",
            "kind": "REGIONAL_CONVERSATION",
            "hub": self.hub,
            "startsAt": "2031-03-05T12:30:00Z",
            "endsAt": "2031-03-05T16:30:00Z",
            "timeZone": "Europe/London",
        }
        made = await self.hub_key.do("createEvent", "event { id }", **{**usual, **values})
        event: str = made["event"]["id"]
        await self.hub_key.do("publishEvent", "event { status }", event=event)
        return event

    async def an_endpoint(self, receiver: Receiver, topics: list[str] | None = None) -> tuple[str, str]:
        """Create a webhook endpoint of the hub for the receiver; return its id and secret."""
        made = await self.hub_key.do(
            "createWebhookEndpoint", "endpoint { id } secret", hub=self.hub, url=receiver.url, topics=topics or []
        )
        return made["endpoint"]["id"], made["secret"]


async def sign_in(stack: Front, address: str) -> dict[str, Any]:
    """Request a code, read it from the mail, use it; return the session."""
    nobody = Actor(stack, None)
    before = len(stack.mails_to(address))
    await nobody.do("requestSignInCode", "__typename", email=address)

    def arrived() -> str | None:
        mails = stack.mails_to(address)[before:]
        return mails[-1].get_content() if mails else None

    text = await eventually(arrived, within=20)
    code = re.search(r"\b[A-Z0-9]{4}-?[A-Z0-9]{4}\b", text)
    assert code is not None, text
    payload = await nobody.do("signIn", "session { accessToken refreshToken expiresIn }", email=address, code=code[0])
    session: dict[str, Any] = payload["session"]
    return session


def verified(received: Received, secret: str) -> dict[str, Any]:
    """The message in a webhook, after the `standardwebhooks` package has verified its signature."""
    Webhook(secret).verify(received.body, dict(received.headers))
    message: dict[str, Any] = received.json()
    return message


async def hears(receiver: Receiver, type_name: str, *, subject: str | None = None, within: float = 20) -> Received:
    """Wait until the receiver has received a message of this type (about this subject)."""

    def found() -> Received | None:
        for one in receiver.received:
            message = one.json()
            if message["type"] == type_name and subject in (None, message["subject"]):
                return one
        return None

    return await eventually(found, within=within)
