"""Fresh secrets for a deployment."""

import base64
import secrets


def fresh_secrets() -> dict[str, str]:
    """By variable: what signs internal tokens, what signs access tokens, and RabbitMQ's password in compose."""
    return {name: _random() for name in ("MYCELIUM_SECRET", "MYCELIUM_SIGNING_KEY", "RABBITMQ_PASSWORD")}


def _random() -> str:
    """32 random bytes in base64url, without the padding, so that it can stand in a URL."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
