"""Keeps signing secrets unreadable in the database: AES-256-GCM under a key derived from the deployment's secret.

Signing needs the secret itself, so a hash will not do. Each is bound to its endpoint, so that a sealed secret moved
to another endpoint does not open.
"""

import hashlib
import hmac
import os

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

NONCE = 12


class SecretBox:
    """Seals and opens the secrets of endpoints."""

    def __init__(self, secret: bytes) -> None:
        self._cipher = AESGCM(hmac.digest(secret, b"mycelium-notify:webhook-secrets", hashlib.sha256))

    def seal(self, secret: str, endpoint_id: str) -> bytes:
        """The secret as it is stored for this endpoint."""
        nonce = os.urandom(NONCE)
        return nonce + self._cipher.encrypt(nonce, secret.encode(), endpoint_id.encode())

    def open(self, sealed: bytes, endpoint_id: str) -> str:
        """The secret again. Raises `cryptography.exceptions.InvalidTag` when it was sealed for something else."""
        return self._cipher.decrypt(sealed[:NONCE], sealed[NONCE:], endpoint_id.encode()).decode()
