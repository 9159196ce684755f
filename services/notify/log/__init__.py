"""The log: every public message a hub's developers may have, once, under a sequence without gaps.

The one log behind webhooks, polling and subscriptions.
"""
