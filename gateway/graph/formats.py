"""Text of a known format has a scalar of its own in the graph: which one follows from the contract.

A contract marks such text (`shared.values.Format`). A feature uses the value type or the mark in its view and its
requests, writes `str` in its part of the graph, and the schema says `URL`.
"""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic import BaseModel
from pydantic.fields import FieldInfo
from strawberry.types.base import StrawberryList, StrawberryOptional

from gateway.graph.scalars import scalar_of
from shared.values import Format


def use_formats(cls: type[Any], model: type[BaseModel]) -> None:
    """Give the fields of a type or an input of the graph, and of the inputs in it, the scalars that its model marks."""
    definition = cls.__dict__["__strawberry_definition__"]
    for field in definition.fields:
        told = model.model_fields.get(field.python_name)
        if told is None:
            continue
        found = format_of(told)
        if found is not None:
            field.type = _with_scalar(field.type, scalar_of(found))
        elif definition.is_input:
            within, its_model = leaf_of(field.type), model_in(told.annotation)
            if its_model is not None and "__strawberry_definition__" in vars(within):
                use_formats(within, its_model)


def format_of(field: FieldInfo) -> Format | None:
    """The format that a model's field marks, also of the items of a list."""
    return next((mark for mark in (*field.metadata, *_marks(field.annotation)) if isinstance(mark, Format)), None)


def model_in(annotation: Any) -> type[BaseModel] | None:
    """The model that a field of a model holds, also when it may be null or is a list of them."""
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    return next((found for each in get_args(annotation) if (found := model_in(each)) is not None), None)


def _marks(annotation: Any) -> Iterator[Any]:
    yield from getattr(annotation, "__metadata__", ())
    for each in get_args(annotation):
        yield from _marks(each)


def leaf_of(type_: Any) -> Any:
    """The type of a field of the graph itself, of its items when it is a list."""
    while isinstance(type_, StrawberryOptional | StrawberryList):
        type_ = type_.of_type
    return type_


def _with_scalar(type_: Any, scalar: Any) -> Any:
    if isinstance(type_, StrawberryOptional | StrawberryList):
        return type(type_)(of_type=_with_scalar(type_.of_type, scalar))
    return scalar
