"""What notify has beside what every service has, and when each part starts and stops."""

from services.notify.deliveries.dispatch import Dispatcher
from services.notify.deliveries.guard import Guard
from services.notify.endpoints.sealing import SecretBox
from services.notify.mail.mailer import Mailer
from shared.app import Service


def prepare(service: Service) -> None:
    """Make the parts; nothing is started yet. Routes find `guard` and `seal` in `service.extra`."""
    guard = Guard(allow_private=service.settings.webhooks_allow_private)
    box = SecretBox(service.secret)
    dispatcher = Dispatcher(service.database, guard, box)
    mailer = Mailer(service.database, service.settings, service.tokens)
    service.extra.update(guard=guard, seal=box.seal, dispatcher=dispatcher, mailer=mailer)
    service.metrics.count(
        "mycelium_webhook_deliveries", "Webhook attempts by what came of them.", dispatcher.counters.items
    )
    service.metrics.count("mycelium_mails", "Mails by what became of them.", mailer.counters.items)


async def start(service: Service) -> None:
    """Begin to take deliveries and mail."""
    await _dispatcher(service).start()
    await _mailer(service).start()


async def stop(service: Service) -> None:
    """Finish what is under way."""
    await _dispatcher(service).stop(service.settings.shutdown_seconds)
    await _mailer(service).close()


async def sweep_deliveries(service: Service) -> None:
    """For ever: take deliveries that are due."""
    await _dispatcher(service).sweep_for_ever()


async def send_mail(service: Service) -> None:
    """For ever: send the mail that is owed."""
    await _mailer(service).send_for_ever()


def _mailer(service: Service) -> Mailer:
    mailer: Mailer = service.extra["mailer"]
    return mailer


def _dispatcher(service: Service) -> Dispatcher:
    dispatcher: Dispatcher = service.extra["dispatcher"]
    return dispatcher
