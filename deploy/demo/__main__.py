"""`python -m deploy.demo [--keys FILE]`: load the demo community, once, and print its keys as JSON."""

import argparse
import asyncio
import json
import logging
import sys
import time
from pathlib import Path
from typing import Any

from deploy.demo.events import ZONE
from deploy.demo.keys import HUB, demo_keys
from deploy.demo.ledger import EVERYTHING, is_made
from deploy.demo.loaded import a_writer
from deploy.demo.people import all_organisations, all_people
from services.membership.hubs.store import get_by_slug
from shared import clock
from shared.logging import configure_logging
from shared.settings import Settings

KEYS = Path(".mycelium") / "demo-keys.json"


async def demo(settings: Settings, keys: Path) -> dict[str, Any]:
    """Load what is not loaded yet. Returns the keys, the hub of the hub key, and some people to sign in as."""
    now = clock.now()
    membership = a_writer("membership", settings)
    try:
        if not await is_made(membership.database, EVERYTHING):
            from deploy.demo.loading import load_demo  # imported here, because it is slow and often not needed

            await load_demo(settings, now.astimezone(ZONE).date())
        hub = await get_by_slug(membership.database, HUB)
        return {
            "keys": await demo_keys(membership, keys, now),
            "hub": {"id": hub.id, "slug": hub.slug, "name": hub.name},
            "people": some_people(),
        }
    finally:
        await membership.mongo.close()


def some_people() -> list[dict[str, str]]:
    """Some people to sign in as, with different roles."""
    people = all_people(all_organisations())
    home = [person for person in people if person.hub.slug == HUB]
    chosen = {
        "steward of the North East, convener": home[0],
        "steward of the national hub": next(p for p in people if p.hub.slug == "national" and p.hub_roles),
        "convener of a group": next(p for p in home if ("convener",) in p.groups.values() and p is not home[0]),
        "member": next(p for p in home if p.groups and not any(p.groups.values()) and not p.hub_roles),
        "in no group": next(p for p in people if not p.groups and not p.hub_roles),
    }
    return [{"email": person.email, "name": person.name, "what": what} for what, person in chosen.items()]


def main() -> None:
    """The command."""
    parser = argparse.ArgumentParser(prog="python -m deploy.demo", description=__doc__)
    parser.add_argument("--keys", type=Path, default=KEYS, help=f"where the keys are kept between runs ({KEYS})")
    asked = parser.parse_args()
    configure_logging("demo", level="WARNING")
    for handler in logging.getLogger().handlers:
        if isinstance(handler, logging.StreamHandler):
            handler.setStream(sys.stderr)  # stdout is for the keys alone
    began = time.monotonic()
    made = asyncio.run(demo(Settings(), asked.keys))
    print(f"The demo community is there ({time.monotonic() - began:.1f} s).", file=sys.stderr)
    print(json.dumps(made))


if __name__ == "__main__":
    main()
