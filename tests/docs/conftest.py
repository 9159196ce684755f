"""The product with the demo community, for pages to be tried on."""

import json
import sys
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from deploy.demo.__main__ import demo as load_demo
from shared.contracts import public_messages
from tests.docs.pages import ROOT
from tests.docs.running import Demo
from tests.support.namespaces import clear, new_namespace, settings_for
from tests.support.stack import Stack, running_stack
from tests.support.waiting import eventually

TELLING = ("membership", "events", "learning")


@pytest.fixture(scope="session")
async def demo(mongo_url: str, amqp_url: str, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Demo]:
    """A stack of its own, with the demo community loaded and all it tells of heard."""
    namespace = new_namespace()
    settings = settings_for(namespace, mongo_url, amqp_url)
    folder = tmp_path_factory.mktemp("repository")
    try:
        mail = folder / ".mycelium" / "mail"
        mail.mkdir(parents=True)
        async with running_stack(settings, mail) as stack:
            made = await load_demo(settings, folder / "keys.json")
            await eventually(lambda: all_is_heard(stack), within=60)
            # What `make up` writes, with addresses that are none of those it prefers.
            services = {name: stack.url(name) for name in ("membership", "events", "learning", "notify")}
            facts = {**made, "graphql": stack.graphql, "gateway": stack.gateway, "services": services}
            (folder / ".mycelium" / "stack.json").write_text(json.dumps(facts))
            (folder / "examples").symlink_to(ROOT / "examples")
            (folder / ".venv").symlink_to(Path(sys.executable).parents[1])
            yield Demo(stack, folder, facts)
    finally:
        clear(namespace, mongo_url, amqp_url)


async def all_is_heard(stack: Stack) -> bool:
    """Whether every public message that was told is in notify's inbox, so that later webhooks are of later things."""
    public = {"type": {"$in": [cls.type_name() for cls in public_messages()]}}
    told = [await stack.app(name).state.service.database["outbox"].count_documents(public) for name in TELLING]
    heard = await stack.app("notify").state.service.database["inbox"].count_documents(public)
    return bool(heard >= sum(told) > 0)
