"""People over HTTP. Contact details pass through the consent policy, in every answer."""

from typing import Annotated

from fastapi import Depends, Query

from services.membership.hubs import store as hubs
from services.membership.people import commands, store
from services.membership.people.model import ChangePerson, NewPerson
from services.membership.search import words_of
from shared import clock
from shared.app import Caller, Db, router
from shared.consent import Viewer
from shared.contracts.membership import PersonView
from shared.contracts.view import ByIds
from shared.contracts.words import ActorKind, Theme
from shared.paging import Page, page_request

routes = router("people")


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


Seeing = Annotated[Viewer, Depends(viewer_of)]


@routes.post("/people", status_code=201)
async def add(body: NewPerson, caller: Caller, database: Db, viewer: Seeing) -> PersonView:
    """Bring a person into the community, and into a hub when one is named."""
    caller.require("hub:admin")
    person = await commands.add_person(database, caller, body, clock.now())
    return person.seen_by(viewer)


@routes.patch("/people/{person_id}")
async def change(person_id: str, body: ChangePerson, caller: Caller, database: Db, viewer: Seeing) -> PersonView:
    """Change one's own profile, or as an operator somebody's."""
    caller.require("directory:read")
    person = await commands.change_person(database, caller, person_id, body, clock.now())
    return person.seen_by(viewer)


@routes.get("/people")
async def page(
    caller: Caller,
    database: Db,
    viewer: Seeing,
    search: Annotated[str | None, Query(max_length=200)] = None,
    hub: str | None = None,
    group: str | None = None,
    theme: Theme | None = None,
    actor_kind: ActorKind | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[PersonView]:
    """People by name. `search`: words or their beginnings; `hub`: in it or in a hub below it."""
    caller.require("directory:read")
    equal = {"themes": theme, "actor_kinds": actor_kind}
    found = await store.page(
        database,
        words=None if search is None else words_of(search, limit=10),
        equal={field: str(value) for field, value in equal.items() if value is not None},
        group_id=group,
        hub_ids=None if hub is None else await hubs.ids_at_or_below(database, [hub]),
        request=page_request(first, after),
        scope=f"people:{search}:{hub}:{group}:{theme}:{actor_kind}",
    )
    return found.map(lambda person: person.seen_by(viewer))


@routes.post("/people/by-ids")
async def by_ids(body: ByIds, caller: Caller, database: Db, viewer: Seeing) -> list[PersonView]:
    """Many people at once."""
    caller.require("directory:read")
    return [person.seen_by(viewer) for person in await store.by_ids(database, body.ids)]
