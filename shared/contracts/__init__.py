"""What services promise one another: messages that travel, and views that are answered. One module a service.

Importing this package registers every message class, so that any part can read any message.
"""

from shared.contracts import events, learning, membership, notify
from shared.messaging.envelope import Message, registered

__all__ = ["events", "learning", "membership", "notify", "public_messages"]


def public_messages() -> tuple[type[Message], ...]:
    """Every message class promised here that developers may have, by type name."""
    ours = [cls for _, cls in sorted(registered().items()) if cls.__module__.startswith(f"{__name__}.")]
    return tuple(cls for cls in ours if cls.public)
