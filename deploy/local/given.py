"""A database or broker of the operator's own, used in place of a built-in part: is it there?"""

import socket
from typing import Any
from urllib.parse import urlsplit

from pymongo import MongoClient
from pymongo.errors import PyMongoError

from deploy.local.processes import StartFailed

ANSWER_SECONDS = 5


def see_mongo_answers(url: str) -> None:
    """Raise StartFailed unless a MongoDB that has transactions (a replica set or a sharded cluster) answers."""
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


def see_broker_answers(url: str) -> None:
    """Raise StartFailed unless something listens where the broker should be."""
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
