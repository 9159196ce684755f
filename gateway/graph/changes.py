"""What null does to each field of an update: the model of the request decides, and the schema says so."""

from typing import Any, get_args

from pydantic import BaseModel

from shared.values import Changes

REFUSED = "Null is refused."
TAKEN_AWAY = "Null takes it away."


def say_what_null_does(cls: type[Any], model: type[BaseModel]) -> None:
    """Add to the description of each field of an update's input what null does, unless it speaks of null itself.

    An input whose model is no `Changes` stays as it is: where a thing is made, null is what leaving out is.
    """
    if not issubclass(model, Changes):
        return
    for field in cls.__dict__["__strawberry_definition__"].fields:
        told, description = model.model_fields.get(field.python_name), field.description or ""
        if told is None or "null" in description.lower():
            continue
        takes_null = type(None) in get_args(told.annotation)
        field.description = f"{description} {TAKEN_AWAY if takes_null else REFUSED}"
