"""Asking for support, and answering, each in one transaction."""

from datetime import datetime
from typing import Any

from services.events.groups import store as groups
from services.events.groups.commands import expect_not_archived
from services.events.groups.model import GroupUnknown
from services.events.support_requests import model, store
from services.events.support_requests.model import HostNeeded, SupportRequest
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.events.support_requests import (
    AnswerSupportRequest,
    NewSupportRequest,
    SupportAnswered,
    SupportRequested,
)
from shared.errors import NotFound
from shared.ids import new_id
from shared.mongo import Database, Transaction


@in_transaction()
async def create_support_request(
    tx: Transaction, principal: Principal, new: NewSupportRequest, *, now: datetime
) -> SupportRequest:
    """Ask the stewards of a hub, for the hub or a group of it.

    Raises `HostNeeded`, `NotFound`, `GroupUnknown`, `HostArchived`.
    """
    hub_id = await _hub_of(tx.database, principal, new)
    if not model.can_ask(principal, hub_id, new.group_id):
        raise NotFound(path=("hub_id",) if new.group_id is None else ("group_id",))
    await expect_not_archived(tx.database, hub_id, new.group_id)
    about = new.model_dump(exclude={"hub_id"})
    request = SupportRequest(**about, id=new_id("sup"), hub_id=hub_id, asked_by_id=principal.person_id, created_at=now)
    await store.add(tx.database, request)
    _record(tx, request, SupportRequested(**_about(request)))
    return request


@in_transaction(lock="support_request_id")
async def answer_support_request(
    tx: Transaction, principal: Principal, support_request_id: str, given: AnswerSupportRequest, *, now: datetime
) -> SupportRequest:
    """Accept or decline with a line. Raises `NotFound`, also when the caller may only see it, and `AlreadyAnswered`.

    The same answer again changes and records nothing.
    """
    before = await store.get(tx.database, support_request_id)
    model.require_steward(principal, before)
    after = model.answer(before, given, now)
    if after is not before:
        await store.save(tx.database, after)
        _record(tx, after, SupportAnswered(**_about(after), status=after.status))
    return after


async def _hub_of(database: Database, principal: Principal, new: NewSupportRequest) -> str:
    """The hub that is asked. The hub of a caller's own group is in the credentials; others are in the store."""
    if new.group_id is None:
        if new.hub_id is None:
            raise HostNeeded(path=("group_id",))
        return new.hub_id
    hub_id = principal.groups.get(new.group_id) or await groups.find_hub(database, new.group_id)
    if hub_id is None:
        raise GroupUnknown(path=("group_id",))
    if new.hub_id not in (None, hub_id):
        raise NotFound(path=("hub_id",))
    return hub_id


def _record(tx: Transaction, request: SupportRequest, message: SupportRequested | SupportAnswered) -> None:
    touches = (request.id, request.group_id, request.asked_by_id)
    tx.record(message, subject=request.id, hub=request.hub_id, touches=touches)


def _about(request: SupportRequest) -> dict[str, Any]:
    return {
        "support_request_id": request.id,
        "hub_id": request.hub_id,
        "group_id": request.group_id,
        "version": request.version,
    }
