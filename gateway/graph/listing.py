"""Queries, declared: lists, and single things by id or slug."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import strawberry

from gateway.context import Context
from gateway.graph.declared import Declared, Info, argument, declare
from gateway.graph.filters import Filters, arguments_of
from gateway.graph.kinds import Kind
from gateway.graph.names import told_by
from gateway.graph.nodes import read_one
from gateway.graph.pages import narrowed, no_page, read_page
from gateway.graph.relations import PAGE_ARGUMENTS
from gateway.graph.shapes import ID, page_of
from shared.errors import Invalid, NotFound

_SLUG = re.compile(r"[a-z0-9][a-z0-9-]{0,99}")
_SPACED = re.compile(r"[A-Z]")


@dataclass(frozen=True)
class Listing:
    """A query that gives a page of a kind's list. Its `filters` are those of every list of the kind."""

    name: str
    kind: Kind
    about: str
    filters: Filters = Filters()  # noqa: RUF009 it is frozen


@dataclass(frozen=True)
class Lookup:
    """A query that gives one thing by its `id` or, when things of its kind have one, by its `slug`."""

    name: str
    kind: Kind

    @property
    def what(self) -> str:
        """Its name in a sentence, such as `support request`."""
        return _SPACED.sub(lambda capital: f" {capital[0].lower()}", self.name).replace("api ", "API ")

    @property
    def has_slug(self) -> bool:
        """Whether it takes a `slug` too."""
        return "slug" in self.kind.view.model_fields


class OneOfIdAndSlug(Invalid):
    """A thing is looked up by both its id and its slug, or by neither."""

    code = "one_of_id_and_slug"
    message = "Give `id` or `slug`, one of the two."


def declare_query(query: Listing | Lookup, types: Mapping[str, type[Any]]) -> Declared:
    """The field of `Query`."""
    if isinstance(query, Lookup):
        return _declare_lookup(query, types)
    filters = query.filters

    async def resolve(source: Any, info: Info, **arguments: Any) -> Any:
        with told_by(filters.names):
            wanted = await narrowed(info.context, filters, arguments)
            return no_page() if wanted is None else await read_page(info, query.kind, wanted, arguments)

    return declare(
        query.name,
        page_of(types[query.kind.type]),
        resolve,
        arguments=(*arguments_of(query.kind), *PAGE_ARGUMENTS),
        description=query.about,
    )


def _declare_lookup(query: Lookup, types: Mapping[str, type[Any]]) -> Declared:
    kind = query.kind

    async def by_id(source: Any, info: Info, id: str) -> Any:
        return await read_one(info.context, kind, id)

    async def by_either(source: Any, info: Info, id: str | None = None, slug: str | None = None) -> Any:
        if (id is None) == (slug is None):
            raise OneOfIdAndSlug(path=("slug",))
        return await (read_one(info.context, kind, id) if id is not None else _by_slug(info.context, kind, slug or ""))

    there = "null when there is none that you may see. A caller without the scope for it gets an error."
    if not query.has_slug:
        arguments = (argument("id", strawberry.ID, ID),)
        description = f"The {query.what} with this id; {there}"
        return declare(query.name, types[kind.type] | None, by_id, arguments=arguments, description=description)
    return declare(
        query.name,
        types[kind.type] | None,
        by_either,
        arguments=(
            argument("id", strawberry.ID | None, ID),
            argument("slug", str | None, "A slug, the name in web addresses."),
        ),
        description=f"The {query.what} with this id, or with this slug: give one of the two; {there}",
    )


async def _by_slug(context: Context, kind: Kind, slug: str) -> Any:
    if not _SLUG.fullmatch(slug):
        return None
    try:
        thing = await context.services[kind.service].get(context.caller, f"/{kind.collection}/by-slug/{slug}")
    except NotFound:
        return None
    context.loader.know([thing])
    return thing
