"""The closed lists of words as enums of the graph: SCREAMING_SNAKE names for the values services use."""

from enum import Enum

import strawberry

from shared.consent import ContactAudience
from shared.contracts import words
from shared.contracts.notify import DeliveryStatus, EndpointStatus

__all__ = ["ENUMS"]

ENUMS: tuple[type[Enum], ...] = (
    ContactAudience,
    words.Theme,
    words.ActorKind,
    words.Role,
    words.HubKind,
    words.JoinPolicy,
    words.EventKind,
    words.EventStatus,
    words.EventVisibility,
    words.RegistrationStatus,
    words.EntryKind,
    words.EntryAudience,
    words.Attribution,
    EndpointStatus,
    DeliveryStatus,
)
for _enum in ENUMS:
    strawberry.enum(_enum, description=_enum.__doc__)
