"""What every view has in common."""

from collections.abc import Mapping
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field

V = TypeVar("V", bound="View")


class View(BaseModel):
    """What a contract shows. Extra fields are refused, so that nothing leaks by having been added to a document."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    @classmethod
    def of(cls: type[V], model: BaseModel, **more: Any) -> V:
        """The view of a model: the fields they share by name, and `more`."""
        shared: Mapping[str, Any] = {name: getattr(model, name) for name in cls.model_fields if hasattr(model, name)}
        return cls(**{**shared, **more})


class ByIds(BaseModel):
    """The body of a batch read: at most 500 ids. What the caller may not see is left out of the answer."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    ids: Annotated[list[str], Field(max_length=500)]
