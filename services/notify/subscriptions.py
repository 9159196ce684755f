"""All notify listens to: every public message for the log, and what asks for a mail."""

from services.notify.log.reactions import PUBLIC, take_in
from shared.messaging.reactions import Subscriptions

SUBSCRIPTIONS = Subscriptions(batched=PUBLIC, batch=take_in)
