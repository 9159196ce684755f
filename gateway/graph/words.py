"""The closed lists of words as enums of the graph: SCREAMING_SNAKE names for the values services use."""

from enum import Enum

import strawberry

from shared.consent import ContactAudience
from shared.contracts.events.events import EventKind, EventStatus, EventVisibility
from shared.contracts.events.registrations import RegistrationStatus
from shared.contracts.learning.entries import Attribution, EntryAudience, EntryKind
from shared.contracts.membership.groups import JoinPolicy
from shared.contracts.membership.hubs import HubKind
from shared.contracts.membership.memberships import Role
from shared.contracts.notify.deliveries import DeliveryStatus
from shared.contracts.notify.endpoints import EndpointStatus
from shared.enums import ActorKind, Theme

__all__ = ["ENUMS"]

ENUMS: tuple[type[Enum], ...] = (
    ContactAudience,
    Theme,
    ActorKind,
    Role,
    HubKind,
    JoinPolicy,
    EventKind,
    EventStatus,
    EventVisibility,
    RegistrationStatus,
    EntryKind,
    EntryAudience,
    Attribution,
    EndpointStatus,
    DeliveryStatus,
)
for _enum in ENUMS:
    strawberry.enum(_enum, description=" ".join((_enum.__doc__ or "").split()))
