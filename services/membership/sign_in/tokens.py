"""Access tokens: JWTs (RFC 9068) signed with Ed25519. Anybody can check them with the published keys (RFC 7517)."""

import base64
import hashlib
from datetime import UTC, datetime
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from joserfc import jwt
from joserfc.errors import JoseError, UnsupportedAlgorithmError
from joserfc.jwk import OKPKey
from joserfc.jws import JWSRegistry

from services.membership.sign_in.model import ACCESS_LASTS, AccessClaims
from shared.errors import NotSignedIn
from shared.ids import new_id, prefix_of

ALGORITHM = "EdDSA"
AUDIENCE = "mycelium"
TYPE = "at+jwt"


class _OnlyEdDsa(JWSRegistry):
    """Allows one algorithm, without joserfc's warning about its name.

    RFC 9864 prefers the name `Ed25519`, but few verifiers know it yet. `EdDSA` names the same signature (RFC 8037).
    """

    def get_alg(self, name: str) -> Any:
        if name != ALGORITHM:
            raise UnsupportedAlgorithmError(f"not {ALGORITHM}")
        return self.algorithms[name]


class AccessTokens:
    """Makes and checks access tokens for one issuer. `seed` is the 32 bytes of the private key (RFC 8032)."""

    def __init__(self, seed: bytes, issuer: str) -> None:
        private = seed if len(seed) == 32 else hashlib.sha256(seed).digest()
        public = Ed25519PrivateKey.from_private_bytes(private).public_key()
        raw = public.public_bytes(Encoding.Raw, PublicFormat.Raw)
        self._key = OKPKey.import_key({"kty": "OKP", "crv": "Ed25519", "d": _text(private), "x": _text(raw)})
        self._kid = self._key.thumbprint()
        self._issuer = issuer
        self._registry = _OnlyEdDsa()

    def issue(self, person_id: str, session_id: str, now: datetime) -> str:
        """A new access token for this session of this person, valid for 15 minutes."""
        issued = int(now.timestamp())
        claims = {
            "iss": self._issuer,
            "aud": AUDIENCE,
            "sub": person_id,
            "client_id": AUDIENCE,
            "sid": session_id,
            "jti": new_id("tok"),
            "iat": issued,
            "exp": issued + int(ACCESS_LASTS.total_seconds()),
        }
        header = {"alg": ALGORITHM, "typ": TYPE, "kid": self._kid}
        return jwt.encode(header, claims, self._key, registry=self._registry)

    def read(self, token: str, now: datetime) -> AccessClaims:
        """The claims of a token. Raises `NotSignedIn` unless it is one of ours and still valid."""
        return self._read(token, int(now.timestamp()))

    def session_of(self, token: str) -> str:
        """The session id of a token, which may have expired. Raises `NotSignedIn` unless it is one of ours."""
        return self._read(token, None).session_id

    def _read(self, token: str, now: int | None) -> AccessClaims:
        """The claims of a token that is valid at `now`, in seconds; when `None`, of one that was valid at any time."""
        try:
            decoded = jwt.decode(token, self._key, registry=self._registry)
            jwt.JWTClaimsRegistry(
                now=decoded.claims["iat"] if now is None else now,
                iss={"essential": True, "value": self._issuer},
                aud={"essential": True, "value": AUDIENCE},
                exp={"essential": True},
                sub={"essential": True},
                sid={"essential": True},
            ).validate(decoded.claims)
            if decoded.header.get("typ") != TYPE or prefix_of(decoded.claims["sub"]) != "per":
                raise NotSignedIn(code="token_refused")
            expires_at = datetime.fromtimestamp(decoded.claims["exp"], UTC)
            return AccessClaims(decoded.claims["sub"], str(decoded.claims["sid"]), expires_at)
        except (JoseError, KeyError, ValueError, TypeError, OverflowError):
            raise NotSignedIn(code="token_refused") from None

    def public_keys(self) -> dict[str, Any]:
        """The JSON Web Key Set (RFC 7517, section 5) to check tokens with. It holds public keys only."""
        key = self._key.as_dict(private=False)
        return {"keys": [{**key, "kid": self._kid, "use": "sig", "alg": ALGORITHM}]}


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()
