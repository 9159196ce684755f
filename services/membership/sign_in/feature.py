"""The sign-in feature: its routes, stores and personal data."""

from services.membership.sign_in import store
from services.membership.sign_in.model import LOCKED_FOR, ROWS_KEPT, SESSION_LASTS
from services.membership.sign_in.routes import ROUTES
from services.membership.sign_in.tokens import AccessTokens
from shared.app import Service
from shared.feature import Feature
from shared.personal_data import Erasure, PersonalData
from shared.settings import SettingsRefused, decode_secret


def _prepare(service: Service) -> None:
    """Make the signer of access tokens. Raises `SettingsRefused` when its key is missing."""
    key = service.settings.signing_key
    if key is None:
        raise SettingsRefused("MYCELIUM_SIGNING_KEY: This is needed. (Membership signs access tokens with it.)")
    service.extra["signer"] = AccessTokens(decode_secret(key), service.settings.public_url)


FEATURE = Feature(
    "sign in",
    routes=ROUTES,
    stores=(store.RATE_LIMITS, store.REQUESTS, store.SESSIONS, store.TOKENS),
    indexes=store.INDEXES,
    prepare=_prepare,
    personal_data=(
        PersonalData(
            store.SESSIONS.collection,
            person="person_id",
            fields=("person_id", "created_at", "last_used_at", "ended_at"),
            purpose="on how many devices the person is signed in, and since when",
            erasure=Erasure.DELETE,
            kept=SESSION_LASTS,
        ),
        PersonalData(
            store.TOKENS.collection,
            person=None,
            fields=("session_id", "valid_until", "used_at"),
            purpose="hashes of refresh tokens, so that a second use of one is noticed; only the session says whose",
            erasure=Erasure.WITH_TIME,
            kept=SESSION_LASTS,
            exported=False,
        ),
        PersonalData(
            store.REQUESTS.collection,
            person="person_id",
            fields=("person_id", "address_hash", "asked_at", "used_at"),
            purpose="that a sign-in code was asked for; the code and the address are kept as keyed hashes",
            erasure=Erasure.DELETE,
            kept=ROWS_KEPT,
        ),
        PersonalData(
            store.RATE_LIMITS.collection,
            person=None,
            fields=("_id", "asked"),
            purpose="when codes were asked for, by the keyed hash of the address, so that nobody's mail box is flooded",
            erasure=Erasure.WITH_TIME,
            kept=ROWS_KEPT,
            exported=False,
        ),
        PersonalData(
            store.TRIES_MADE,
            person=None,
            fields=("_id", "tries"),
            purpose="how many wrong codes were tried, by the keyed hash of the address, so that nobody guesses one",
            erasure=Erasure.WITH_TIME,
            kept=LOCKED_FOR,
            exported=False,
        ),
    ),
)
