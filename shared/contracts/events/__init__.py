"""What events promises: where and when do we meet? One module a feature."""

from shared.contracts.events import events, registrations

FEATURES = (events, registrations)
