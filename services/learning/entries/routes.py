"""The log over HTTP. Reading needs `learning:read`; writing needs `learning:write` and a person."""

from typing import Annotated

from fastapi import Query

from services.learning.authorship.model import Marks, Reader
from services.learning.entries import commands, model, store
from services.learning.entries.model import Entry
from services.learning.entries.store import ENTRIES, EntryFilter
from shared import clock
from shared.app import Caller, Here, Paging, Service
from shared.auth import Principal
from shared.contracts.events.events import EventId
from shared.contracts.learning.entries import (
    EntryAudience,
    EntryKind,
    EntryOrder,
    EntryView,
    ReviseEntry,
    RevisionView,
    ShareEntry,
)
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.organisations import OrganisationId
from shared.contracts.membership.people import PersonId
from shared.contracts.view import ByIds
from shared.enums import Theme
from shared.errors import Invalid, NotFound
from shared.paging import Page
from shared.routing import Routes
from shared.values import Moment

ROUTES = Routes("entries")
MOST_VALUES = 100
"""How many values one filter of a list takes."""


def marks_of(service: Service) -> Marks:
    """What makes and recognises the marks of authors in this deployment."""
    marks: Marks = service.extra["marks"]
    return marks


def _reader(here: Service, caller: Principal) -> Reader:
    return commands.reader_for(caller, marks_of(here))


async def _readable_entry(here: Service, entry_id: str, reader: Reader) -> Entry:
    entry = await ENTRIES.get(here.database, entry_id)
    if not model.may_read(entry, reader):
        raise NotFound
    return entry


@ROUTES.post("/entries", needs="learning:write", status=201)
async def share_entry(body: ShareEntry, here: Here, caller: Caller) -> EntryView:
    """Share an entry."""
    entry = await commands.share_entry(here.database, caller, body, marks=marks_of(here), now=clock.now())
    return model.show(entry, _reader(here, caller))


@ROUTES.get("/entries", needs="learning:read")
async def list_entries(
    here: Here,
    caller: Caller,
    paging: Paging,
    hub: Annotated[list[HubId], Query()] = [],  # noqa: B006 FastAPI copies defaults
    group: Annotated[list[GroupId], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    event: Annotated[list[EventId], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    kind: Annotated[list[EntryKind], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    theme: Annotated[list[Theme], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    organisation: Annotated[list[OrganisationId], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    author: Annotated[list[PersonId], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    audience: Annotated[list[EntryAudience], Query(max_length=MOST_VALUES)] = [],  # noqa: B006
    since: Annotated[Moment | None, Query(alias="from")] = None,
    until: Annotated[Moment | None, Query(alias="to")] = None,
    order: EntryOrder = EntryOrder.NEWEST,
) -> Page[EntryView]:
    """The entries the caller may read, shared in [from, to); withdrawn ones are in no list.

    A filter can be repeated: an entry must have any of its values, for each filter. `author` finds named entries alone,
    `organisation` those that name it.
    """
    if since is not None and until is not None and until <= since:
        raise Invalid(code="empty_period", message="`to` comes after `from`.", path=("to",))
    reader = _reader(here, caller)
    wanted = EntryFilter(
        hubs=hub,
        groups=group,
        events=event,
        kinds=kind,
        themes=theme,
        organisations=organisation,
        authors=author,
        audiences=audience,
        since=since,
        until=until,
    )
    found = await store.page_of_entries(here.database, reader, wanted, order, paging)
    return found.map(lambda entry: model.show(entry, reader))


@ROUTES.post("/entries/by-ids", needs="learning:read")
async def entries_by_ids(body: ByIds, here: Here, caller: Caller) -> list[EntryView]:
    """Those of these entries the caller may read, in no particular order."""
    reader = _reader(here, caller)
    found = await ENTRIES.by_ids(here.database, body.ids)
    return [model.show(entry, reader) for entry in found if model.may_read(entry, reader)]


@ROUTES.get("/entries/{entry_id}", needs="learning:read")
async def read_entry(entry_id: str, here: Here, caller: Caller) -> EntryView:
    """One entry; its author still sees one that was withdrawn, without its text."""
    reader = _reader(here, caller)
    return model.show(await _readable_entry(here, entry_id, reader), reader)


@ROUTES.patch("/entries/{entry_id}", needs="learning:write")
async def revise_entry(entry_id: str, body: ReviseEntry, here: Here, caller: Caller) -> EntryView:
    """Change the fields that are sent. Author only."""
    entry = await commands.revise_entry(here.database, caller, entry_id, body, marks=marks_of(here), now=clock.now())
    return model.show(entry, _reader(here, caller))


@ROUTES.post("/entries/{entry_id}/withdraw", needs="learning:write")
async def withdraw_entry(entry_id: str, here: Here, caller: Caller) -> EntryView:
    """Withdraw the entry; its text is erased. Author only."""
    entry = await commands.withdraw_entry(here.database, caller, entry_id, marks=marks_of(here), now=clock.now())
    return model.show(entry, _reader(here, caller))


@ROUTES.get("/entries/{entry_id}/revisions", needs="learning:read")
async def list_revisions(entry_id: str, here: Here, caller: Caller, paging: Paging) -> Page[RevisionView]:
    """The entry's revisions, newest first: all of them for its author, only the latest for others."""
    reader = _reader(here, caller)
    entry = await _readable_entry(here, entry_id, reader)
    only = None if model.is_author(entry, reader) else entry.revision
    found = await store.page_of_revisions(here.database, entry_id, paging, only=only)
    return found.map(model.show_revision)
