"""What an author can do: share an entry, revise it, withdraw it.

Each saves the entry and records its message in one transaction.
"""

from datetime import datetime
from typing import Any

from services.learning.archived.model import check_not_archived
from services.learning.archived.store import archived_among
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
    """The caller as a `Reader`. A key is in no group; an operator is in every hub."""
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
    """Put an entry into the log. Raises `EntryHostArchived` and the problems of `model.share`, naming the field."""
    principal.require_person()
    entry = model.share(new_id("ent"), wanted, reader_for(principal, marks), now)
    await _check_hosts(tx, entry)
    await ENTRIES.add(tx.database, entry)
    await REVISIONS.add(tx.database, model.revision_of(entry, now))
    _record_shared(tx, entry)
    return entry


@in_transaction(lock="entry_id")
async def revise_entry(
    tx: Transaction, principal: Principal, entry_id: str, wanted: ReviseEntry, *, marks: Marks, now: datetime
) -> Entry:
    """Change what an entry says, for whom, or how its author is named. Nothing happens when nothing changes.

    Raises `NotFound`, `NotTheAuthor`, `AlreadyWithdrawn`, `Stale`, `EntryHostArchived` and the problems of
    `model.revise`.
    """
    author = reader_for(principal, marks)
    before = await _entry_of_author(tx, principal, entry_id, author)
    expect_version(wanted.version, before.version)
    after = model.revise(before, wanted, author, now)
    if after is before:
        return before
    await _check_hosts(tx, after, before)
    await ENTRIES.save(tx.database, after)
    if after.revision > before.revision:
        await REVISIONS.add(tx.database, model.revision_of(after, now))
    if before.published_at is None and after.published_at is not None:
        _record_shared(tx, after)
    else:
        _record_revised(tx, before, after)
    return after


@in_transaction(lock="entry_id")
async def withdraw_entry(tx: Transaction, principal: Principal, entry_id: str, *, marks: Marks, now: datetime) -> Entry:
    """Withdraw an entry: its text and all its revisions are erased. Its author still sees that it was withdrawn.

    Withdrawing it once more does nothing. Raises `NotFound` and `NotTheAuthor`.
    """
    before = await _entry_of_author(tx, principal, entry_id, reader_for(principal, marks))
    after = model.withdraw(before, now)
    if after is before:
        return before
    await ENTRIES.save(tx.database, after)
    await erase_revisions(tx.database, entry_id)
    tx.record(EntryWithdrawn(**_fields_of_message(after)), **_addressed(after))
    return after


async def _check_hosts(tx: Transaction, after: Entry, before: Entry | None = None) -> None:
    """Raise `EntryHostArchived` when the entry comes into an archived hub or group; one that is in it may stay."""
    named: dict[str, str | None] = {"group_id": after.group_id, "hub_id": after.hub_id}
    if before is not None:
        named = {field: id_ for field, id_ in named.items() if id_ != getattr(before, field)}
    check_not_archived(named, await archived_among(tx.database, named.values()))


async def _entry_of_author(tx: Transaction, principal: Principal, entry_id: str, author: Reader) -> Entry:
    principal.require_person()
    entry = await ENTRIES.get(tx.database, entry_id)
    if not model.may_read(entry, author):
        raise NotFound
    if not model.is_author(entry, author):
        raise NotTheAuthor
    return entry


def _record_shared(tx: Transaction, entry: Entry) -> None:
    tx.record(EntryShared(**_fields_of_message(entry)), **_addressed(entry))


def _record_revised(tx: Transaction, before: Entry, after: Entry) -> None:
    changed = sorted(n for n in ReviseEntry.model_fields if n != "version" and getattr(before, n) != getattr(after, n))
    message, address = EntryRevised(changed=changed, **_fields_of_message(after)), _addressed(after, before)
    tx.record(message, **address)
    if before.reaches_hub and before.hub_id != address["hub"]:
        # The developers of the hub it left hold a copy, and must hear of the change too.
        tx.record(message, **{**address, "hub": before.hub_id})


def _fields_of_message(entry: Entry) -> dict[str, Any]:
    """What every message about an entry says. That of a private entry names neither hub nor group."""
    return {
        "entry_id": entry.id,
        "version": entry.version,
        "kind": entry.kind,
        "audience": entry.audience,
        "attribution": entry.attribution,
        "hub_id": None if entry.is_private else entry.hub_id,
        "group_id": None if entry.is_private else entry.group_id,
    }


def _addressed(after: Entry, before: Entry | None = None) -> dict[str, Any]:
    """Where the message goes, as the arguments of `Transaction.record`. Its author is never among them.

    The hub's developers get it when they can read the entry, or could read it `before`: they must stop showing it.
    """
    readable = [entry for entry in (after, before) if entry is not None and not entry.is_private]
    for_hub = [entry for entry in readable if entry.reaches_hub]
    return {
        "subject": after.id,
        "hub": (for_hub or readable)[0].hub_id if readable else None,
        "touches": {id_ for entry in readable for id_ in (entry.hub_id, entry.group_id, entry.event_id)},
        "reach": "hub" if for_hub else "internal",
        "anonymous": True,  # whatever the attribution: it may become anonymous, and messages are never taken back
    }
