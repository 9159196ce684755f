"""How long a text or a list of an input may be, and how large a number: the model of the request decides."""

import re
from collections.abc import Iterator, Mapping
from typing import Any

from pydantic import BaseModel

from gateway.graph.formats import leaf_of, model_in

LARGEST_TOLD = 2**31
"""A limit beyond GraphQL's `Int` is none to tell."""


def say_how_much(cls: type[Any], model: type[BaseModel]) -> None:
    """Add to the description of each field of an input, and of the inputs in it, the limits that it does not name."""
    schema = model.model_json_schema()
    for field in cls.__dict__["__strawberry_definition__"].fields:
        told = model.model_fields.get(field.python_name)
        if told is None:
            continue
        for number, sentence in _limits_of(schema["properties"][field.python_name], schema.get("$defs", {})):
            if not names(field.description or "", number):
                field.description = f"{field.description or ''} {sentence}"
        within, its_model = leaf_of(field.type), model_in(told.annotation)
        if its_model is not None and "__strawberry_definition__" in vars(within):
            say_how_much(within, its_model)


def names(text: str, number: int) -> bool:
    """Whether a text has this number, written as `4,000`."""
    return re.search(rf"(?<![\d,]){number:,}(?!\d|,\d)", text) is not None


def _limits_of(shape: Mapping[str, Any], kinds: Mapping[str, Any]) -> Iterator[tuple[int, str]]:
    """The limits in a field's JSON Schema, each with a sentence. None of a list of choices, which is short anyway.

    `kinds`: the schemas that `$ref` refers to.
    """
    shape = next((each for each in shape.get("anyOf", ()) if each.get("type") != "null"), shape)
    items = shape.get("items", {})
    items = kinds.get(items.get("$ref", "").rpartition("/")[2], items)
    if (most := shape.get("maxLength")) is not None:
        yield most, f"At most {most:,} characters."
    if (most := shape.get("maxItems")) is not None and "enum" not in items:
        yield most, f"At most {most:,} items."
    if (most := items.get("maxLength")) is not None:
        yield most, f"Each has at most {most:,} characters."
    if shape.get("type") == "integer" and shape.get("maximum", LARGEST_TOLD) < LARGEST_TOLD:
        yield shape["maximum"], f"From {shape['minimum']:,} to {shape['maximum']:,}."
