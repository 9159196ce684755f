"""The envelope is a CloudEvents 1.0 event in JSON (specification v1.0.2), and says what it should of its cause."""

import re
from datetime import datetime
from typing import Any

import jsonschema_rs
import orjson
import pytest

from deploy.cli.reference.schemas import ABOUT, data_schema, envelope_schema, messages, public_messages, schema_id
from shared.context import Cause
from shared.ids import new_id, prefix_of
from shared.messaging.envelope import CONTENT_TYPE, Envelope, Malformed, Message, seal, unseal
from tests.contracts.samples import a_message

OWN = {"specversion", "id", "source", "type", "subject", "time", "datacontenttype", "dataschema", "data"}
CAUSE = Cause(
    correlation=new_id("req"),
    traceparent="00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
    actor=new_id("per"),
    causation=new_id("msg"),
)
HUB = new_id("hub")
every_message = pytest.mark.parametrize("cls", messages().values(), ids=messages())


def sealed(cls: type[Message], **about: Any) -> dict[str, Any]:
    """The JSON document of a message with everything said of it that can be."""
    _, body = seal(a_message(cls), **{"source": "events", "cause": CAUSE, "subject": "evt_1", "hub": HUB, **about})
    document: dict[str, Any] = orjson.loads(body)
    return document


@every_message
def test_it_has_the_required_attributes(cls: type[Message]) -> None:
    """Section "Required Attributes": id, source, specversion and type are non-empty strings."""
    event = sealed(cls)
    assert event["specversion"] == "1.0"
    assert all(isinstance(event[name], str) and event[name] for name in ("id", "source", "type"))
    assert event["type"] == cls.type_name()
    assert prefix_of(event["id"]) == "msg"


@every_message
def test_its_optional_attributes_are_of_their_types(cls: type[Message]) -> None:
    """Section "Optional Attributes": a media type, an absolute URI, a non-empty subject, an RFC 3339 timestamp."""
    event = sealed(cls)
    assert event["datacontenttype"] == "application/json"
    assert re.match(r"[a-z][a-z0-9+.-]*:\S+$", event["dataschema"])
    assert event["dataschema"] == schema_id(cls) == data_schema(cls)["$id"]
    assert event["subject"]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z", event["time"])
    assert datetime.fromisoformat(event["time"])


@every_message
def test_attribute_names_are_short_lower_case_letters_and_digits(cls: type[Message]) -> None:
    """Section "Attribute Naming Convention"."""
    names = set(sealed(cls))
    assert all(re.fullmatch(r"[a-z0-9]{1,20}", name) for name in names)
    assert names == set(ABOUT) >= OWN


@every_message
def test_no_attribute_is_null(cls: type[Message]) -> None:
    for event in (sealed(cls), sealed(cls, hub=None, cause=Cause(correlation="r", traceparent="t"))):
        assert [name for name, value in event.items() if value is None] == []


@every_message
def test_it_fits_the_published_schema(cls: type[Message]) -> None:
    jsonschema_rs.validate(envelope_schema(), sealed(cls))
    jsonschema_rs.validate(envelope_schema(), sealed(cls, hub=None, anonymous=True))


def test_the_media_type_is_that_of_structured_mode() -> None:
    assert CONTENT_TYPE.partition(";")[0] == "application/cloudevents+json"


def test_nothing_in_an_anonymous_one_leads_to_who_did_it() -> None:
    cls = public_messages()["learning.entry_shared.v1"]
    event = sealed(cls, anonymous=True)
    assert not {"actor", "correlation", "traceparent"} & set(event)
    assert str(CAUSE.actor) not in orjson.dumps({**event, "data": {}}).decode()


def test_no_message_of_learning_has_a_field_for_a_person() -> None:
    of_learning = [cls for cls in messages().values() if cls.topic.startswith("learning.")]
    assert len(of_learning) == 4
    assert [
        cls.topic for cls in of_learning if '"per_' in orjson.dumps(sealed(cls, anonymous=True)["data"]).decode()
    ] == []
    assert {name for cls in of_learning for name in cls.model_fields if "author" in name or "person" in name} == set()


@every_message
def test_only_what_is_public_and_has_a_hub_reaches_a_hub(cls: type[Message]) -> None:
    assert sealed(cls)["reach"] == ("hub" if cls.public else "internal")
    assert sealed(cls, hub=None)["reach"] == "internal"
    assert sealed(cls, reach="internal")["reach"] == "internal"


def test_what_it_touches_includes_its_subject_and_its_hub() -> None:
    event = sealed(next(iter(messages().values())), touches=["per_1", "per_1"])
    assert event["touches"] == " ".join(sorted(["evt_1", HUB, "per_1"]))


def test_attributes_we_do_not_know_are_ignored_and_missing_ones_are_not() -> None:
    event = sealed(next(iter(messages().values())))
    assert unseal(orjson.dumps(event | {"later": "x"})) == Envelope.model_validate(event)
    for name in OWN - {"datacontenttype"}:
        with pytest.raises(Malformed):
            unseal(orjson.dumps({key: value for key, value in event.items() if key != name}))
    for wrong in ({"specversion": "0.3"}, {"id": "42"}, {"data": "text"}, {"time": "yesterday"}):
        with pytest.raises(Malformed):
            unseal(orjson.dumps(event | wrong))
