"""What notify has beside what every service has, and when each part starts and stops."""

from services.notify.deliveries.dispatch import Dispatcher
from services.notify.deliveries.guard import Guard
from services.notify.endpoints.sealing import SecretBox
from shared.app import Service


def prepare(service: Service) -> None:
    """Make the parts; nothing is started yet. Routes find `guard` and `seal` in `service.extra`."""
    guard = Guard(allow_private=service.settings.webhooks_allow_private)
    box = SecretBox(service.secret)
    dispatcher = Dispatcher(service.database, guard, box)
    service.extra.update(guard=guard, seal=box.seal, dispatcher=dispatcher)
    service.metrics.count(
        "mycelium_webhook_deliveries", "Webhook attempts by what came of them.", dispatcher.counters.items
    )


async def start(service: Service) -> None:
    """Begin to take deliveries."""
    await _dispatcher(service).start()


async def stop(service: Service) -> None:
    """Finish what is under way."""
    await _dispatcher(service).stop(service.settings.shutdown_seconds)


async def sweep_deliveries(service: Service) -> None:
    """For ever: take deliveries that are due."""
    await _dispatcher(service).sweep_for_ever()


def _dispatcher(service: Service) -> Dispatcher:
    dispatcher: Dispatcher = service.extra["dispatcher"]
    return dispatcher
