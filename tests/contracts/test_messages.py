"""What every message keeps to: it cannot be changed, says nothing of anybody but ids, and is called by one name."""

import inspect
import re
from collections.abc import Iterator, Sequence
from datetime import datetime
from enum import Enum
from typing import Annotated, Any, Literal, get_args, get_origin

import jsonschema_rs
import pytest
from pydantic import ValidationError

from deploy.cli.reference.schemas import data_schema, messages
from shared.context import Cause
from shared.contracts.membership.people import PersonId
from shared.enums import Theme
from shared.ids import IdType
from shared.messaging.envelope import Message, seal, unseal
from shared.settings import SERVICES
from tests.contracts.samples import a_message

MESSAGES = messages()
PERSONAL = re.compile(r"name|mail|address|phone|text|title|body|bio|headline|contact|birth|location", re.IGNORECASE)
AN_ID = IdType
# Fields of plain text, each with the reason why it cannot hold anything about a person.
WORDS = {
    "slug": "a hub's or group's own short name, part of its web address",
    "changed": "names of fields, never their values",
    "reason": "one of our own codes",
    "request_id": "an id of ours, of a kind that nobody else needs",
    "session_id": "an id of ours, of a kind that nobody else needs",
}
every_message = pytest.mark.parametrize("cls", MESSAGES.values(), ids=MESSAGES)


def leaves(annotation: Any, metadata: Sequence[Any] = ()) -> Iterator[tuple[Any, bool]]:
    """The types a field is made of, without the containers around them, and whether each must be one of our ids."""
    if get_origin(annotation) is Annotated:
        inner, *more = get_args(annotation)
        yield from leaves(inner, more)
    elif get_args(annotation) and get_origin(annotation) is not Literal:
        for part in get_args(annotation):
            yield from leaves(part)
    elif annotation is not type(None):
        yield annotation, any(isinstance(each, AN_ID) for each in metadata)


def may_hold_anything(annotation: Any, metadata: Sequence[Any] = ()) -> bool:
    """Whether a field is more than ids, times, numbers and words of closed lists."""
    return not all(
        is_id or (isinstance(part, type) and (part in {int, bool, datetime} or issubclass(part, Enum)))
        for part, is_id in leaves(annotation, metadata)
    )


def test_there_are_messages_of_every_service() -> None:
    assert {type_.split(".")[0] for type_ in MESSAGES} == set(SERVICES)


@every_message
def test_a_message_cannot_be_changed_and_takes_no_field_it_does_not_have(cls: type[Message]) -> None:
    assert cls.model_config.get("frozen") is True
    assert cls.model_config.get("extra") == "forbid"
    message = a_message(cls)
    with pytest.raises(ValidationError):
        cls.model_validate(message.model_dump() | {"more": 1})


@every_message
def test_a_message_holds_nothing_that_looks_like_personal_data(cls: type[Message]) -> None:
    assert [name for name in cls.model_fields if PERSONAL.search(name)] == []


@every_message
def test_a_message_holds_ids_times_numbers_and_our_own_words_only(cls: type[Message]) -> None:
    free = {name for name, field in cls.model_fields.items() if may_hold_anything(field.annotation, field.metadata)}
    assert free - set(WORDS) == set()


def test_plain_text_is_noticed_wherever_it_hides() -> None:
    assert not any(map(may_hold_anything, (PersonId, PersonId | None, list[PersonId], int, datetime | None, Theme)))
    assert all(map(may_hold_anything, (str, str | None, list[str], dict[str, int], list[PersonId | str], Any)))


@every_message
def test_a_message_is_called_what_its_class_is_called(cls: type[Message]) -> None:
    service, _, name = cls.topic.partition(".")
    assert cls.__module__.startswith(f"shared.contracts.{service}.")
    words = re.findall(r"[A-Z][a-z0-9]*", re.sub(r"V\d+$", "", cls.__name__))
    assert name == "_".join(words).lower()
    assert cls.type_name() == f"{cls.topic}.v{cls.schema_version}"
    assert re.fullmatch(r"[a-z]+\.[a-z_]+\.v[1-9]\d*", cls.type_name())


@every_message
def test_a_message_says_what_it_says(cls: type[Message]) -> None:
    assert cls.__doc__
    assert inspect.cleandoc(cls.__doc__).endswith(".")


@every_message
def test_what_is_sent_fits_its_schema_and_a_later_field_does_not_hurt(cls: type[Message]) -> None:
    message = a_message(cls)
    _, body = seal(message, source="here", cause=Cause(correlation="req", traceparent="trace"), subject="it")
    envelope = unseal(body)
    jsonschema_rs.validate(data_schema(cls), envelope.data)
    later = envelope.model_copy(update={"data": envelope.data | {"added_later": True}})
    jsonschema_rs.validate(data_schema(cls), later.data)
    assert later.read(cls) == message
    with pytest.raises(jsonschema_rs.ValidationError):
        jsonschema_rs.validate(data_schema(cls), {})
