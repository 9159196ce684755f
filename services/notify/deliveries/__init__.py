"""Deliveries: a public message on its way to a webhook endpoint, attempt by attempt.

What does not depend on storage stands in files of its own: `signing` (what the receiver verifies), `schedule`
(when to try again and what an answer means), `guard` (where a webhook may go) and `sending` (one attempt).
"""
