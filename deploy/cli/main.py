"""`mycelium`: handle parked messages, list topics, check every part, migrate stored data, create keys and secrets."""

import logging
from pathlib import Path
from typing import Annotated

import typer

from deploy.cli import dead
from deploy.cli.place import Place
from deploy.cli.screen import AsJson
from deploy.cli.secrets import write_secrets

app = typer.Typer(help=__doc__, no_args_is_help=True, add_completion=False, pretty_exceptions_show_locals=False)
app.add_typer(dead.app, name="dead")

FOLDER = typer.Option(help="The folder of the local stack.", show_default=".mycelium")


@app.callback()
def main(context: typer.Context, folder: Annotated[Path | None, FOLDER] = None) -> None:
    """Operate a deployment: the one named in the environment, or else the local one that `make up` runs."""
    logging.disable(logging.CRITICAL)  # the commands report errors themselves
    context.obj = Place.of(folder)


@app.command("doctor")
def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check MongoDB, RabbitMQ with its queues, every service and the gateway. Exits with 1 when a check fails."""
    from deploy.cli.doctor import report  # imported here, because the database driver is slow to import

    report(context.obj, as_json=as_json)


@app.command("topics")
def topics(as_json: AsJson = False) -> None:
    """List every topic: what its messages mean, and whether developers may subscribe to it."""
    from deploy.cli.topics import report

    report(as_json=as_json)


@app.command("operator-key")
def operator_key(
    context: typer.Context, name: Annotated[str, typer.Option(help="What it is for.")] = "Operator"
) -> None:
    """Create an API key with all scopes for the whole community, and print it. It is shown only this once."""
    from deploy.cli.operator_key import make

    typer.echo(make(context.obj, name))


@app.command("migrate")
def migrate(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would run.")] = False,
) -> None:
    """Migrate stored documents to this version. You may stop it, run it again, and run it beside the services."""
    from deploy.cli.migrate import run

    run(context.obj, dry_run=dry_run)


@app.command("secrets")
def secrets(
    file: Annotated[Path, typer.Option(help="The file to write to; created if it does not exist.")] = Path(".env"),
) -> None:
    """Write new secrets to a file, by default `.env`. It never replaces a secret that is set, and prints none."""
    typer.echo(f"Written into {file}: {', '.join(write_secrets(file))}. Keep a copy of that file in a safe place.")


if __name__ == "__main__":
    app()
