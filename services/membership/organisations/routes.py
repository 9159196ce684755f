"""Organisations over HTTP. Everyone with `directory:read` sees every one."""

from typing import Annotated

from fastapi import Query

from services.membership.organisations import commands, store
from services.membership.organisations.model import NewOrganisation
from services.membership.search import words_of
from shared import clock
from shared.app import Caller, Db, router
from shared.contracts.membership import OrganisationView
from shared.contracts.view import ByIds
from shared.contracts.words import ActorKind
from shared.paging import Page, page_request

routes = router("organisations")


@routes.post("/organisations", status_code=201)
async def add(body: NewOrganisation, caller: Caller, database: Db) -> OrganisationView:
    """Bring an organisation into the community."""
    caller.require("hub:admin")
    return OrganisationView.of(await commands.add_organisation(database, caller, body, clock.now()))


@routes.get("/organisations")
async def page(
    caller: Caller,
    database: Db,
    kind: ActorKind | None = None,
    search: Annotated[str | None, Query(max_length=200)] = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[OrganisationView]:
    """Organisations by name, of a kind, found by words or their beginnings."""
    caller.require("directory:read")
    words = None if search is None else words_of(search, limit=10)
    found = await store.page(database, kind, words, page_request(first, after), f"organisations:{kind}:{search}")
    return found.map(OrganisationView.of)


@routes.post("/organisations/by-ids")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[OrganisationView]:
    """Many organisations at once."""
    caller.require("directory:read")
    return [OrganisationView.of(found) for found in await store.by_ids(database, body.ids)]
