"""`mycelium`: parked messages, topics, a check of every part, changes of stored data, and fresh secrets."""

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

FOLDER = typer.Option(help="Where the local stack keeps its things.", show_default=".mycelium")


@app.callback()
def main(context: typer.Context, folder: Annotated[Path | None, FOLDER] = None) -> None:
    """Look after a Mycelium: the one the environment names, or the one `make up` runs here."""
    logging.disable(logging.CRITICAL)  # what libraries log on the way is said in our own words
    context.obj = Place.of(folder)


@app.command("doctor")
def doctor(context: typer.Context, as_json: AsJson = False) -> None:
    """Check MongoDB, RabbitMQ with its queues, every service and the gateway. Exits with 1 when something is ill."""
    from deploy.cli.doctor import tell  # the database driver takes a while to import, and only this needs it

    tell(context.obj, as_json=as_json)


@app.command("topics")
def topics(as_json: AsJson = False) -> None:
    """List every topic: what it says, and whether developers may subscribe to it."""
    from deploy.cli.topics import tell

    tell(as_json=as_json)


@app.command("operator-key")
def operator_key(
    context: typer.Context, name: Annotated[str, typer.Option(help="What it is for.")] = "Operator"
) -> None:
    """Make an API key that opens everything, and print it: the first key of a deployment. It is shown this once."""
    from deploy.cli.operator_key import make

    typer.echo(make(context.obj, name))


@app.command("migrate")
def migrate(
    context: typer.Context,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only list what would run.")] = False,
) -> None:
    """Bring stored documents to the form of this version. Safe to stop, to run again, and beside the services."""
    from deploy.cli.migrate import run

    run(context.obj, dry_run=dry_run)


@app.command("secrets")
def secrets(
    file: Annotated[Path, typer.Option(help="The file to write them into; made when it is not there.")] = Path(".env"),
) -> None:
    """Write fresh secrets into a file, `.env` as a rule. One that is set there is never replaced, none is printed."""
    typer.echo(f"Written into {file}: {', '.join(write_secrets(file))}. Keep a copy of that file in a safe place.")


if __name__ == "__main__":
    app()
