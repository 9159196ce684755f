"""Messages and their envelope: CloudEvents 1.0 in JSON, the same bytes on the broker, in the log and in a webhook.

A message class is a frozen pydantic model with a topic and a version. Producers may not send fields it does not have;
consumers ignore fields they do not know. Additive change keeps the version; anything else is a new class.
"""

import builtins
from collections.abc import Iterable
from datetime import datetime
from typing import Any, ClassVar, Literal, TypeVar

import orjson
from pydantic import BaseModel, ConfigDict, ValidationError

from shared import clock
from shared.context import Cause, current_cause
from shared.ids import new_id, prefix_of

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json; charset=UTF-8"
Reach = Literal["hub", "internal"]


class Malformed(ValueError):
    """The bytes are not a message we can read; retrying will not help."""


_registry: dict[str, "type[Message]"] = {}


class Message(BaseModel):
    """A fact, past tense. Subclasses set `topic`; ids only, never a name or an address.

    `public`: whether developers may subscribe to it. `broadcast`: only running gateways want it, so nobody being there
    to hear it is no loss. `to_one`: nobody subscribes to it, and the one endpoint that it is about is sent it.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: ClassVar[str]
    schema_version: ClassVar[int] = 1
    public: ClassVar[bool] = True
    broadcast: ClassVar[bool] = False
    to_one: ClassVar[bool] = False

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Make the class known by its type name. Raises `ValueError` when another has the name."""
        if "topic" in vars(cls):
            other = _registry.setdefault(cls.type_name(), cls)
            if other is not cls:
                raise ValueError(f"two message classes call themselves {cls.type_name()}")

    @classmethod
    def type_name(cls) -> str:
        """`events.registration_confirmed.v1`: the CloudEvents type and the routing key."""
        return f"{cls.topic}.v{cls.schema_version}"


M = TypeVar("M", bound=Message)


def registered() -> dict[str, type[Message]]:
    """Every known message class by its type name."""
    return dict(_registry)


class Envelope(BaseModel):
    """A CloudEvents 1.0 event (specification, "Context Attributes") with our extensions.

    `hub`: whose hub it concerns; `actor`: who did it; `causation` and `correlation`: which message or request led to
    it; `touches`: ids of everything the change is visible in, with spaces between (CloudEvents knows no lists);
    `reach`: `hub` when that hub's developers may have it.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    specversion: Literal["1.0"]
    id: str
    type: str
    source: str
    subject: str
    time: datetime
    datacontenttype: Literal["application/json"] = "application/json"
    dataschema: str
    data: dict[str, Any]
    hub: str | None = None
    actor: str | None = None
    causation: str | None = None
    correlation: str | None = None
    traceparent: str | None = None
    touches: str = ""
    reach: Reach = "internal"

    @property
    def topic(self) -> str:
        """The dotted public name, without the version."""
        return self.type.rpartition(".")[0]

    @property
    def touched(self) -> frozenset[str]:
        """The ids in `touches`."""
        return frozenset(self.touches.split())

    def read(self, cls: builtins.type[M]) -> M:
        """The data as a message of this class; unknown fields are ignored. Raises `Malformed`."""
        known = {name: value for name, value in self.data.items() if name in cls.model_fields}
        try:
            return cls.model_validate(known)
        except ValidationError as error:
            raise Malformed(f"{self.type} {self.id}: {error.error_count()} fields do not fit") from None


def seal(
    message: Message,
    *,
    source: str,
    cause: Cause | None = None,
    subject: str,
    hub: str | None = None,
    touches: Iterable[str] = (),
    reach: Reach | None = None,
    anonymous: bool = False,
    now: datetime | None = None,
) -> tuple[str, bytes]:
    """A message's id and its bytes. `anonymous` leaves the actor and every link back to the request out.

    `cause`: the present one, unless given.
    """
    cause = cause or current_cause()
    identifier = new_id("msg")
    type_name = type(message).type_name()
    event: dict[str, Any] = {
        "specversion": SPEC_VERSION,
        "id": identifier,
        "type": type_name,
        "source": f"/mycelium/{source}",
        "subject": subject,
        "time": clock.iso(now or clock.now()),
        "datacontenttype": "application/json",
        "dataschema": f"urn:mycelium:schema:{type_name}",  # a URI, not a reference: what it is called, not where
        "data": message.model_dump(mode="json"),
        "touches": " ".join(sorted({subject, *touches} | ({hub} if hub else set()))),
        "reach": reach or ("hub" if type(message).public and hub else "internal"),
    }
    links = {
        "hub": hub,
        "actor": None if anonymous else cause.actor,
        "causation": cause.causation,
        "correlation": None if anonymous else cause.correlation,
        "traceparent": None if anonymous else cause.traceparent,
    }
    event.update({name: value for name, value in links.items() if value is not None})
    return identifier, orjson.dumps(event)


def unseal(body: bytes) -> Envelope:
    """Read an envelope. Raises `Malformed` for anything that is not one of ours."""
    try:
        envelope = Envelope.model_validate(orjson.loads(body))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Malformed(str(error).splitlines()[0]) from None
    if prefix_of(envelope.id) != "msg":
        raise Malformed("the id is not a message's")
    return envelope
