"""A message of every class, with something in every field."""

import types
from datetime import UTC, datetime
from enum import Enum
from typing import Annotated, Any, Union, get_args, get_origin

from shared import ids
from shared.messaging.envelope import Message


def a_message(cls: type[Message]) -> Message:
    """One with every field filled in."""
    return cls(**{name: _a_value(field.annotation, field.metadata) for name, field in cls.model_fields.items()})


def _a_value(annotation: Any, metadata: list[Any]) -> Any:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        return _a_value(arguments[0], list(arguments[1:]))
    if origin in {Union, types.UnionType}:
        return _a_value(next(part for part in arguments if part is not type(None)), [])
    if origin is list:
        return [_a_value(arguments[0], [])]
    if metadata:
        return ids.new_id(next(each.prefix for each in metadata if isinstance(each, ids.IdType)))
    if isinstance(annotation, type) and issubclass(annotation, Enum):
        return next(iter(annotation))
    simple = {str: "word", int: 1, bool: True, datetime: datetime(2026, 3, 5, 12, 30, tzinfo=UTC)}
    return simple[annotation]
