"""Reading lists in each of their orders, and asking MongoDB how it read them."""

from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from enum import Enum
from itertools import product
from typing import Any

import pytest

from shared.mongo import Collection
from tests.support.serving import Client

SIZES = (1, 2, 3, 100)
FORWARDS, BACKWARDS = ("first", "after"), ("last", "before")


def order_cells(orders: Iterable[Enum]) -> list[tuple[str, tuple[str, str], int]]:
    """Each order, read from the start and from the end, in pages of each size."""
    return [(order.value, way, size) for order, way, size in product(orders, (FORWARDS, BACKWARDS), SIZES)]


async def read_whole(client: Client, path: str, way: tuple[str, str], size: int, **params: Any) -> list[str]:
    """The ids of a whole list in its order, read in pages of this size from its start or from its end."""
    (how_many, beyond), found, cursor = way, list[str](), dict[str, str]()
    while True:
        answer = await client.get(path, params={**params, how_many: size, **cursor})
        assert answer.status == 200, answer.body
        ids = [node["id"] for node in answer.body["nodes"]]
        assert len(ids) <= size
        found = [*found, *ids] if way == FORWARDS else [*ids, *found]
        if not answer.body["has_next" if way == FORWARDS else "has_previous"]:
            return found
        cursor = {beyond: answer.body["cursors"][-1 if way == FORWARDS else 0]}


async def cursor_of(client: Client, path: str, **params: Any) -> str:
    """The cursor of the first thing of a list."""
    answer = await client.get(path, params={**params, "first": 1})
    assert answer.status == 200, answer.body
    cursor: str = answer.body["cursors"][0]
    return cursor


@asynccontextmanager
async def plans_of(monkeypatch: pytest.MonkeyPatch, collection: str) -> AsyncIterator[list[set[str]]]:
    """The steps of MongoDB's plan for each read of a collection in the block; they are there when it ends.

    MongoDB may sort a handful of documents although an index has them in order: let the list be longer than a page.
    """
    cursors: list[Any] = []
    find = Collection.find

    def watched(self: Collection, *where: Any, **more: Any) -> Any:
        if self.name != collection:
            return find(self, *where, **more)
        cursors.append(
            find(Collection(self.database, self.driver, joins=False), *where, **more)
        )  # explain takes no session
        return cursors[-1]

    plans: list[set[str]] = []
    with monkeypatch.context() as patched:
        patched.setattr(Collection, "find", watched)
        yield plans
    for cursor in cursors:
        explained = await cursor.clone().explain()
        plans.append(set(_steps(explained["queryPlanner"]["winningPlan"])))


def _steps(plan: Any) -> Iterable[str]:
    if isinstance(plan, dict):
        if isinstance(plan.get("stage"), str):
            yield plan["stage"]
        for each in plan.values():
            yield from _steps(each)
    elif isinstance(plan, list):
        for each in plan:
            yield from _steps(each)


async def expect_no_sorting(
    monkeypatch: pytest.MonkeyPatch, client: Client, path: str, collection: str, **params: Any
) -> None:
    """Read the first two pages of a list and its last one: each must come in order from an index."""
    async with plans_of(monkeypatch, collection) as plans:
        first = await client.get(path, params={**params, "first": 5})
        assert first.status == 200, first.body
        further = [{"first": 5, "after": cursor} for cursor in first.body["cursors"][-1:]]
        for stretch in (*further, {"last": 5}):
            assert (await client.get(path, params={**params, **stretch})).status == 200
    assert plans
    for steps in plans:
        assert not steps & {"SORT", "COLLSCAN"}, steps
