"""The generated files and their contents."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from deploy.cli.reference.asyncapi import asyncapi
from deploy.cli.reference.messages import messages_page
from deploy.cli.reference.personal_data import personal_data_page
from deploy.cli.reference.problems import problems_page
from deploy.cli.reference.schemas import data_schema, envelope_schema, webhook_messages
from deploy.cli.reference.scopes import scopes_page
from deploy.cli.reference.settings import env_example, settings_page

ROOT = Path(__file__).parents[3]
FOLDER = ROOT / "docs" / "reference"


def documents() -> dict[Path, str]:
    """Every generated file and its text; the same code always gives the same texts."""
    schemas = {f"schemas/{type_}.json": _json(data_schema(cls)) for type_, cls in webhook_messages().items()}
    pages = {
        "asyncapi.json": _json(asyncapi()),
        "messages.md": messages_page(),
        "personal-data.md": personal_data_page(),
        "problems.md": problems_page(ROOT),
        "schemas/envelope.json": _json(envelope_schema()),
        "scopes.md": scopes_page(),
        "settings.md": settings_page(),
        **schemas,
    }
    return {ROOT / ".env.example": env_example(), **{FOLDER / name: text for name, text in pages.items()}}


def stale(wanted: Mapping[Path, str]) -> list[Path]:
    """The files in the reference's folder that are no longer generated."""
    return sorted(path for path in FOLDER.rglob("*") if path.is_file() and path not in wanted)


def _json(value: Any) -> str:
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"
