"""All the notify service must know of deliveries. Routes find `guard` and `seal` in `service.extra`."""

from services.notify.deliveries import store
from services.notify.deliveries.dispatch import Dispatcher
from services.notify.deliveries.guard import Guard
from services.notify.deliveries.routes import ROUTES
from services.notify.endpoints.sealing import SecretBox
from shared.app import Service
from shared.feature import Feature
from shared.personal_data import Erasure, PersonalData


def _prepare(service: Service) -> None:
    guard = Guard(allow_private=service.settings.webhooks_allow_private)
    box = SecretBox(service.secret)
    dispatcher = Dispatcher(service.database, guard, box)
    service.extra.update(guard=guard, seal=box.seal, dispatcher=dispatcher)
    service.metrics.count(
        "mycelium_webhook_deliveries", "Webhook attempts by what came of them.", dispatcher.counters.items
    )


async def _start(service: Service) -> None:
    await _dispatcher(service).start()


async def _stop(service: Service) -> None:
    """Finish what is under way."""
    await _dispatcher(service).stop(service.settings.shutdown_seconds)


async def sweep_deliveries(service: Service) -> None:
    """For ever: take deliveries that are due."""
    await _dispatcher(service).sweep_for_ever()


def _dispatcher(service: Service) -> Dispatcher:
    dispatcher: Dispatcher = service.extra["dispatcher"]
    return dispatcher


FEATURE = Feature(
    "deliveries",
    routes=ROUTES,
    stores=(store.DELIVERIES,),
    personal_data=(
        PersonalData(
            store.DELIVERIES.collection,
            person=None,
            fields=("attempts",),
            purpose="what receivers answered, which may be anything, so that developers can find faults",
            erasure=Erasure.WITH_TIME,
            kept=store.KEPT,
            exported=False,
        ),
    ),
    loops=(sweep_deliveries,),
    prepare=_prepare,
    on_start=_start,
    on_stop=_stop,
)
