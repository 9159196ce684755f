"""How a reaction wakes the mailer of its own process, if there is one; without one, a sweep finds the mail."""

import asyncio
from weakref import WeakKeyDictionary

from shared.mongo import Database

_alarms: WeakKeyDictionary[Database, asyncio.Event] = WeakKeyDictionary()


def alarm_of(database: Database) -> asyncio.Event:
    """What is set when mail was added to this database."""
    return _alarms.setdefault(database, asyncio.Event())


def wake(database: Database) -> None:
    """Say that mail was added."""
    alarm_of(database).set()
