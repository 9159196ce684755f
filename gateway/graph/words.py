"""The closed lists of words as enums of the graph: SCREAMING_SNAKE names for the values services use."""

from enum import Enum

import strawberry

from shared.consent import ContactAudience
from shared.contracts import enums
from shared.contracts.notify import DeliveryStatus, EndpointStatus

__all__ = ["ENUMS"]

ENUMS: tuple[type[Enum], ...] = (
    ContactAudience,
    enums.Theme,
    enums.ActorKind,
    enums.Role,
    enums.HubKind,
    enums.JoinPolicy,
    enums.EventKind,
    enums.EventStatus,
    enums.EventVisibility,
    enums.RegistrationStatus,
    enums.EntryKind,
    enums.EntryAudience,
    enums.Attribution,
    EndpointStatus,
    DeliveryStatus,
)
for _enum in ENUMS:
    strawberry.enum(_enum, description=_enum.__doc__)
