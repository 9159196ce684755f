"""`python -m bench [relay] [intake] [deliveries] [flood] [latency] [memory]`: measure these or all, print a table."""

import argparse
import asyncio
import importlib
import sys

from bench.parts import bench_settings
from bench.table import Figure, show
from shared.logging import configure_logging

ON_PARTS = ("relay", "intake", "deliveries", "flood")
ON_STACK = ("latency", "memory")


def main() -> int:
    """Run the chosen measurements. Always returns 0, because a figure is not a test."""
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("measures", nargs="*", choices=[*ON_PARTS, *ON_STACK, []], help="what to run; default: all")
    wanted = parser.parse_args().measures or [*ON_PARTS, *ON_STACK]
    configure_logging("bench", level="ERROR")
    figures: list[Figure] = []
    on_parts = [name for name in ON_PARTS if name in wanted]
    if on_parts:
        with bench_settings() as settings:
            for name in on_parts:
                figures += asyncio.run(importlib.import_module(f"bench.{name}").measure(settings))
    on_stack = [name for name in ON_STACK if name in wanted]
    if on_stack:
        from bench.stack import running_stack

        with running_stack() as facts:
            for name in sorted(on_stack, reverse=True):  # memory first, while everything is idle
                figures += asyncio.run(importlib.import_module(f"bench.{name}").measure(facts))
    show(figures)
    return 0


if __name__ == "__main__":
    sys.exit(main())
