"""All the notify service must know of fan-outs. It holds nothing on a person."""

from services.notify.fanouts import store
from services.notify.fanouts.worker import fan_out_for_ever
from shared.app import Service
from shared.feature import Feature


async def fan_out(service: Service) -> None:
    """For ever: make the deliveries of messages that many endpoints hear."""
    await fan_out_for_ever(service.database)


FEATURE = Feature("fanouts", stores=(store.FANOUTS,), loops=(fan_out,))
