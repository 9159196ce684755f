"""Queries, declared: lists with the filters they take, and single things by id or slug."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument

from gateway.graph.declared import Declared, Info, argument, declare
from gateway.graph.kinds import Kind
from gateway.graph.nodes import read_one
from gateway.graph.pages import hubs_below, no_page, read_page
from gateway.graph.relations import PAGE_ARGUMENTS
from gateway.graph.shapes import page_of
from shared.errors import NotFound

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True)
class Filter:
    """What narrows a list. `param` is the service's name for it; `below`: a hub stands for the hubs below it too."""

    name: str
    type: Any
    param: str = ""
    below: bool = False
    about: str = ""


@dataclass(frozen=True)
class Listing:
    """A query that gives a page of a kind's list. `within`: the filters are fields of one input of this name."""

    name: str
    kind: Kind
    about: str
    filters: tuple[Filter, ...] = ()
    within: str | None = None


@dataclass(frozen=True)
class Lookup:
    """A query that gives one thing, by its `id` or its `slug`."""

    name: str
    kind: Kind
    by: str = "id"


def declare_query(query: Listing | Lookup, types: Mapping[str, type[Any]]) -> Declared:
    """The field of `Query`."""
    if isinstance(query, Lookup):
        return _declare_lookup(query, types)
    filters = {each.name: each for each in query.filters}
    arguments = [argument(each.name, each.type | None, each.about) for each in query.filters]
    if query.within is not None:
        arguments = [argument("filter", _input_of(query.within, query.filters) | None)]

    async def resolve(source: Any, info: Info, first: int | None = None, after: str | None = None, **given: Any) -> Any:
        context = info.context
        wanted: list[tuple[str, Any]] = []
        for name, value in ((given.get("filter") or {}) if query.within else given).items():
            each = filters[name]
            if each.below and value is not None:
                value = await hubs_below(context, value)
                if not value:
                    return no_page()
            wanted.append((each.param or name, value))
        return await read_page(info, query.kind, wanted, first, after)

    return declare(
        query.name,
        page_of(types[query.kind.type]),
        resolve,
        arguments=(*arguments, *PAGE_ARGUMENTS),
        description=query.about,
    )


def _declare_lookup(query: Lookup, types: Mapping[str, type[Any]]) -> Declared:
    kind = query.kind

    async def by_id(source: Any, info: Info, id: str) -> Any:
        return await read_one(info.context, kind, id)

    async def by_slug(source: Any, info: Info, slug: str) -> Any:
        if not _SLUG.fullmatch(slug):
            return None
        context = info.context
        try:
            thing = await context.services[kind.service].get(context.caller, f"/{kind.collection}/by-slug/{slug}")
        except NotFound:
            return None
        context.loader.know([thing])
        return thing

    by: StrawberryArgument = argument(query.by, strawberry.ID if query.by == "id" else str)
    return declare(
        query.name,
        types[kind.type] | None,
        by_id if query.by == "id" else by_slug,
        arguments=(by,),
        description=f"The {query.name} with this {query.by}; null when it is not there for you to see.",
    )


def _input_of(name: str, filters: tuple[Filter, ...]) -> Any:
    """An input type with the filters as its fields."""
    fields: dict[str, Any] = {
        f"{each.name}_": strawberry.field(name=each.name, description=each.about or None) for each in filters
    }
    annotations = {f"{each.name}_": each.type | None for each in filters}
    made = type(name, (), {"__annotations__": annotations, **fields})
    return strawberry.input(made, description="Each field narrows the list further.")
