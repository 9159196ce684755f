"""Signs what a webhook carries, by the Standard Webhooks specification (v1).

The receiver is given the message's id, the moment of the attempt and one signature for each live secret, so
that a secret can be rotated while the old one still verifies. A secret's prefix decides its scheme.
"""

import base64
import binascii
import hashlib
import hmac
import os
from collections.abc import Callable, Sequence
from datetime import datetime

from shared.errors import Invalid

ID_HEADER = "webhook-id"
TIMESTAMP_HEADER = "webhook-timestamp"
SIGNATURE_HEADER = "webhook-signature"

SHORTEST_KEY = 24
LONGEST_KEY = 64

Sign = Callable[[bytes], str]
"""Takes the signed content, gives one entry of the signature header: `<version>,<base64>`."""


class WebhookSecretInvalid(Invalid):
    """The text is not a secret that any known scheme can sign with."""

    code = "webhook_secret_invalid"
    message = f"Give `whsec_` and the base64 of {SHORTEST_KEY} to {LONGEST_KEY} random bytes."


def make_secret() -> str:
    """A fresh symmetric secret, `whsec_…`: 24 random bytes, so no base64 padding to lose in copying."""
    return "whsec_" + base64.b64encode(os.urandom(SHORTEST_KEY)).decode()


def check_secret(secret: str) -> str:
    """Give back a secret that can sign; else raise `WebhookSecretInvalid`, which does not repeat it."""
    _signer(secret)
    return secret


def signature_headers(message_id: str, attempted_at: datetime, body: bytes, secrets: Sequence[str]) -> dict[str, str]:
    """The three headers that let a receiver verify `body`: id, timestamp, and a signature by each secret.

    `attempted_at` is the moment of this attempt (aware), not of the message: receivers refuse old timestamps.
    Raises `WebhookSecretInvalid` for a malformed secret; `ValueError` when there is no secret, when the id
    would be ambiguous or when the moment has no zone.
    """
    if not secrets:
        raise ValueError("a webhook is signed with at least one secret")
    if not message_id or not message_id.isascii() or not message_id.replace("_", "").replace("-", "").isalnum():
        raise ValueError("a message id is letters, digits, hyphens and underscores: `.` separates the signed parts")
    if attempted_at.tzinfo is None:
        raise ValueError("attempted_at must be aware")
    timestamp = str(int(attempted_at.timestamp()))
    content = b"%s.%s.%s" % (message_id.encode(), timestamp.encode(), body)
    return {
        ID_HEADER: message_id,
        TIMESTAMP_HEADER: timestamp,
        SIGNATURE_HEADER: " ".join(_signer(secret)(content) for secret in secrets),
    }


def _hmac_sha256(key: bytes) -> Sign:
    if not SHORTEST_KEY <= len(key) <= LONGEST_KEY:
        raise WebhookSecretInvalid(path=["secret"])

    def sign(content: bytes) -> str:
        return "v1," + base64.b64encode(hmac.digest(key, content, hashlib.sha256)).decode()

    return sign


_SCHEMES: dict[str, Callable[[bytes], Sign]] = {"whsec": _hmac_sha256}
"""Prefix -> what makes a signer of the key's bytes. The asymmetric scheme (`whsk_`, `v1a`) joins here."""


def _signer(secret: str) -> Sign:
    prefix, _, encoded = secret.partition("_")
    scheme = _SCHEMES.get(prefix)
    if scheme is None:
        raise WebhookSecretInvalid(path=["secret"])
    try:
        key = base64.b64decode(encoded, validate=True)
    except (binascii.Error, ValueError):
        raise WebhookSecretInvalid(path=["secret"]) from None
    return scheme(key)
