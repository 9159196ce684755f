"""The membership service: one list of its features."""

from fastapi import FastAPI

from services.membership.api_keys.feature import FEATURE as API_KEYS
from services.membership.contacts.feature import FEATURE as CONTACTS
from services.membership.event_audiences.feature import FEATURE as EVENT_AUDIENCES
from services.membership.groups.feature import FEATURE as GROUPS
from services.membership.hubs.feature import FEATURE as HUBS
from services.membership.memberships.feature import FEATURE as MEMBERSHIPS
from services.membership.organisations.feature import FEATURE as ORGANISATIONS
from services.membership.people.feature import FEATURE as PEOPLE
from services.membership.principals.feature import FEATURE as PRINCIPALS
from services.membership.sign_in.feature import FEATURE as SIGN_IN
from shared.app import create_service
from shared.settings import Settings

FEATURES = (
    HUBS,
    GROUPS,
    MEMBERSHIPS,
    PEOPLE,
    ORGANISATIONS,
    SIGN_IN,
    API_KEYS,
    PRINCIPALS,
    CONTACTS,
    EVENT_AUDIENCES,
)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The membership application. Raises `SettingsRefused` when the key to sign access tokens with is missing."""
    return create_service("membership", settings or Settings(), FEATURES)
