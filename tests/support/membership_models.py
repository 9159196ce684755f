"""Hubs, groups, memberships and callers in memory, for tests of rules: nothing is stored, nothing is started."""

from datetime import UTC, datetime
from itertools import count

from services.membership.groups.model import Group, open_group
from services.membership.hubs.model import Hub, open_hub
from services.membership.memberships.model import Membership, join
from shared.auth import PERSON_SCOPES, Principal
from shared.contracts.membership.groups import JoinPolicy, NewGroup
from shared.contracts.membership.hubs import HubKind, NewHub
from shared.contracts.membership.memberships import Role
from shared.ids import new_id

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
_numbers = count(1)


def a_hub(parent: Hub | None = None) -> Hub:
    """A hub at the root, or below another one."""
    number = next(_numbers)
    new = NewHub(
        slug=f"hub-{number}", name=f"Hub {number}", kind=HubKind.REGIONAL, parent_id=parent.id if parent else None
    )
    return open_hub(new, parent, NOW)


def a_group(hub: Hub, policy: JoinPolicy = JoinPolicy.OPEN, *, founded: bool = False) -> Group:
    """A group of a hub. `founded`: a convener has accepted it at some time."""
    number = next(_numbers)
    new = NewGroup(slug=f"group-{number}", name=f"Group {number}", domain="Trust", hub_id=hub.id, join_policy=policy)
    return open_group(new, NOW).model_copy(update={"founded": founded})


def a_membership(hub: Hub, group: Group | None = None, *roles: Role, accepted: bool = True) -> Membership:
    """A membership of somebody new."""
    return join(new_id("per"), hub.id, group.id if group else None, roles, NOW, accepted=accepted)


def a_caller(*, steward_of: tuple[Hub, ...] = (), convenes: tuple[Group, ...] = ()) -> Principal:
    """A person who looks after these hubs and groups."""
    return Principal(
        kind="person",
        id=new_id("per"),
        scopes=PERSON_SCOPES | (frozenset({"hub:admin"}) if steward_of else frozenset()),
        steward_of=frozenset(hub.id for hub in steward_of),
        convenes=frozenset(group.id for group in convenes),
    )


def a_key_caller(hub: Hub, *scopes: str) -> Principal:
    """An API key of a hub, with these scopes."""
    hubs = frozenset({hub.id})
    return Principal(kind="client", id=new_id("key"), scopes=frozenset(scopes), hubs=hubs, steward_of=hubs)


OPERATOR = Principal(kind="service", id="operator", scopes=frozenset({"community:admin"}), everywhere=True)
