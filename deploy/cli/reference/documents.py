"""Which files are generated, and what each of them holds."""

from collections.abc import Mapping
from pathlib import Path

from deploy.cli.reference.settings import env_example, settings_page

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "reference"


def documents() -> dict[Path, str]:
    """Every generated file and its text, the same each time for the same code."""
    return {ROOT / ".env.example": env_example(), FOLDER / "settings.md": settings_page()}


def stale(wanted: Mapping[Path, str]) -> list[Path]:
    """Files in the reference's folder that nothing generates any more."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file() and path not in wanted)
