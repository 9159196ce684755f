"""How the intake wakes the fan-out of its own process, if there is one; without one, a look every second finds it."""

import asyncio
from weakref import WeakKeyDictionary

from shared.mongo import Database

_alarms: WeakKeyDictionary[Database, asyncio.Event] = WeakKeyDictionary()


def alarm_of(database: Database) -> asyncio.Event:
    """What is set when a fan-out was added to this database."""
    return _alarms.setdefault(database, asyncio.Event())


def wake(database: Database) -> None:
    """Say that a fan-out was added."""
    alarm_of(database).set()
