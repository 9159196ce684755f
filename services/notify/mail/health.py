"""Metrics of the mail for operators: how much waits, and how much was given up."""

from datetime import timedelta

from services.notify.mail import store
from shared import clock
from shared.app import Service

LOOKED_BACK = timedelta(hours=1)


async def measure(service: Service) -> None:
    """Set the gauges. `mycelium_mails_total` counts in each process; these are of all mail, also after a restart."""
    now = clock.now()
    oldest = await store.oldest_pending(service.database)
    age = 0.0 if oldest is None else max(0.0, (now - oldest).total_seconds())
    service.metrics.gauge("mycelium_mail_age_seconds", "How long the oldest sign-in mail not sent has waited.", age)
    given_up = await store.count_failed(service.database, now - LOOKED_BACK)
    service.metrics.gauge("mycelium_mail_failed", "Sign-in mails given up in the last hour.", given_up)
