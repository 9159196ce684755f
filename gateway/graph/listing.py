"""Queries, declared: lists with the filters they take, and single things by id or slug."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry
from strawberry.types.arguments import StrawberryArgument

from gateway.graph.declared import Declared, Info, argument, declare
from gateway.graph.filters import Filters
from gateway.graph.kinds import Kind
from gateway.graph.names import told_by
from gateway.graph.nodes import read_one
from gateway.graph.pages import narrowed, no_page, read_page
from gateway.graph.relations import PAGE_ARGUMENTS
from gateway.graph.shapes import page_of
from shared.errors import NotFound

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")


@dataclass(frozen=True)
class Listing:
    """A query that gives a page of a kind's list."""

    name: str
    kind: Kind
    about: str
    filters: Filters = Filters()  # noqa: RUF009 it is frozen


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
    filters = query.filters

    async def resolve(source: Any, info: Info, first: int | None = None, after: str | None = None, **given: Any) -> Any:
        with told_by(filters.names):
            wanted = await narrowed(info.context, filters, given)
            return no_page() if wanted is None else await read_page(info, query.kind, wanted, first, after)

    return declare(
        query.name,
        page_of(types[query.kind.type]),
        resolve,
        arguments=(*filters.arguments, *PAGE_ARGUMENTS),
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
