"""All the notify service must know of hubs."""

from services.notify.hubs import store
from shared.feature import Feature

FEATURE = Feature("hubs", stores=(store.HUBS,))
