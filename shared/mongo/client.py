"""The client: one for each process, by motor or by PyMongo's own async driver."""

import sys
from typing import Any

from pymongo import ReadPreference

from shared.mongo.collection import Document
from shared.mongo.database import Database


class Mongo:
    """The client. `ping()` is the readiness probe; `database(name)` a service's own data."""

    def __init__(self, url: str, driver: str = "motor") -> None:
        self.driver = driver
        options: Document = {"tz_aware": True, "appname": "mycelium", "serverSelectionTimeoutMS": 5000}
        if driver == "motor":
            from motor.motor_asyncio import AsyncIOMotorClient

            # Motor works in threads. With Python's default interval every other thread waits 5 ms after each send.
            sys.setswitchinterval(0.0002)
            self.client: Any = AsyncIOMotorClient(url, **options)
        else:
            from pymongo import AsyncMongoClient

            self.client = AsyncMongoClient(url, **options)

    async def ping(self) -> None:
        """Ask the primary for a sign of life. Raises a `PyMongoError` when there is none."""
        await self.client.admin.command("ping", read_preference=ReadPreference.PRIMARY)

    def database(self, name: str) -> Database:
        """The database of this name, read and written at majority."""
        return Database(self.client, self.driver, name)

    async def drop_database(self, name: str) -> None:
        """Remove a database and all in it."""
        await self.client.drop_database(name)

    async def close(self) -> None:
        """End the client's connections."""
        closing = self.client.close()
        if closing is not None:
            await closing
