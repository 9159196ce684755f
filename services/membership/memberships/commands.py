"""Joining hubs and groups, accepting a membership, changing roles, and leaving."""

from collections.abc import Collection
from datetime import datetime

from services.membership.groups import store as groups
from services.membership.groups.commands import may_add_people, may_manage
from services.membership.groups.model import Group
from services.membership.groups.model import expect_not_archived as expect_group_not_archived
from services.membership.hubs import store as hubs
from services.membership.hubs.access import administers
from services.membership.hubs.commands import get_looked_after
from services.membership.hubs.model import expect_not_archived as expect_hub_not_archived
from services.membership.memberships import access, changes, store
from services.membership.memberships.model import (
    InvitationNeeded,
    Membership,
    MembershipOver,
    RolesAreGiven,
    expect_open_to_join,
    join,
)
from services.membership.people import store as people
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.membership.memberships import MembershipChanges, Role
from shared.errors import NotFound
from shared.mongo import Database, Transaction, expect_version


@in_transaction(lock="group_id", retry_duplicate=True)
async def join_group(
    tx: Transaction,
    principal: Principal,
    group_id: str,
    person_id: str | None,
    roles: Collection[Role],
    *,
    now: datetime,
) -> Membership:
    """Join an open group, or add somebody to a group that the caller manages.

    `person_id`: the calling person when it is `None`. A person who joins by themselves accepts by doing so, also when
    somebody else added them before. If the person is in the group already, `roles` replace their roles, provided that
    the caller manages the group. A group that is not open belongs to its conveners once one of them has accepted:
    until then whoever looks after its hub may add people, from then on only a convener.

    Raises `ArchivedGroup`, `JoiningNeedsRequest`, `JoiningNeedsInvitation`, `InvitationNeeded`, `RolesAreGiven`,
    `NotFound`, and `NotAllowed` for an old secret of a rotated key, which makes nobody a convener.
    """
    if Role.CONVENER in roles:
        principal.require_newest_secret()
    joining = person_id or principal.require_person()
    group = await groups.get(tx.database, group_id)
    is_self = principal.person_id == joining
    is_manager = await may_manage(tx.database, principal, group)
    if not is_manager and not is_self:
        raise NotFound
    expect_group_not_archived(group)
    if not is_manager and set(roles) - {Role.MEMBER}:
        raise RolesAreGiven(path=("roles",))
    existing = await store.find_in_group(tx.database, group_id, joining)
    if existing is not None:
        if is_self:
            existing = await changes.accept(tx, existing, now)
        if roles and is_manager:
            await _expect_may_give_roles(tx.database, principal, group, existing)
        return await changes.change_roles(tx, existing, roles if is_manager else ())
    if not is_manager or not await may_add_people(tx.database, principal, group):
        if not is_self:
            raise InvitationNeeded(path=("person_id",))
        expect_open_to_join(group.join_policy)
    await people.get(tx.database, joining, ("person_id",))
    return await changes.add(tx, join(joining, group.hub_id, group_id, roles, now, accepted=is_self))


@in_transaction(lock="group_id")
async def leave_group(
    tx: Transaction, principal: Principal, group_id: str, person_id: str, *, now: datetime
) -> Membership:
    """End a person's membership of a group: one's own, or anybody's in a group that the caller manages.

    The last convener may leave too. Raises `NotFound` when the person is not in the group, and when the caller may not
    end the membership.
    """
    group = await groups.get(tx.database, group_id)
    if not access.may_end_in_group(principal, person_id, group, await hubs.find(tx.database, group.hub_id)):
        raise NotFound
    membership = await store.find_in_group(tx.database, group_id, person_id)
    if membership is None:
        raise NotFound
    return await changes.end_in_group(tx, membership, now)


@in_transaction(retry_duplicate=True)
async def add_to_hub(
    tx: Transaction,
    principal: Principal,
    hub_id: str,
    person_id: str,
    roles: Collection[Role],
    *,
    now: datetime,
) -> Membership:
    """Add a person to a hub that the caller looks after. If the person is in it already, `roles` replace their roles.

    Only a person who adds themselves has accepted at once. That holds for a new person too: otherwise a contact detail
    which they later show to their hubs would be shown to a hub they never chose. An old secret of a rotated key makes
    nobody a steward, because a steward could make keys that outlast the secret.

    Raises `NotFound` for a hub that the caller does not look after and for an unknown person, `ArchivedHub`, and
    `NotAllowed` for an old secret.
    """
    if Role.STEWARD in roles:
        principal.require_newest_secret()
    expect_hub_not_archived(await get_looked_after(tx.database, principal, hub_id))
    is_self = principal.person_id == person_id
    existing = await store.find_in_hub(tx.database, hub_id, person_id)
    if existing is not None:
        if is_self:
            existing = await changes.accept(tx, existing, now)
        return await changes.change_roles(tx, existing, roles)
    await people.get(tx.database, person_id, ("person_id",))
    return await changes.add(tx, join(person_id, hub_id, None, roles, now, accepted=is_self))


@in_transaction()
async def leave_hub(tx: Transaction, principal: Principal, hub_id: str, person_id: str, *, now: datetime) -> Membership:
    """End a person's membership of a hub: one's own, or anybody's in a hub that the caller administers.

    The person's memberships of groups in the hub stay. Raises `NotFound` when the person is not in the hub, and when
    the caller may not end the membership.
    """
    hub = await hubs.get(tx.database, hub_id)
    if not access.may_end_in_hub(principal, person_id, hub):
        raise NotFound
    membership = await store.find_in_hub(tx.database, hub_id, person_id)
    if membership is None:
        raise NotFound
    return await changes.end_in_hub(tx, membership, hub, now)


@in_transaction()
async def accept_membership(tx: Transaction, principal: Principal, membership_id: str, *, now: datetime) -> Membership:
    """Accept a membership of one's own that somebody else made. Accepting again changes nothing.

    Raises `NotFound` for somebody else's membership, `ArchivedGroup`, `ArchivedHub`.
    """
    person_id = principal.require_person()
    found = await store.by_ids(tx.database, [membership_id])
    own = next((m for m in found if m.person_id == person_id and m.left_at is None), None)
    if own is None:
        raise NotFound
    if own.accepted_at is None:
        await _expect_place_not_archived(tx.database, own)
    return await changes.accept(tx, own, now)


@in_transaction()
async def change_membership(
    tx: Transaction, principal: Principal, membership_id: str, changed: MembershipChanges, *, now: datetime
) -> Membership:
    """Change the roles of a member of a hub or group that the caller looks after.

    An old secret of a rotated key makes nobody a steward or a convener. Raises `NotFound` for a membership elsewhere,
    `MembershipOver`, `ArchivedHub`, `ArchivedGroup`, `InvitationNeeded`, `Stale`, and `NotAllowed` for an old secret.
    """
    membership = await store.get(tx.database, membership_id)
    group = None if membership.group_id is None else await groups.get(tx.database, membership.group_id)
    if group is not None:
        is_manager = await may_manage(tx.database, principal, group)
    else:
        is_manager = administers(principal, await hubs.get(tx.database, membership.hub_id))
    if not is_manager:
        raise NotFound
    if membership.left_at is not None:
        raise MembershipOver
    await _expect_place_not_archived(tx.database, membership)
    expect_version(changed.version, membership.version)
    if "roles" not in changed.sent():
        return membership
    if group is not None:
        await _expect_may_give_roles(tx.database, principal, group, membership)
    if {Role.STEWARD, Role.CONVENER} & set(changed.roles):
        principal.require_newest_secret()
    return await changes.change_roles(tx, membership, changed.roles or (Role.MEMBER,))


async def _expect_place_not_archived(database: Database, membership: Membership) -> None:
    """Raise `ArchivedGroup` or `ArchivedHub` when the group or hub of the membership is archived."""
    if membership.group_id is not None:
        expect_group_not_archived(await groups.get(database, membership.group_id))
    else:
        expect_hub_not_archived(await hubs.get(database, membership.hub_id))


async def _expect_may_give_roles(
    database: Database, principal: Principal, group: Group, membership: Membership
) -> None:
    """Raise `InvitationNeeded` unless the caller, who manages the group, may change this member's roles."""
    has_convener = await store.has_convener(database, group.id)
    if not access.may_give_roles(principal, group, membership, has_convener=has_convener):
        raise InvitationNeeded(path=("roles",))
