"""Writes the generated reference, or with `--check` lists the files that are not current (and exits with 1)."""

import argparse
import sys
from pathlib import Path

from deploy.cli.reference.documents import ROOT, documents, stale


def main() -> int:
    """Run the command line; return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m deploy.cli.reference", description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; fail when a file is not current")
    checking = parser.parse_args().check
    wanted = documents()
    changed = [path for path, text in wanted.items() if not path.exists() or path.read_text() != text]
    left = stale(wanted)
    for path in (*changed, *left):
        print(("not current: " if checking else "wrote " if path in wanted else "removed ") + _shown(path))
    if checking:
        if changed or left:
            print("Run `make docs` and commit what it writes.", file=sys.stderr)
        return 1 if changed or left else 0
    for path in changed:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(wanted[path])
    for path in left:
        path.unlink()
    return 0


def _shown(path: Path) -> str:
    return str(path.relative_to(ROOT))


if __name__ == "__main__":
    sys.exit(main())
