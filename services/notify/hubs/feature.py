"""All the notify service must know of hubs. It holds nothing on a person."""

from services.notify.hubs import store
from shared.feature import Feature

FEATURE = Feature("hubs", stores=(store.HUBS,))
