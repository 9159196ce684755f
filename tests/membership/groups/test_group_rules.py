"""The rules of groups, without a database: who manages one, who adds people to it, and who may join by themselves."""

import pytest

from services.membership.groups.access import adds_people, can_change, can_join, manages
from services.membership.groups.model import ArchivedGroup, Group, archive_group, change_group
from services.membership.hubs.model import Hub
from shared.auth import ANONYMOUS, Principal
from shared.contracts.membership.groups import GroupChanges, JoinPolicy
from tests.support.membership_models import NOW, OPERATOR, a_caller, a_group, a_hub, a_key_caller

TOP = a_hub()
HUB = a_hub(TOP)
CLOSED = (JoinPolicy.REQUEST, JoinPolicy.INVITATION)


def test_conveners_and_who_looks_after_the_hub_or_one_above_manage_a_group() -> None:
    group = a_group(HUB)
    for caller in (a_caller(convenes=(group,)), a_caller(steward_of=(HUB,)), a_caller(steward_of=(TOP,)), OPERATOR):
        assert manages(caller, group, HUB), caller
    for caller in (a_caller(), a_caller(convenes=(a_group(HUB),)), a_caller(steward_of=(a_hub(TOP),)), ANONYMOUS):
        assert not manages(caller, group, HUB), caller


def test_a_key_manages_groups_only_with_the_scope() -> None:
    group = a_group(HUB)
    assert manages(a_key_caller(HUB, "hub:admin"), group, HUB)
    assert not manages(a_key_caller(HUB, "directory:read"), group, HUB)


@pytest.mark.parametrize("policy", CLOSED)
def test_the_hub_adds_people_to_a_closed_group_only_until_it_is_founded(policy: JoinPolicy) -> None:
    steward = a_caller(steward_of=(HUB,))
    assert adds_people(steward, a_group(HUB, policy), has_convener=False)
    assert not adds_people(steward, a_group(HUB, policy), has_convener=True)
    assert not adds_people(steward, a_group(HUB, policy, founded=True), has_convener=False)


@pytest.mark.parametrize("policy", CLOSED)
def test_a_convener_always_adds_people(policy: JoinPolicy) -> None:
    group = a_group(HUB, policy, founded=True)
    assert adds_people(a_caller(convenes=(group,)), group, has_convener=True)


def test_anybody_who_manages_an_open_group_adds_people() -> None:
    assert adds_people(a_caller(steward_of=(HUB,)), a_group(HUB, founded=True), has_convener=True)


def joins(caller: Principal, group: Group, hub: Hub = HUB, *, is_in: bool = False, has_convener: bool = True) -> bool:
    """Whether this caller could join this group."""
    return can_join(caller, group, hub, is_in=is_in, has_convener=has_convener)


def test_only_people_join_and_only_an_open_group_by_themselves() -> None:
    assert joins(a_caller(), a_group(HUB))
    assert not joins(OPERATOR, a_group(HUB))
    assert not joins(a_key_caller(HUB, "hub:admin"), a_group(HUB))
    for policy in CLOSED:
        assert not joins(a_caller(), a_group(HUB, policy))
        assert joins(a_caller(), a_group(HUB, policy), is_in=True), "who is in may join again"


def test_who_could_add_others_to_a_closed_group_may_join_it() -> None:
    group = a_group(HUB, JoinPolicy.INVITATION)
    assert joins(a_caller(steward_of=(HUB,)), group, has_convener=False)
    assert not joins(a_caller(steward_of=(HUB,)), group, has_convener=True)


def test_nobody_joins_or_changes_an_archived_group() -> None:
    group = archive_group(a_group(HUB), NOW)
    convener = a_caller(convenes=(group,))
    assert not joins(convener, group, is_in=True)
    assert not can_change(convener, group, HUB)
    with pytest.raises(ArchivedGroup):
        change_group(group, GroupChanges(name="Another name"))


def test_a_change_names_the_fields_that_are_different() -> None:
    group = a_group(HUB)
    after, changed = change_group(group, GroupChanges(name="Another name", join_policy=JoinPolicy.REQUEST))
    assert (after.name, changed, after.version) == ("Another name", ["join_policy", "name"], 2)
    assert change_group(group, GroupChanges(domain=group.domain)) == (group, [])
