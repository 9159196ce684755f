"""All the notify service must know of the log."""

from services.notify.log import store
from services.notify.log.reactions import PUBLIC, take_in
from services.notify.log.routes import ROUTES
from shared.feature import Batch, Feature

FEATURE = Feature(
    "log", routes=ROUTES, stores=(store.MESSAGES,), indexes={store.COUNTERS: []}, batch=Batch(PUBLIC, take_in)
)
