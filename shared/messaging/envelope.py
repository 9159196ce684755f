"""Messages and their envelope: CloudEvents 1.0 in JSON. The broker, the log and webhooks carry the same bytes.

A message class is a frozen pydantic model with a topic and a version. Producers may send only its fields; consumers
ignore fields they do not know. An additive change keeps the version; any other change needs a new class.
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
    """The bytes cannot be read as a message; a retry will not help."""


_registry: dict[str, "type[Message]"] = {}


class Message(BaseModel):
    """A fact, named in the past tense. Subclasses set `topic`. A message carries ids, never names or addresses.

    `public`: whether developers may subscribe to it. `broadcast`: only running gateways use it, so it may be published
    when no queue receives it. `to_one`: it cannot be subscribed to; it goes only to the endpoint it is about.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    topic: ClassVar[str]
    schema_version: ClassVar[int] = 1
    public: ClassVar[bool] = True
    broadcast: ClassVar[bool] = False
    to_one: ClassVar[bool] = False

    @classmethod
    def __pydantic_init_subclass__(cls, **options: Any) -> None:
        """Register the class by its type name. Raises `ValueError` when another class has the name."""
        if "topic" in vars(cls):
            other = _registry.setdefault(cls.type_name(), cls)
            if other is not cls:
                raise ValueError(f"two message classes call themselves {cls.type_name()}")

    @classmethod
    def type_name(cls) -> str:
        """The CloudEvents type, which is also the routing key: `events.registration_confirmed.v1`."""
        return f"{cls.topic}.v{cls.schema_version}"


M = TypeVar("M", bound=Message)


def registered() -> dict[str, type[Message]]:
    """All registered message classes by their type names."""
    return dict(_registry)


class Envelope(BaseModel):
    """A CloudEvents 1.0 event (specification, "Context Attributes") with our extensions.

    `hub`: the hub it concerns; `actor`: who did it; `causation` and `correlation`: the message and the request that
    led to it; `touches`: the ids of everything that shows the change, separated by spaces (CloudEvents has no lists);
    `reach`: `hub` when that hub's developers may receive it.
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
        """The type without the version: `events.registration_confirmed`."""
        return self.type.rpartition(".")[0]

    @property
    def touched(self) -> frozenset[str]:
        """The ids in `touches`."""
        return frozenset(self.touches.split())

    def read(self, cls: builtins.type[M]) -> M:
        """The data as a message of this class, without unknown fields. Raises `Malformed` if the data do not fit."""
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
    """Put a message into an envelope; return its new id and the bytes.

    `cause`: the current one by default. `anonymous`: leave out the actor and every link to the request.
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
        "dataschema": f"urn:mycelium:schema:{type_name}",  # a name (URN), not an address
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
    """Read an envelope. Raises `Malformed` for anything but a message of Mycelium."""
    try:
        envelope = Envelope.model_validate(orjson.loads(body))
    except (orjson.JSONDecodeError, ValidationError) as error:
        raise Malformed(str(error).splitlines()[0]) from None
    if prefix_of(envelope.id) != "msg":
        raise Malformed("the id is not a message's")
    return envelope
