"""Declarations of the personal data that a feature stores, next to the store itself.

The generated reference shows them to operators; the export and the erasure of a person follow them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum


class Erasure(StrEnum):
    """What happens to the data when the person is erased."""

    DELETE = "the document is deleted"
    CLEAR_FIELDS = "these fields are cleared, the document stays"
    UNKNOWN_OWNER = "nothing: the document does not identify the person"
    WITH_TIME = "nothing at once: the document is deleted when its time is over"


@dataclass(frozen=True)
class PersonalData:
    """Documents of one collection that hold data about a person.

    `person`: the field that holds the person's id; `None` when the document does not identify the person. `fields`:
    the fields with data about the person. `kept`: how long after its creation the document is stored; `None`: until
    the person is erased, or without end when the document does not identify the person. `exported`: whether the
    person's export contains it.
    """

    collection: str
    person: str | None
    fields: Sequence[str]
    purpose: str
    erasure: Erasure
    kept: timedelta | None = None
    exported: bool = True
