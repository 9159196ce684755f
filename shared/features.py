"""What is derived from a service's list of features."""

from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from typing import Any

from shared.feature import Feature
from shared.locks import locked
from shared.messaging.reactions import Subscriptions
from shared.mongo import Database


class FeaturesClash(Exception):
    """Two features of a service claim the same name or object; raised when the service is made."""


def check_features(features: Sequence[Feature]) -> None:
    """Raise `FeaturesClash` when two features have the same name, collection, route, lock, batch or migration."""
    claims = [
        ("name", [feature.name for feature in features]),
        ("collection", [name for feature in features for name in feature.all_indexes()]),
        ("route", [f"{one.method} {one.path}" for feature in features for one in feature.routes or ()]),
        ("lock", [name for feature in features for name in feature.locks]),
        ("batch", ["a batch" for feature in features if feature.batch is not None]),
        ("migration", [one.name for feature in features for one in feature.migrations]),
    ]
    for what, claimed in claims:
        twice = [name for name, count in Counter(claimed).items() if count > 1]
        if twice:
            raise FeaturesClash(f"Two features claim the same {what}: {', '.join(twice)}.")


def subscriptions_of(features: Sequence[Feature]) -> Subscriptions:
    """The messages that a service handles."""
    reactions = [reaction for feature in features for reaction in feature.reactions]
    batch = next((feature.batch for feature in features if feature.batch is not None), None)
    if batch is None:
        return Subscriptions(reactions=reactions)
    return Subscriptions(reactions=reactions, batched=batch.messages, batch=batch.handler)


def is_unlinked(features: Sequence[Feature]) -> Callable[[Mapping[str, Any]], bool]:
    """A function that tells whether an ASGI request may not be linked with its caller's log lines and traces."""
    knowing = [feature.unlinked for feature in features if feature.unlinked is not None]
    return lambda scope: any(knows(scope) for knows in knowing)


@asynccontextmanager
async def lock_of_request(
    features: Sequence[Feature], database: Database, parameters: Mapping[str, Any]
) -> AsyncIterator[None]:
    """Hold the lock for a request: that of the first path parameter for which a feature declares one, or none."""
    for feature in features:
        for name, lock_id in feature.locks.items():
            if name in parameters:
                identifier = await lock_id(database, parameters[name])
                if identifier is not None:
                    async with locked(database, identifier):
                        yield
                    return
    yield
