"""What events listens to: nothing yet. Its own messages say all that it does."""

from shared.messaging.reactions import Subscriptions

SUBSCRIPTIONS = Subscriptions()
