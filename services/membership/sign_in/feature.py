"""All the membership service must know of sign in."""

from services.membership.sign_in import store
from services.membership.sign_in.routes import ROUTES
from services.membership.sign_in.tokens import AccessTokens
from shared.app import Service
from shared.feature import Feature
from shared.settings import SettingsRefused, decode_secret


def _prepare(service: Service) -> None:
    """Raise `SettingsRefused` when there is no key to sign access tokens with."""
    key = service.settings.signing_key
    if key is None:
        raise SettingsRefused("MYCELIUM_SIGNING_KEY: This is needed. (Membership signs access tokens with it.)")
    service.extra["signer"] = AccessTokens(decode_secret(key), service.settings.public_url)


FEATURE = Feature(
    "sign in",
    routes=ROUTES,
    stores=(store.ASKERS, store.REQUESTS, store.SESSIONS, store.TOKENS),
    indexes=store.INDEXES,
    prepare=_prepare,
)
