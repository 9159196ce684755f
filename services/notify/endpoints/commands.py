"""The commands on endpoints. Every address is vetted before it is stored, and again each time something is sent."""

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from services.notify.deliveries.guard import Guard
from services.notify.deliveries.handover import endpoint_changed
from services.notify.deliveries.signing import make_secret
from services.notify.endpoints import store
from services.notify.endpoints.model import Endpoint, Seal, SealedSecret, TooManyEndpoints
from services.notify.hubs import store as hubs
from services.notify.topics.patterns import check_topics
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.notify.endpoints import (
    DisabledReason,
    EndpointChanges,
    EndpointDeleted,
    EndpointDisabled,
    EndpointStatus,
    NewEndpoint,
)
from shared.errors import NotFound
from shared.ids import new_id
from shared.mongo import Database, Transaction, expect_version

HEARD_EVERY = timedelta(seconds=0.1)
HEARD_TRIES = 20


async def create_endpoint(
    database: Database,
    guard: Guard,
    seal: Seal,
    principal: Principal,
    new: NewEndpoint,
    *,
    most: int,
    now: datetime,
) -> tuple[Endpoint, str]:
    """Make an endpoint for a hub, which may have `most`; gives it with its secret, which is shown this once.

    Raises `NotFound` for a hub the caller does not look after, `TopicUnknown`, `TooManyEndpoints`, what the guard
    raises, and `NotAllowed` for an old secret of a rotated key: an endpoint would outlive it.
    """
    principal.require_newest_secret()
    await _require_hub(database, principal, new.hub_id)
    topics = check_topics(new.topics)
    await guard.vet(new.url, hub_id=new.hub_id)
    endpoint_id, secret = new_id("whe"), make_secret()
    endpoint = Endpoint(
        id=endpoint_id,
        hub_id=new.hub_id,
        url=new.url,
        description=new.description or None,
        topics=topics,
        secrets=(SealedSecret(sealed=seal(secret, endpoint_id)),),
        created_at=now,
    )
    await _add(database, new.hub_id, endpoint, most)
    return endpoint, secret


@in_transaction(lock="hub_id")
async def _add(tx: Transaction, hub_id: str, endpoint: Endpoint, most: int) -> None:
    if await store.count_of_hub(tx.database, hub_id) >= most:
        message = f"This hub has {most} webhook endpoints, as many as a hub may have. Delete one of them first."
        raise TooManyEndpoints(message=message, path=("hub_id",))
    await store.ENDPOINTS.add(tx.database, endpoint)


async def edit_endpoint(
    database: Database, guard: Guard, principal: Principal, endpoint_id: str, changes: EndpointChanges
) -> Endpoint:
    """Change an endpoint. Disabling it cancels what is still to be sent; pausing only holds it back."""
    principal.require_newest_secret()
    sent = changes.sent()
    if "topics" in sent:
        changes = changes.model_copy(update={"topics": list(check_topics(changes.topics))})
    seen = await store.ENDPOINTS.get(database, endpoint_id)
    principal.require_hub(seen.hub_id)
    if "url" in sent:
        await guard.vet(changes.url, hub_id=seen.hub_id)
    return await _edit(database, principal, endpoint_id, changes)


@in_transaction()
async def _edit(tx: Transaction, principal: Principal, endpoint_id: str, changes: EndpointChanges) -> Endpoint:
    endpoint = await _own(tx, principal, endpoint_id)
    expect_version(changes.version, endpoint.version)
    edited = endpoint.edited(changes)
    await store.ENDPOINTS.save(tx.database, edited)
    if edited.status is EndpointStatus.DISABLED and endpoint.status is not EndpointStatus.DISABLED:
        _record_disabled(tx, edited)
    tx.after_commit.append(lambda: endpoint_changed(tx.database, endpoint_id))
    return edited


@in_transaction()
async def rotate_secret(
    tx: Transaction, seal: Seal, principal: Principal, endpoint_id: str, overlap: timedelta, *, now: datetime
) -> tuple[Endpoint, str]:
    """Give an endpoint a new secret, shown this once. The old one signs beside it until `overlap` has passed."""
    principal.require_newest_secret()
    secret = make_secret()
    endpoint = await _own(tx, principal, endpoint_id)
    rotated = endpoint.with_secret(seal(secret, endpoint_id), overlap, now)
    await store.ENDPOINTS.save(tx.database, rotated)
    tx.after_commit.append(lambda: endpoint_changed(tx.database, endpoint_id))
    return rotated, secret


@in_transaction()
async def delete_endpoint(tx: Transaction, principal: Principal, endpoint_id: str, *, now: datetime) -> Endpoint:
    """Delete an endpoint; gives it as it was.

    What is still to be sent is cancelled by the sweep, which is woken at once. Deliveries can be read as long as ever.
    """
    endpoint = await _own(tx, principal, endpoint_id)
    await store.delete(tx.database, endpoint, now)
    message = EndpointDeleted(endpoint_id=endpoint.id, hub_id=endpoint.hub_id)
    tx.record(message, subject=endpoint.id, hub=endpoint.hub_id)
    tx.after_commit.append(lambda: endpoint_changed(tx.database, endpoint_id))
    return endpoint


@in_transaction()
async def disable_endpoint(
    tx: Transaction, endpoint_id: str, reason: DisabledReason, is_due: Callable[[Endpoint], bool]
) -> bool:
    """Stop sending to an endpoint that fails or is gone. Gives whether nothing is sent to it any more.

    `is_due` sees it as it is now: the caller knows it as it was when an attempt began.
    """
    endpoint = await store.ENDPOINTS.find(tx.database, endpoint_id)
    if endpoint is None or endpoint.status is EndpointStatus.DISABLED:
        return True
    if not is_due(endpoint):
        return False
    disabled = endpoint.disabled(reason)
    await store.ENDPOINTS.save(tx.database, disabled)
    _record_disabled(tx, disabled)
    tx.after_commit.append(lambda: endpoint_changed(tx.database, endpoint_id))
    return True


def _record_disabled(tx: Transaction, endpoint: Endpoint) -> None:
    message = EndpointDisabled(
        endpoint_id=endpoint.id, hub_id=endpoint.hub_id, reason=endpoint.disabled_reason or DisabledReason.STOPPED
    )
    tx.record(message, subject=endpoint.id, hub=endpoint.hub_id)


async def _own(tx: Transaction, principal: Principal, endpoint_id: str) -> Endpoint:
    endpoint = await store.ENDPOINTS.get(tx.database, endpoint_id)
    principal.require_hub(endpoint.hub_id)
    return endpoint


async def _require_hub(database: Database, principal: Principal, hub_id: str) -> None:
    """The caller looks after the hub, and there is one: an operator, who may go everywhere, can name one that is not.

    A hub made a moment ago may not have been heard of here, so this waits a little before it says no.
    """
    if not principal.looks_after_hub(hub_id):
        raise NotFound(path=("hub_id",))
    if not principal.everywhere:
        return
    for _ in range(HEARD_TRIES):
        if await hubs.is_known(database, hub_id):
            return
        await asyncio.sleep(HEARD_EVERY.total_seconds())
    raise NotFound(path=("hub_id",))
