"""What services promise one another: their enums, ids, messages, requests and views. One module a feature.

Importing this package makes every message class known, so that any part can read any message.
"""

import importlib
import pkgutil
from collections.abc import Iterator
from types import ModuleType

from shared.contracts import events, learning, membership, notify
from shared.messaging.envelope import Message, registered


def _features() -> Iterator[ModuleType]:
    """Every module of the services' packages: a contract is known by being there."""
    for service in (membership, events, learning, notify):
        for module in pkgutil.iter_modules(service.__path__):
            yield importlib.import_module(f"{service.__name__}.{module.name}")


FEATURES: tuple[ModuleType, ...] = tuple(_features())


def public_messages() -> tuple[type[Message], ...]:
    """Every message class promised here that developers may subscribe to, in the order of their type names."""
    return tuple(cls for cls in webhook_messages() if cls.public)


def webhook_messages() -> tuple[type[Message], ...]:
    """Every message class promised here that a webhook may bring: the public ones, and what a ping sends."""
    ours = [cls for _, cls in sorted(registered().items()) if cls.__module__.startswith(f"{__name__}.")]
    return tuple(cls for cls in ours if cls.public or cls.to_one)
