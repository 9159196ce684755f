"""The demo's API keys. A secret is shown only once, so they are stored in a file for the next run.

A key whose secret is missing from the file, or no longer valid, is rotated.
"""

import json
import os
import sys
from datetime import datetime, timedelta
from itertools import count
from pathlib import Path
from typing import Any

from deploy.demo.ledger import Made, once
from deploy.demo.loaded import OPERATOR
from services.membership.api_keys import store
from services.membership.api_keys.commands import create_api_key, rotate_api_key
from services.membership.hubs.store import get_by_slug
from shared.app import Service
from shared.auth import SCOPES
from shared.contracts.membership.api_keys import NewApiKey
from shared.keys import parse_key
from shared.mongo import Database

HUB = "north-east"
HUB_SCOPES = ("directory:read", "events:read", "events:write", "learning:read", "learning:write",
              "webhooks:manage", "hub:admin")  # fmt: skip
PARTNER_SCOPES = ("directory:read", "members:sync")


async def demo_keys(membership: Service, file: Path, now: datetime) -> dict[str, str]:
    """The secrets of the keys `operator`, `hub` and `partner`: those in the file if they are valid, else new ones."""
    hub_id = (await get_by_slug(membership.database, HUB)).id
    wanted = {
        "operator": NewApiKey(name="Demo operator", scopes=list(SCOPES)),
        "hub": NewApiKey(name="Demo: the North East hub's site", hub_id=hub_id, scopes=list(HUB_SCOPES)),
        "partner": NewApiKey(name="Demo: a partner's sync", hub_id=hub_id, scopes=list(PARTNER_SCOPES)),
    }
    secrets = _read(file)
    texts = {name: await _secret_of(membership.database, name, new, secrets, now) for name, new in wanted.items()}
    _write(file, secrets)
    return texts


async def _secret_of(database: Database, name: str, new: NewApiKey, secrets: dict[str, str], now: datetime) -> str:
    """A valid secret of this key: the known one, else a new one. A revoked key is replaced by a new key."""

    async def make() -> Made:
        made = await create_api_key(database, OPERATOR, new, now=now)
        secrets[made.key.id] = made.secret
        return {"id": made.key.id}

    for number in count(1):
        key = await store.get(database, (await once(database, f"key:{name}:{number}", make))["id"])
        if key.revoked_at is None:
            break
    text = secrets.get(key.id, "")
    if parse_key(text) is None or key.opened_by(text, now) is None:
        text = secrets[key.id] = (await rotate_api_key(database, OPERATOR, key.id, timedelta(0), now=now)).secret
    return text


def _read(file: Path) -> dict[str, str]:
    """The stored secrets by the ids of their keys; the file may hold those of several communities."""
    try:
        stored: Any = json.loads(file.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return {str(k): str(v) for k, v in stored.items()} if isinstance(stored, dict) else {}


def _write(file: Path, secrets: dict[str, str]) -> None:
    """Write the file atomically, readable by this account only."""
    if _read(file) == secrets:
        return
    fresh = file.with_name(f"{file.name}.{os.getpid()}")
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as stream:
            json.dump(secrets, stream, indent=1)
        fresh.replace(file)
    except OSError as error:  # for example in a read-only container; the keys work anyway
        print(f"Keys cannot be kept in {file} ({error.strerror}); the next run will print others.", file=sys.stderr)
