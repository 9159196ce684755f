"""The membership service's application: the only wiring."""

from fastapi import FastAPI

from services.membership.api_keys import routes as api_keys
from services.membership.api_keys import store as api_key_store
from services.membership.contacts import routes as contacts
from services.membership.groups import routes as groups
from services.membership.groups import store as group_store
from services.membership.hubs import routes as hubs
from services.membership.hubs import store as hub_store
from services.membership.members import routes as members
from services.membership.members import store as member_store
from services.membership.organisations import routes as organisations
from services.membership.organisations import store as organisation_store
from services.membership.people import routes as people
from services.membership.people import store as person_store
from services.membership.principals import routes as principals
from services.membership.sign_in import routes as sign_in
from services.membership.sign_in import store as sign_in_store
from services.membership.sign_in.tokens import AccessTokens
from services.membership.subscriptions import SUBSCRIPTIONS
from services.membership.turns import turn_of_request
from shared.app import Service, create_service
from shared.settings import Settings, SettingsRefused, decode_secret

FEATURES = (hubs, groups, members, people, organisations, sign_in, api_keys, principals, contacts)
STORES = (
    hub_store,
    group_store,
    member_store,
    person_store,
    organisation_store,
    sign_in_store,
    api_key_store,
)
INDEXES = tuple(store.INDEXES for store in STORES)


def create_app(settings: Settings | None = None) -> FastAPI:
    """The application. Raises `SettingsRefused` when there is no key to sign access tokens with."""
    settings = settings or Settings()
    return create_service(
        "membership",
        settings,
        routers=[feature.routes for feature in FEATURES],
        subscriptions=SUBSCRIPTIONS,
        indexes=INDEXES,
        prepare=_prepare,
    )


def _prepare(service: Service) -> None:
    key = service.settings.signing_key
    if key is None:
        raise SettingsRefused("MYCELIUM_SIGNING_KEY: This is needed. (Membership signs access tokens with it.)")
    service.extra["signer"] = AccessTokens(decode_secret(key), service.settings.public_url)
    service.turn = lambda request: turn_of_request(service.database, request.path_params)
