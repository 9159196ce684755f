"""People over HTTP. Contact details pass through the consent policy, in every answer."""

from collections.abc import Sequence
from enum import StrEnum
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
from shared.contracts.membership.people import ChangePerson, NewPerson, PersonView
from shared.contracts.view import ByIds
from shared.enums import ActorKind, Theme
from shared.paging import Page
from shared.routing import Routes

ROUTES = Routes("people")


async def viewer_of(database: Db, principal: Caller) -> Viewer:
    """The caller as the consent policy knows them.

    A person sees through the hubs and groups they are themselves a member of, by memberships they accepted: neither
    what they look after nor the hubs above opens anything. A key sees as its hubs' site would.
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
    """Bring a person into the community, and into a hub when one is named."""
    person = await commands.add_person(database, caller, body, now=clock.now())
    return view_of(caller, viewer, person)


@ROUTES.patch("/people/{person_id}", needs="directory:read")
async def change(person_id: str, body: ChangePerson, caller: Caller, database: Db, viewer: AsViewer) -> PersonView:
    """Change one's own profile, or as an operator somebody's."""
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
) -> Page[PersonView]:
    """People by name. `search`: words or their beginnings; `hub`: in it or in a hub below it."""
    any_of: dict[str, Sequence[StrEnum]] = {"themes": theme, "actor_kinds": actor_kind}
    found = await store.page(
        database,
        words=None if search is None else words_of(search, limit=10),
        any_of={field: [str(value) for value in values] for field, values in any_of.items() if values},
        group_id=group,
        hub_ids=None if hub is None else await hubs.ids_at_or_below(database, [hub]),
        request=paging,
        scope=f"people:{search}:{hub}:{group}:{sorted(theme)}:{sorted(actor_kind)}",
    )
    return found.map(partial(view_of, caller, viewer))


@ROUTES.post("/people/by-ids", needs="directory:read")
async def by_ids(body: ByIds, caller: Caller, database: Db, viewer: AsViewer) -> list[PersonView]:
    """Many people at once."""
    return [view_of(caller, viewer, person) for person in await store.by_ids(database, body.ids)]


def view_of(principal: Principal, viewer: Viewer, person: Person) -> PersonView:
    """The person as the caller may see them, with whether the caller could change the profile."""
    return person.seen_by(viewer, can_update=commands.can_change(principal, person.id))
