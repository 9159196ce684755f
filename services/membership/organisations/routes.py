"""Organisations over HTTP. Everybody with `directory:read` sees all of them."""

from functools import partial
from typing import Annotated

from fastapi import Query

from services.membership.organisations import commands, store
from services.membership.organisations.model import Organisation
from services.membership.search import words_of
from shared import clock
from shared.app import Caller, Db, Paging
from shared.auth import Principal
from shared.contracts.membership.organisations import (
    NewOrganisation,
    OrganisationChanges,
    OrganisationOrder,
    OrganisationView,
)
from shared.contracts.view import ByIds
from shared.enums import ActorKind
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("organisations")


@ROUTES.post("/organisations", needs="hub:admin", status=201)
async def add(body: NewOrganisation, caller: Caller, database: Db) -> OrganisationView:
    """Add an organisation to the community."""
    return view_of(caller, await commands.add_organisation(database, caller, body, now=clock.now()))


@ROUTES.patch("/organisations/{organisation_id}", needs="hub:admin")
async def change(organisation_id: str, body: OrganisationChanges, caller: Caller, database: Db) -> OrganisationView:
    """Change an organisation. Fields that are not sent stay as they are."""
    organisation = await commands.change_organisation(database, caller, organisation_id, body, now=clock.now())
    return view_of(caller, organisation)


@ROUTES.get("/organisations", needs="directory:read")
async def page(
    caller: Caller,
    database: Db,
    paging: Paging,
    kind: Annotated[list[ActorKind], Query()] = [],  # noqa: B006 FastAPI copies it
    search: Annotated[str | None, Query(max_length=200)] = None,
    order: OrganisationOrder = OrganisationOrder.NAME,
) -> Page[OrganisationView]:
    """Organisations. `kind`: of any of these. `search`: with words that begin like these."""
    words = None if search is None else words_of(search, limit=10)
    found = await store.page(database, kind, words, order, paging, f"organisations:{sorted(kind)}:{search}")
    return found.map(partial(view_of, caller))


@ROUTES.post("/organisations/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db) -> list[OrganisationView]:
    """Many organisations at once."""
    return [view_of(caller, found) for found in await store.by_ids(database, body.ids)]


def view_of(principal: Principal, organisation: Organisation) -> OrganisationView:
    """The organisation, and whether the caller could change it: whoever may add one may change any."""
    return OrganisationView.of(organisation, viewer_can_update=principal.can("hub:admin"))
