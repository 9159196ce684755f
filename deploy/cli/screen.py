"""Output as tables for people or as JSON for programs."""

import sys
from collections.abc import Iterable, Sequence
from typing import Annotated, Any

import orjson
import typer
from rich.console import Console
from rich.table import Table

AsJson = Annotated[bool, typer.Option("--json", help="JSON instead of a table.")]


def console() -> Console:
    """The console for tables. Into a pipe or a file, lines are 240 characters wide."""
    return Console(width=None if sys.stdout.isatty() else 240, highlight=False)


def show_json(value: Any) -> None:
    """Print a value as indented JSON."""
    typer.echo(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def show_table(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Print rows under headings; the first column is never wrapped."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for position, heading in enumerate(headings):
        table.add_column(heading, no_wrap=position == 0, overflow="fold")
    for row in rows:
        table.add_row(*row)
    console().print(table, markup=False)


def fail(sentence: str) -> typer.Exit:
    """Print an error, and return the exception that ends the command with exit code 1: `raise fail(...)`."""
    typer.echo(sentence, err=True)
    return typer.Exit(1)
