"""Room of their own for tests that share one MongoDB and one RabbitMQ."""

import base64
import secrets
from typing import Any

from pydantic import SecretStr
from pymongo import MongoClient

from shared.settings import Settings


def new_namespace() -> str:
    """A short name no other test run has."""
    return "t" + secrets.token_hex(5)


def settings_for(namespace: str, mongo_url: str, amqp_url: str, **more: Any) -> Settings:
    """Settings for parts under test, with fresh secrets; `more` adds to them. Reads no `.env`."""
    wanted: dict[str, Any] = {
        "environment": "test",
        "namespace": namespace,
        "mongo_url": mongo_url,
        "amqp_url": amqp_url,
        "secret": a_secret(),
        "signing_key": a_secret(),
        "webhooks_allow_private": True,
    }
    return Settings(_env_file=None, **{**wanted, **more})


def a_secret() -> SecretStr:
    """32 random bytes, base64url."""
    return SecretStr(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode())


def drop_databases(mongo_url: str, namespace: str) -> None:
    """Drop every database of a namespace."""
    client: MongoClient[dict[str, Any]] = MongoClient(mongo_url)
    try:
        for name in client.list_database_names():
            if name.startswith(f"{namespace}-"):
                client.drop_database(name)
    finally:
        client.close()
