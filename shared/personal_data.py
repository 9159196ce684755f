"""What a feature holds on a person, declared where it is held.

An operator reads it in the generated reference; export and erasure of a person walk these declarations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Erasure(StrEnum):
    """What becomes of it when the person is erased."""

    DELETE = "the document is deleted"
    CLEAR_FIELDS = "these fields are emptied, the document stays"
    UNKNOWN_OWNER = "nothing: nobody can tell whose it is"
    WITH_TIME = "nothing at once: it is deleted when its time is over"


@dataclass(frozen=True)
class PersonalData:
    """Documents of one collection that say something of a person.

    `person`: the field that holds the person's id; `None` when the document does not say whose it is. `fields`: what
    it says of them. `kept`: for how long after it was made; `None`: as long as the person is there, or without end when
    the document does not say whose it is. `exported`: whether the person's export holds it.
    """

    collection: str
    person: str | None
    fields: Sequence[str]
    purpose: str
    erasure: Erasure
    kept: timedelta | None = None
    exported: bool = True
