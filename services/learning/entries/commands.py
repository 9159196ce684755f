"""What an author can do: share an entry, revise it, take it back. Each saves and tells in one transaction."""

from datetime import datetime
from typing import Any

from services.learning.authorship.model import Marks, Reader
from services.learning.entries import model
from services.learning.entries.model import Entry, NotTheAuthor
from services.learning.entries.store import ENTRIES, REVISIONS, erase_revisions
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.learning.entries import EntryRevised, EntryShared, EntryWithdrawn, ReviseEntry, ShareEntry
from shared.errors import NotFound
from shared.ids import new_id
from shared.mongo import Transaction, expect_version


def reader_for(principal: Principal, marks: Marks) -> Reader:
    """Who reads or writes, as the log's rules see them. A key is in no group, an operator's in every hub."""
    return Reader(
        marks=marks,
        person_id=principal.person_id,
        may_write=principal.kind == "person" and principal.can("learning:write"),
        groups=principal.groups if principal.kind == "person" else {},
        hubs=principal.hubs | principal.steward_of,
        organisations=principal.organisations,
        every_hub=principal.everywhere,
    )


@in_transaction()
async def share_entry(
    tx: Transaction, principal: Principal, wanted: ShareEntry, *, marks: Marks, now: datetime
) -> Entry:
    """Put an entry into the log. Raises the problems of `model.share`, naming the field."""
    principal.require_person()
    entry = model.share(new_id("ent"), wanted, reader_for(principal, marks), now)
    await ENTRIES.add(tx.database, entry)
    await REVISIONS.add(tx.database, model.revision_of(entry, now))
    _record_shared(tx, entry)
    return entry


@in_transaction(lock="entry_id")
async def revise_entry(
    tx: Transaction, principal: Principal, entry_id: str, wanted: ReviseEntry, *, marks: Marks, now: datetime
) -> Entry:
    """Change what an entry says, for whom, or how its author is named. Nothing happens when nothing changes.

    Raises `NotFound`, `NotTheAuthor`, `AlreadyWithdrawn`, `Stale` and the problems of `model.revise`.
    """
    author = reader_for(principal, marks)
    before = await _entry_of_author(tx, principal, entry_id, author)
    expect_version(wanted.version, before.version)
    after = model.revise(before, wanted, author, now)
    if after is before:
        return before
    await ENTRIES.save(tx.database, after)
    if after.revision > before.revision:
        await REVISIONS.add(tx.database, model.revision_of(after, now))
    if before.spread_at is None and after.spread_at is not None:
        _record_shared(tx, after)
    else:
        _record_revised(tx, before, after)
    return after


@in_transaction(lock="entry_id")
async def withdraw_entry(tx: Transaction, principal: Principal, entry_id: str, *, marks: Marks, now: datetime) -> Entry:
    """Take an entry back: its text and all its revisions are erased; to its author it stays as withdrawn.

    Withdrawing once more does nothing. Raises `NotFound` and `NotTheAuthor`.
    """
    before = await _entry_of_author(tx, principal, entry_id, reader_for(principal, marks))
    after = model.withdraw(before, now)
    if after is before:
        return before
    await ENTRIES.save(tx.database, after)
    await erase_revisions(tx.database, entry_id)
    tx.record(EntryWithdrawn(**_facts(after)), **_about(after))
    return after


async def _entry_of_author(tx: Transaction, principal: Principal, entry_id: str, author: Reader) -> Entry:
    principal.require_person()
    entry = await ENTRIES.get(tx.database, entry_id)
    if not model.may_read(entry, author):
        raise NotFound
    if not model.is_author(entry, author):
        raise NotTheAuthor
    return entry


def _record_shared(tx: Transaction, entry: Entry) -> None:
    tx.record(EntryShared(**_facts(entry)), **_about(entry))


def _record_revised(tx: Transaction, before: Entry, after: Entry) -> None:
    changed = sorted(n for n in ReviseEntry.model_fields if n != "version" and getattr(before, n) != getattr(after, n))
    message, about = EntryRevised(changed=changed, **_facts(after)), _about(after, before)
    tx.record(message, **about)
    if before.is_abroad and before.hub_id != about["hub"]:
        tx.record(message, **{**about, "hub": before.hub_id})  # it has left a hub whose developers hold it


def _facts(entry: Entry) -> dict[str, Any]:
    """What every message about an entry says. A private entry is nobody's business: it names neither hub nor group."""
    return {
        "entry_id": entry.id,
        "version": entry.version,
        "kind": entry.kind,
        "audience": entry.audience,
        "attribution": entry.attribution,
        "hub_id": None if entry.is_private else entry.hub_id,
        "group_id": None if entry.is_private else entry.group_id,
    }


def _about(after: Entry, before: Entry | None = None) -> dict[str, Any]:
    """How the message travels: to a hub's developers when they could or can read the entry, and never with its author.

    Those who could read it `before` hear of it too, for what they hold may not be theirs to show any more.
    """
    seen = [entry for entry in (after, before) if entry is not None and not entry.is_private]
    abroad = [entry for entry in seen if entry.is_abroad]
    touched = {id_ for entry in seen for id_ in (entry.hub_id, entry.group_id, entry.event_id)}
    return {
        "subject": after.id,
        "hub": (abroad or seen)[0].hub_id if seen else None,
        "touches": touched - {None},
        "reach": "hub" if abroad else "internal",
        "anonymous": True,  # whatever the attribution: it may become anonymous, and what was told stays told
    }
