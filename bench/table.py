"""A figure, what it is compared with, and the table they are printed in."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One line of the table. `target` is met when `met` says so; `beside` is the floor or peer of the same run.

    A figure without a target, there to be known, has no `met`.
    """

    name: str
    measured: str
    beside: str
    target: str
    met: bool | None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of ours over theirs, taken round by round."""
    return statistics.median(ours / theirs for ours, theirs in pairs)


def show(figures: Sequence[Figure]) -> None:
    """Print the table."""
    table = Table(title="Mycelium: measured, each beside a floor or peer of the same run")
    for heading in ("what", "measured", "beside", "target", "met"):
        table.add_column(heading, overflow="fold")
    for figure in figures:
        table.add_row(
            figure.name, figure.measured, figure.beside, figure.target, {True: "yes", False: "NO", None: ""}[figure.met]
        )
    Console().print(table)
