"""The doors to the log. Reading needs `learning:read`, writing `learning:write` and a person."""

from typing import Annotated

from fastapi import Query

from services.learning.authorship.model import Marks, Reader
from services.learning.entries import commands, model, store
from services.learning.entries.model import ReviseEntry, ShareEntry
from services.learning.entries.store import EntryFilter
from shared import clock
from shared.app import Caller, Here, Service, router
from shared.auth import Principal
from shared.contracts.learning import EntryView, RevisionView
from shared.contracts.view import ByIds
from shared.contracts.words import EntryKind, Theme
from shared.errors import NotFound
from shared.ids import EventId, GroupId, HubId
from shared.paging import Page, page_request

entries = router("entries")


def marks_of(service: Service) -> Marks:
    """The marks of this deployment."""
    marks: Marks = service.extra["marks"]
    return marks


def _reader(here: Service, caller: Principal) -> Reader:
    return commands.reader_for(caller, marks_of(here))


@entries.post("/entries", status_code=201)
async def share_entry(body: ShareEntry, here: Here, caller: Caller) -> EntryView:
    """Share an entry."""
    caller.require("learning:write")
    entry = await commands.share_entry(here.database, caller, body, marks=marks_of(here), now=clock.now())
    return model.show(entry, _reader(here, caller))


@entries.get("/entries")
async def list_entries(
    here: Here,
    caller: Caller,
    hub: Annotated[list[HubId] | None, Query()] = None,
    group: GroupId | None = None,
    kind: EntryKind | None = None,
    theme: Theme | None = None,
    event: EventId | None = None,
    first: int | None = None,
    after: str | None = None,
) -> Page[EntryView]:
    """The entries the caller may read, newest first; withdrawn ones are in no list."""
    caller.require("learning:read")
    reader = _reader(here, caller)
    wanted = EntryFilter(hubs=tuple(hub or ()), group_id=group, kind=kind, theme=theme, event_id=event)
    found = await store.page(here.database, reader, wanted, page_request(first, after))
    return found.map(lambda entry: model.show(entry, reader))


@entries.post("/entries/by-ids")
async def entries_by_ids(body: ByIds, here: Here, caller: Caller) -> list[EntryView]:
    """Those of these entries the caller may read, in no particular order."""
    caller.require("learning:read")
    reader = _reader(here, caller)
    found = await store.of_ids(here.database, body.ids)
    return [model.show(entry, reader) for entry in found if model.may_read(entry, reader)]


@entries.get("/entries/{entry_id}")
async def read_entry(entry_id: str, here: Here, caller: Caller) -> EntryView:
    """One entry; its author still sees one that was withdrawn, without its text."""
    caller.require("learning:read")
    reader = _reader(here, caller)
    entry = await store.get(here.database, entry_id)
    if not model.may_read(entry, reader):
        raise NotFound
    return model.show(entry, reader)


@entries.patch("/entries/{entry_id}")
async def revise_entry(entry_id: str, body: ReviseEntry, here: Here, caller: Caller) -> EntryView:
    """Change the fields that are sent. Author only."""
    caller.require("learning:write")
    entry = await commands.revise_entry(here.database, caller, entry_id, body, marks=marks_of(here), now=clock.now())
    return model.show(entry, _reader(here, caller))


@entries.post("/entries/{entry_id}/withdraw")
async def withdraw_entry(entry_id: str, here: Here, caller: Caller) -> EntryView:
    """Take the entry back; its text is erased. Author only."""
    caller.require("learning:write")
    entry = await commands.withdraw_entry(here.database, caller, entry_id, marks=marks_of(here), now=clock.now())
    return model.show(entry, _reader(here, caller))


@entries.get("/entries/{entry_id}/revisions")
async def list_revisions(
    entry_id: str, here: Here, caller: Caller, first: int | None = None, after: str | None = None
) -> Page[RevisionView]:
    """What the entry has said, newest first: all of it for its author, the latest alone for others."""
    caller.require("learning:read")
    reader = _reader(here, caller)
    request = page_request(first, after)
    entry = await store.get(here.database, entry_id)
    if not model.may_read(entry, reader):
        raise NotFound
    found = await store.page_of_revisions(here.database, entry_id, request)
    if not model.is_author(entry, reader):
        latest = found.nodes[:1] if request.after is None else []
        found = Page(nodes=latest, cursors=found.cursors[: len(latest)], has_next=False)
    return found.map(model.show_revision)
