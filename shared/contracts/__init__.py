"""What services promise one another: messages that travel, and views that are answered. One module a service.

Importing this package registers every message class, so that any part can read any message.
"""

from shared.contracts import events, learning, membership, notify

__all__ = ["events", "learning", "membership", "notify"]
