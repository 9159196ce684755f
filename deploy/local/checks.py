"""Checks the operator's settings, and the MongoDB or RabbitMQ that replaces a built-in one."""

import socket
from collections.abc import Mapping
from difflib import get_close_matches
from typing import Any
from urllib.parse import urlsplit

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.processes import StartFailed
from shared.settings import Settings, SettingsRefused, unknown_variables, variable

ANSWER_SECONDS = 5


def check_settings(settings: Mapping[str, str], ours: Mapping[str, str]) -> list[str]:
    """Check the operator's settings (by environment variable) before anything starts; `ours` take precedence.

    Returns a sentence for each unknown setting. Raises StartFailed with one line for each that cannot be used.
    """
    all_set = {**settings, **ours}
    named = {name: all_set[variable(name)] for name in Settings.model_fields if variable(name) in all_set}
    try:
        Settings(_env_file=None, **named)  # type: ignore[arg-type]  # text, as from the environment: it is parsed
    except SettingsRefused as refused:
        raise StartFailed(str(refused)) from None
    names = [variable(name) for name in Settings.model_fields]
    return [
        f"There is no setting {name}, so it does nothing{_perhaps(name, names)}."
        for name in unknown_variables(settings)
    ]


def _perhaps(name: str, names: list[str]) -> str:
    close = get_close_matches(name, names, n=1, cutoff=0.8)
    return f": perhaps {close[0]} is meant" if close else ""


def check_mongo(url: str) -> None:
    """Raise StartFailed unless a MongoDB with transactions answers: a replica set or a sharded cluster."""
    try:
        client: MongoClient[dict[str, Any]] = MongoClient(url, serverSelectionTimeoutMS=ANSWER_SECONDS * 1000)
    except (PyMongoError, ValueError) as error:
        raise StartFailed(f"MYCELIUM_MONGO_URL is not a MongoDB address: {error}") from None
    try:
        hello = client.admin.command("hello")
    except PyMongoError as error:
        raise StartFailed(
            f"MYCELIUM_MONGO_URL is set, but no MongoDB answers there ({type(error).__name__}): "
            "start it, or unset the variable to use the built-in one."
        ) from None
    finally:
        client.close()
    if "setName" not in hello and hello.get("msg") != "isdbgrid":
        raise StartFailed("MYCELIUM_MONGO_URL leads to a MongoDB without a replica set, which has no transactions.")


def check_broker(url: str) -> None:
    """Raise StartFailed unless something accepts connections at the broker's address."""
    address = urlsplit(url)
    if address.scheme not in ("amqp", "amqps") or not address.hostname:
        raise StartFailed("MYCELIUM_AMQP_URL is not a broker's address: it begins with amqp:// or amqps://.")
    port = address.port or (5671 if address.scheme == "amqps" else 5672)
    try:
        socket.create_connection((address.hostname, port), timeout=ANSWER_SECONDS).close()
    except OSError as error:
        raise StartFailed(
            f"MYCELIUM_AMQP_URL is set, but nothing answers at {address.hostname}:{port} ({error}): "
            "start it, or unset the variable to use the built-in one."
        ) from None
