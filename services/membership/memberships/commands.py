"""Coming into hubs and groups, saying yes to it, and leaving."""

from collections.abc import Collection, Iterable
from datetime import datetime
from typing import Any

from services.membership.groups import store as groups
from services.membership.groups.commands import may_bring_in, may_manage
from services.membership.groups.model import Group
from services.membership.groups.model import expect_not_archived as expect_group_open
from services.membership.hubs import store as hubs
from services.membership.hubs.commands import get_looked_after, looks_after
from services.membership.hubs.model import Hub
from services.membership.hubs.model import expect_not_archived as expect_hub_open
from services.membership.memberships import store
from services.membership.memberships.model import (
    InvitationNeeded,
    Membership,
    MembershipOver,
    RolesAreGiven,
    accept,
    expect_open,
    join,
    leave,
    with_roles,
)
from services.membership.people import store as people
from shared.auth import Principal
from shared.commands import in_transaction
from shared.contracts.membership.memberships import (
    GroupJoined,
    GroupLeft,
    HubJoined,
    HubLeft,
    MembershipAccepted,
    MembershipChanges,
    Role,
    RolesChanged,
)
from shared.errors import NotFound
from shared.messaging.envelope import Message
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
    """Let a person into a group: themself into an open one (`person_id` may be left out), or anybody by who looks
    after it. Who is in already stays in; roles then given by who looks after the group take the place of those before.
    Who joins themself accepts by it, also when somebody brought them in before. A group that is not open is its
    conveners' from the first one on who accepted: whoever looks after its hub founds it, and then asks them.

    Raises `ArchivedGroup`, `JoiningNeedsRequest`, `JoiningNeedsInvitation`, `InvitationNeeded`, `RolesAreGiven`,
    `NotFound`.
    """
    joining = person_id or principal.require_person()
    group = await groups.get(tx.database, group_id)
    is_own = principal.person_id == joining
    is_theirs = await may_manage(tx.database, principal, group)
    if not is_theirs and not is_own:
        raise NotFound
    expect_group_open(group)
    if not is_theirs and set(roles) - {Role.MEMBER}:
        raise RolesAreGiven(path=("roles",))
    there = await store.find_in_group(tx.database, group_id, joining)
    if there is not None:
        if is_own:
            there = await _accept(tx, there, now)
        if roles and is_theirs and not await _may_give_roles(tx.database, principal, group, there):
            raise InvitationNeeded(path=("roles",))
        return await _change_roles(tx, there, roles if is_theirs else ())
    if not is_theirs or not await may_bring_in(tx.database, principal, group):
        if not is_own:
            raise InvitationNeeded(path=("person_id",))
        expect_open(group.join_policy)
    await people.get(tx.database, joining, ("person_id",))
    membership = join(joining, group.hub_id, group_id, roles, now, accepted=is_own)
    await store.add(tx.database, membership)
    await groups.count_members(tx.database, group_id, +1)
    await _note_belonging(tx.database, joining)
    await _note_founding(tx.database, membership)
    _tell(tx, GroupJoined, membership)
    return membership


@in_transaction(lock="group_id")
async def leave_group(
    tx: Transaction, principal: Principal, group_id: str, person_id: str, *, now: datetime
) -> Membership:
    """End a person's membership: themself, or who looks after the group. The last convener may leave too.

    Raises `NotFound` when the person is not in the group, or it is not the caller's to end.
    """
    group = await groups.get(tx.database, group_id)
    if principal.person_id != person_id and not await may_manage(tx.database, principal, group):
        raise NotFound
    membership = await store.find_in_group(tx.database, group_id, person_id)
    if membership is None:
        raise NotFound
    left = leave(membership, now)
    await store.save(tx.database, left)
    await groups.count_members(tx.database, group_id, -1)
    await _note_belonging(tx.database, person_id)
    _tell(tx, GroupLeft, left)
    return left


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
    """Let a person into a hub the caller looks after. Of who is in already, roles that are given replace those before.

    Accepted at once only by who brings themself in. Who is new to the community has said yes to nothing yet either:
    what they later let their hubs see would else go to one that they never chose. A key's old secret makes nobody a
    steward, who could make keys that outlast it.

    Raises `NotFound` for a hub that is not the caller's, and for an unknown person; `ArchivedHub`; `NotAllowed` for an
    old secret.
    """
    if Role.STEWARD in roles:
        principal.require_newest_secret()
    expect_hub_open(await get_looked_after(tx.database, principal, hub_id))
    there = await store.find_in_hub(tx.database, hub_id, person_id)
    if there is not None:
        if principal.person_id == person_id:
            there = await _accept(tx, there, now)
        return await _change_roles(tx, there, roles)
    await people.get(tx.database, person_id, ("person_id",))
    membership = join(person_id, hub_id, None, roles, now, accepted=principal.person_id == person_id)
    await store.add(tx.database, membership)
    await _note_belonging(tx.database, person_id)
    _tell(tx, HubJoined, membership)
    return membership


@in_transaction()
async def leave_hub(tx: Transaction, principal: Principal, hub_id: str, person_id: str, *, now: datetime) -> Membership:
    """End a person's membership of a hub: themself, or who looks after the hub. Their groups in it stay.

    Raises `NotFound` when the person is not in the hub, or it is not the caller's to end.
    """
    hub = await hubs.get(tx.database, hub_id)
    if principal.person_id != person_id and not (principal.can("hub:admin") and looks_after(principal, hub)):
        raise NotFound
    membership = await store.find_in_hub(tx.database, hub_id, person_id)
    if membership is None:
        raise NotFound
    left = leave(membership, now)
    await store.save(tx.database, left)
    await _note_belonging(tx.database, person_id)
    _tell(tx, HubLeft, left, no_longer_in=await _no_longer_in(tx.database, hub, left))
    return left


@in_transaction()
async def accept_membership(tx: Transaction, principal: Principal, membership_id: str, *, now: datetime) -> Membership:
    """Say yes to a membership somebody else made; again changes nothing.

    Raises `NotFound` unless it is one's own; `ArchivedGroup`, `ArchivedHub`.
    """
    person_id = principal.require_person()
    found = await store.by_ids(tx.database, [membership_id])
    own = next((m for m in found if m.person_id == person_id and m.left_at is None), None)
    if own is None:
        raise NotFound
    if own.accepted_at is None:
        await _expect_open_place(tx.database, own)
    return await _accept(tx, own, now)


@in_transaction()
async def change_membership(
    tx: Transaction, principal: Principal, membership_id: str, changes: MembershipChanges, *, now: datetime
) -> Membership:
    """Say what somebody does for a hub or group the caller looks after. A key's old secret makes nobody a steward.

    Raises `NotFound` for another place's, `MembershipOver`, `ArchivedHub`, `ArchivedGroup`, `InvitationNeeded`,
    `Stale`; `NotAllowed` for an old secret.
    """
    membership = await store.get(tx.database, membership_id)
    group = None if membership.group_id is None else await groups.get(tx.database, membership.group_id)
    if group is not None:
        is_theirs = await may_manage(tx.database, principal, group)
    else:
        hub = await hubs.get(tx.database, membership.hub_id)
        is_theirs = principal.can("hub:admin") and looks_after(principal, hub)
    if not is_theirs:
        raise NotFound
    if membership.left_at is not None:
        raise MembershipOver
    await _expect_open_place(tx.database, membership)
    expect_version(changes.version, membership.version)
    if "roles" not in changes.sent():
        return membership
    if group is not None and not await _may_give_roles(tx.database, principal, group, membership):
        raise InvitationNeeded(path=("roles",))
    if group is None and Role.STEWARD in changes.roles:
        principal.require_newest_secret()
    return await _change_roles(tx, membership, changes.roles or (Role.MEMBER,))


async def _expect_open_place(database: Database, membership: Membership) -> None:
    """Raise `ArchivedGroup` or `ArchivedHub` when nobody comes into the place of the membership any more."""
    if membership.group_id is not None:
        expect_group_open(await groups.get(database, membership.group_id))
    else:
        expect_hub_open(await hubs.get(database, membership.hub_id))


async def home_hub(database: Database, person_id: str) -> str | None:
    """The hub a person has belonged to longest, if there is one: the one that hears of changes in the profile."""
    found = await store.of_person(database, person_id)
    return next((m.hub_id for m in found if m.group_id is None), found[0].hub_id if found else None)


async def _accept(tx: Transaction, membership: Membership, now: datetime) -> Membership:
    """The membership, accepted by its person."""
    accepted = accept(membership, now)
    if accepted != membership:
        await store.save(tx.database, accepted)
        await _note_belonging(tx.database, accepted.person_id)
        await _note_founding(tx.database, accepted)
        _tell(tx, MembershipAccepted, accepted)
    return accepted


async def _change_roles(tx: Transaction, membership: Membership, roles: Iterable[Role]) -> Membership:
    """The membership with these roles instead; without any, or with those it has, as it is."""
    changed = with_roles(membership, roles)
    if changed == membership:
        return membership
    await store.save(tx.database, changed)
    await _note_founding(tx.database, changed)
    _tell(tx, RolesChanged, changed)
    return changed


async def _no_longer_in(database: Database, hub: Hub, left: Membership) -> list[str]:
    """Of the hub that was left and those above it, the ones the person belongs to by no other membership."""
    if left.accepted_at is None:
        return []
    live = await store.of_person(database, left.person_id)
    others = await hubs.by_ids(database, {m.hub_id for m in live if m.group_id is None and m.accepted_at is not None})
    still = {hub_id for other in others for hub_id in other.lineage}
    return [hub_id for hub_id in hub.lineage if hub_id not in still]


def _tell(tx: Transaction, message: type[Message], membership: Membership, **more: Any) -> None:
    """Tell what became of a membership: of its fields, those that the message has, and what else it says."""
    said = membership.model_dump(include=set(message.model_fields))
    tx.record(
        message.model_validate({"membership_id": membership.id, **said, **more}),
        subject=membership.id,
        hub=membership.hub_id,
        touches={membership.person_id, membership.group_id} - {None},
    )


async def _may_give_roles(database: Database, principal: Principal, group: Group, membership: Membership) -> bool:
    """Whether who manages the group may say what this member does. In a group without a convener its hub may ask a
    member who accepted being in it."""
    if await may_bring_in(database, principal, group):
        return True
    return membership.accepted_at is not None and not await store.has_convener(database, group.id)


async def _note_founding(database: Database, membership: Membership) -> None:
    """Note on the group that somebody looks after it by their own word: from then on it is its conveners'."""
    if membership.group_id is not None and membership.accepted_at is not None and membership.looks_after:
        await groups.note_founded(database, membership.group_id)


async def _note_belonging(database: Database, person_id: str) -> None:
    """Write onto the person where they belong now: for search, and, of what they accepted, for the consent policy.

    Being in a group is not being in its hub: whoever keeps a detail for their hubs did not choose the group's hub.
    """
    live = await store.of_person(database, person_id)
    accepted = [m for m in live if m.accepted_at is not None]
    await people.set_belonging(
        database,
        person_id,
        hub_ids={m.hub_id for m in accepted if m.group_id is None},
        group_ids={m.group_id for m in accepted if m.group_id is not None},
        listed_in={m.hub_id for m in live} | {m.group_id for m in live if m.group_id is not None},
    )
