"""People over HTTP. In every answer the consent policy decides which contact details are shown."""

from collections.abc import Sequence
from functools import partial
from typing import Annotated

from fastapi import Depends, Query

from services.membership.hubs import store as hubs
from services.membership.people import commands, store
from services.membership.people.model import Person
from services.membership.search import words_of
from shared import clock
from shared.app import Caller, Db, Paging
from shared.auth import Principal
from shared.consent import Viewer
from shared.contracts.membership.organisations import OrganisationId
from shared.contracts.membership.people import ChangePerson, NewPerson, PersonOrder, PersonView
from shared.contracts.view import ByIds
from shared.enums import ActorKind, Theme
from shared.paging import Page
from shared.routing import Routes
from shared.values import Language

MOST_LANGUAGES = 20

ROUTES = Routes("people")


async def viewer_of(database: Db, principal: Caller) -> Viewer:
    """The caller, in the form that the consent policy takes.

    A person sees what is shown to the hubs and groups of which they are a member and have accepted it. Looking after a
    hub, or being a member of a hub below it, shows them nothing more. A key sees what is shown to its hubs.
    """
    if principal.person_id is None:
        return Viewer(hubs=principal.hubs, in_community=principal.kind == "client")
    own = await store.find(database, principal.person_id)
    return Viewer(
        person_id=principal.person_id,
        groups=frozenset(own.group_ids if own else ()),
        hubs=frozenset(own.hub_ids if own else ()),
        in_community=own is not None,
    )


AsViewer = Annotated[Viewer, Depends(viewer_of)]


@ROUTES.post("/people", needs="hub:admin", status=201)
async def add(body: NewPerson, caller: Caller, database: Db, viewer: AsViewer) -> PersonView:
    """Add a person to the community, and to a hub when one is named."""
    person = await commands.add_person(database, caller, body, now=clock.now())
    return view_of(caller, viewer, person)


@ROUTES.patch("/people/{person_id}", needs="directory:read")
async def change(person_id: str, body: ChangePerson, caller: Caller, database: Db, viewer: AsViewer) -> PersonView:
    """Change one's own profile; as an operator, anybody's."""
    person = await commands.change_person(database, caller, person_id, body, now=clock.now())
    return view_of(caller, viewer, person)


@ROUTES.get("/people", needs="directory:read")
async def page(
    caller: Caller,
    database: Db,
    viewer: AsViewer,
    paging: Paging,
    search: Annotated[str | None, Query(max_length=200)] = None,
    hub: str | None = None,
    group: str | None = None,
    theme: Annotated[list[Theme], Query()] = [],  # noqa: B006 FastAPI copies it
    actor_kind: Annotated[list[ActorKind], Query()] = [],  # noqa: B006
    language: Annotated[list[Language], Query(max_length=MOST_LANGUAGES)] = [],  # noqa: B006
    organisation: OrganisationId | None = None,
    order: PersonOrder = PersonOrder.NAME,
) -> Page[PersonView]:
    """People. `search`: with words that begin like these. `hub`: in this hub or one below it. `organisation`: of whom
    it is known that they are or were at this organisation."""
    any_of: dict[str, Sequence[str]] = {
        "themes": theme,
        "actor_kinds": actor_kind,
        "languages": language,
        "affiliations.organisation_id": [] if organisation is None else [organisation],
    }
    found = await store.page(
        database,
        words=None if search is None else words_of(search, limit=10),
        any_of={field: [str(value) for value in values] for field, values in any_of.items() if values},
        group_id=group,
        hub_ids=None if hub is None else await hubs.ids_at_or_below(database, [hub]),
        order=order,
        request=paging,
        scope=f"people:{search}:{hub}:{group}:{[sorted(values) for values in any_of.values()]}",
    )
    return found.map(partial(view_of, caller, viewer))


@ROUTES.post("/people/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db, viewer: AsViewer) -> list[PersonView]:
    """Many people at once."""
    return [view_of(caller, viewer, person) for person in await store.by_ids(database, body.ids)]


def view_of(principal: Principal, viewer: Viewer, person: Person) -> PersonView:
    """The person as the caller may see them, and whether the caller could change the profile."""
    return person.seen_by(viewer, can_update=commands.can_change(principal, person.id))
