"""Figures with their comparisons, and the table of them."""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from rich.console import Console
from rich.table import Table


@dataclass(frozen=True)
class Figure:
    """One row of the table. `beside` is the floor or peer of the same run; `met` says whether `target` is met.

    A figure without a target has `met` `None`.
    """

    name: str
    measured: str
    beside: str
    target: str
    met: bool | None


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which this share (0 to 1) of the values lies, by nearest rank."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def median_ratio(pairs: Sequence[tuple[float, float]]) -> float:
    """The median of the ratios ours / theirs, one for each round."""
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
