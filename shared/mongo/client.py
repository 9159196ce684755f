"""The MongoDB client, one per process: motor or PyMongo's own async client."""

import sys
from typing import Any

from pymongo import ReadPreference

from shared.mongo.collection import Document
from shared.mongo.database import Database


class Mongo:
    """The client. `ping()` is the readiness probe; `database(name)` is one service's data."""

    def __init__(self, url: str, driver: str = "motor") -> None:
        self.driver = driver
        options: Document = {"tz_aware": True, "appname": "mycelium", "serverSelectionTimeoutMS": 5000}
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            # Motor uses threads. With Python's default interval, another thread may wait 5 ms after each send.
            sys.setswitchinterval(0.0002)
            self.client: Any = AsyncIOMotorClient(url, **options)
        else:
            from pymongo import AsyncMongoClient

            self.client = AsyncMongoClient(url, **options)

    async def ping(self) -> None:
        """Ping the primary. Raises a `PyMongoError` when it does not answer."""
        await self.client.admin.command("ping", read_preference=ReadPreference.PRIMARY)

    def database(self, name: str) -> Database:
        """The database of this name, with majority read and write concern."""
        return Database(self.client, self.driver, name)

    async def drop_database(self, name: str) -> None:
        """Delete a database with all its collections."""
        await self.client.drop_database(name)

    async def close(self) -> None:
        """Close the client's connections."""
        closing = self.client.close()
        if closing is not None:
            await closing
