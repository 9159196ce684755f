"""`mycelium migrate`: runs the migrations of stored documents, one service after the other."""

import asyncio

import typer

from deploy.cli.place import Place
from deploy.cli.screen import fail
from deploy.features import FEATURES
from shared.migrations import migrate, pending
from shared.mongo import Database, Mongo, PyMongoError


def run(place: Place, *, dry_run: bool) -> None:
    """Run the pending migrations and print each step. Ends the command when MongoDB does not answer."""
    try:
        asyncio.run(_run(place, dry_run=dry_run))
    except PyMongoError as error:
        raise fail(f"MongoDB does not answer: {type(error).__name__}.") from None


async def _run(place: Place, *, dry_run: bool) -> None:
    mongo = Mongo(place.url("mongo_url"), place.driver)
    try:
        for service in FEATURES:
            await migrate_service(mongo.database(place.database_name(service)), service, dry_run=dry_run)
    finally:
        await mongo.close()


async def migrate_service(database: Database, service: str, *, dry_run: bool = False) -> None:
    """Run the pending migrations of one service; with `dry_run`, only list them."""
    prepared = [migration for feature in FEATURES[service] for migration in feature.migrations]
    waiting = await pending(database, prepared)
    if not waiting:
        typer.echo(f"{service}: nothing to do.")
    elif dry_run:
        for name in waiting:
            typer.echo(f"{service}: {name} would run.")
    else:
        async for progress in migrate(database, prepared):
            state = "done" if progress.is_done else "so far"
            typer.echo(f"{service}: {progress.name}: {progress.documents} documents {state}.")
