"""The memory of each idle Python process of the stack: its resident set size, including shared pages."""

import os
import re
from pathlib import Path
from typing import Any

from bench.table import Figure

TARGET_MB = 130


async def measure(facts: dict[str, Any]) -> list[Figure]:
    """One figure: the largest process, with the sizes of all."""
    sizes: dict[str, float] = {}
    for name, pid in facts["pids"].items():
        if os.readlink(f"/proc/{pid}/exe").rpartition("/")[2].startswith("python"):
            sizes[name] = _megabytes(int(pid))
    largest = max(sizes.values())
    listed = ", ".join(f"{name} {size:.0f}" for name, size in sizes.items())
    return [
        Figure(
            "idle memory of a Python process",
            f"largest {largest:.0f} MB",
            f"MB each: {listed}",
            f"≤ {TARGET_MB} MB",
            largest <= TARGET_MB,
        )
    ]


def _megabytes(pid: int) -> float:
    rollup = (Path("/proc") / str(pid) / "smaps_rollup").read_text()
    found = re.search(r"^Rss:\s+(\d+) kB", rollup, re.MULTILINE)
    return int(found.group(1)) / 1024 if found else 0.0
