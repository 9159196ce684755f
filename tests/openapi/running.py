"""The product with a small world in it, and schemathesis asking one of its services."""

import asyncio
import os
import re
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from shared.auth import SCOPES, Principal
from shared.settings import Settings
from tests.openapi.world import World
from tests.proofs.world import make_world
from tests.support.founding import found_community
from tests.support.stack import Stack, running_stack

FOLDER = Path(__file__).parent
ROOT = FOLDER.parents[1]
PHASES = "examples,coverage,fuzzing,stateful"
MOST_EXAMPLES = 10
MOST_SECONDS = 600


@dataclass(frozen=True)
class Finding:
    """What schemathesis said of a service, and how many different failures it counted."""

    failures: int
    said: str


@asynccontextmanager
async def a_world(settings: Settings, folder: Path) -> AsyncIterator[tuple[Stack, World]]:
    """The running product, somebody to whom everything is open, and an id for each parameter of a path."""
    async with running_stack(settings, folder) as stack:
        database = stack.app("membership").state.service.database
        community = await found_community(stack, database)
        world = await make_world(community)
        member, ids = world.actors["member"], world.ids
        caller = Principal(
            kind="person",
            id=member.id,
            scopes=frozenset(SCOPES),
            hubs=frozenset({community.hub}),
            groups={community.group: community.hub},
            everywhere=True,
        )
        yield (
            stack,
            World(
                service="",
                secret=settings.secret.get_secret_value(),
                caller=caller,
                ids={
                    "event_id": ids["event_community"],
                    "registration_id": ids["registration"],
                    "entry_id": ids["entry_community"],
                    "key_id": ids["api_key"],
                    "group_id": community.group,
                    "hub_id": community.hub,
                    "membership_id": ids["membership"],
                    "person_id": member.id,
                    "endpoint_id": ids["endpoint"],
                    "delivery_id": ids["delivery"],
                    "slug": ids["hub_slug"],
                },
            ),
        )


async def ask(stack: Stack, world: World, service: str, *more: str) -> Finding:
    """Run every check of schemathesis on a service, with at most so many examples and for so long; `more`: options."""
    process = await asyncio.create_subprocess_exec(
        str(Path(sys.executable).with_name("schemathesis")),
        f"--config-file={FOLDER / 'schemathesis.toml'}",
        "run",
        f"{stack.url(service)}/openapi.json",
        "--checks=all",
        f"--phases={PHASES}",
        f"--max-examples={MOST_EXAMPLES}",
        "--no-color",
        "--no-shrink",
        *more,
        cwd=ROOT,
        env={
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "OPENAPI_WORLD": world.model_copy(update={"service": service}).model_dump_json(),
        },
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    try:
        async with asyncio.timeout(MOST_SECONDS):
            out, _ = await process.communicate()
    except TimeoutError:
        process.kill()
        await process.wait()
        raise
    said = out.decode(errors="replace")
    found = re.search(r"(\d+) unique failures?", said)
    return Finding(int(found[1]) if found else (0 if process.returncode == 0 else -1), said)
