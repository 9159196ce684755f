"""All the notify service must know of the log."""

from services.notify.log import store
from services.notify.log.reactions import PUBLIC, take_in
from services.notify.log.routes import ROUTES
from shared.feature import Batch, Feature
from shared.personal_data import Erasure, PersonalData

FEATURE = Feature(
    "log",
    routes=ROUTES,
    stores=(store.MESSAGES,),
    indexes={store.COUNTERS: []},
    batch=Batch(PUBLIC, take_in),
    personal_data=(
        PersonalData(
            store.MESSAGES.collection,
            person=None,
            fields=("subject", "body"),
            purpose="ids of the people a message is about, for webhooks and polling; when a person is erased, "
            "their id leads to nobody",
            erasure=Erasure.UNKNOWN_OWNER,
            exported=False,
        ),
    ),
)
