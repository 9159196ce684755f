"""The features of all four services, for tools that need the whole product."""

from collections.abc import Mapping, Sequence

from services.events.app import FEATURES as EVENTS
from services.learning.app import FEATURES as LEARNING
from services.membership.app import FEATURES as MEMBERSHIP
from services.notify.app import FEATURES as NOTIFY
from shared.feature import Feature
from shared.features import subscriptions_of

FEATURES: Mapping[str, Sequence[Feature]] = {
    "membership": MEMBERSHIP,
    "events": EVENTS,
    "learning": LEARNING,
    "notify": NOTIFY,
}


def queues() -> tuple[str, ...]:
    """The names of all queues: one named like each service, and those that the reactions of its features declare."""
    own = [f"{name}.{queue}" for name, each in FEATURES.items() for queue in subscriptions_of(each).own_queues()]
    return (*FEATURES, *own)
