"""The rules of memberships, without a database: joining, accepting, roles, and who may end, change and see one."""

from datetime import timedelta

import pytest

from services.membership.memberships.access import may_end_in_group, may_end_in_hub, may_give_roles, may_see
from services.membership.memberships.model import (
    JoiningNeedsInvitation,
    JoiningNeedsRequest,
    accept,
    expect_open_to_join,
    home_hub,
    join,
    leave,
    with_roles,
)
from shared.contracts.membership.groups import JoinPolicy
from shared.contracts.membership.memberships import Role
from shared.ids import new_id
from tests.support.membership_models import NOW, OPERATOR, a_caller, a_group, a_hub, a_key_caller, a_membership

HUB = a_hub()
LATER = NOW + timedelta(days=1)


def test_a_join_policy_says_how_to_come_in() -> None:
    expect_open_to_join(JoinPolicy.OPEN)
    with pytest.raises(JoiningNeedsRequest):
        expect_open_to_join(JoinPolicy.REQUEST)
    with pytest.raises(JoiningNeedsInvitation):
        expect_open_to_join(JoinPolicy.INVITATION)


def test_everybody_who_is_in_is_a_member_and_roles_have_one_order() -> None:
    joined = join(new_id("per"), HUB.id, None, [Role.STEWARD, Role.CONVENER, Role.STEWARD], NOW, accepted=True)
    assert joined.roles == [Role.MEMBER, Role.CONVENER, Role.STEWARD]
    assert join(new_id("per"), HUB.id, None, [], NOW, accepted=True).roles == [Role.MEMBER]


def test_only_conveners_and_stewards_look_after_a_place() -> None:
    looking_after = {role for role in Role if a_membership(HUB, None, role).looks_after}
    assert looking_after == {Role.CONVENER, Role.STEWARD}


def test_accepting_counts_once() -> None:
    waiting = a_membership(HUB, accepted=False)
    accepted = accept(waiting, LATER)
    assert (waiting.accepted_at, accepted.accepted_at, accepted.version) == (None, LATER, 2)
    assert accept(accepted, LATER + timedelta(days=1)) == accepted


def test_new_roles_replace_the_old_ones_and_no_roles_change_nothing() -> None:
    convener = a_membership(HUB, None, Role.CONVENER)
    assert with_roles(convener, [Role.MEDIATOR]).roles == [Role.MEMBER, Role.MEDIATOR]
    assert with_roles(convener, []) == convener
    assert with_roles(convener, [Role.CONVENER]) == convener
    assert with_roles(convener, [Role.MEMBER]).version == 2


def test_leaving_is_noted_with_its_time() -> None:
    left = leave(a_membership(HUB), LATER)
    assert (left.left_at, left.version) == (LATER, 2)


def test_a_membership_of_a_group_is_ended_by_its_person_and_by_who_manages_the_group() -> None:
    group = a_group(HUB, JoinPolicy.INVITATION, founded=True)
    person = a_caller()
    assert may_end_in_group(person, person.id, group, HUB)
    for caller in (a_caller(convenes=(group,)), a_caller(steward_of=(HUB,)), a_key_caller(HUB, "hub:admin"), OPERATOR):
        assert may_end_in_group(caller, person.id, group, HUB), caller
    for caller in (a_caller(), a_caller(convenes=(a_group(HUB),)), a_key_caller(HUB, "directory:read")):
        assert not may_end_in_group(caller, person.id, group, HUB), caller


def test_a_membership_of_a_hub_is_ended_by_its_person_and_by_who_administers_the_hub() -> None:
    below = a_hub(HUB)
    person = a_caller()
    assert may_end_in_hub(person, person.id, below)
    for caller in (a_caller(steward_of=(below,)), a_caller(steward_of=(HUB,)), OPERATOR):
        assert may_end_in_hub(caller, person.id, below), caller
    for caller in (a_caller(), a_caller(convenes=(a_group(below),)), a_key_caller(below, "directory:read")):
        assert not may_end_in_hub(caller, person.id, below), caller
    assert not may_end_in_hub(a_caller(steward_of=(below,)), person.id, HUB)


def test_the_hub_gives_roles_in_a_closed_group_only_while_nobody_convenes_it() -> None:
    group, steward = a_group(HUB, JoinPolicy.REQUEST, founded=True), a_caller(steward_of=(HUB,))
    accepted, waiting = a_membership(HUB, group), a_membership(HUB, group, accepted=False)
    assert may_give_roles(steward, group, accepted, has_convener=False)
    assert not may_give_roles(steward, group, waiting, has_convener=False), "it would add somebody to the group"
    assert not may_give_roles(steward, group, accepted, has_convener=True)
    assert may_give_roles(a_caller(convenes=(group,)), group, waiting, has_convener=True)


def test_a_past_membership_is_seen_by_its_person_and_by_who_looks_after_the_place() -> None:
    live = a_membership(HUB)
    past = leave(live, LATER)
    assert may_see(a_caller(), live)
    assert not may_see(a_caller(), past)
    assert may_see(a_caller().model_copy(update={"id": past.person_id}), past)
    assert may_see(a_caller(steward_of=(HUB,)), past)
    assert may_see(a_key_caller(HUB, "hub:admin"), past)
    assert not may_see(a_key_caller(HUB, "directory:read"), past)


def test_the_home_hub_is_the_first_hub_and_else_the_hub_of_the_first_group() -> None:
    first, second = a_membership(a_hub()), a_membership(a_hub())
    in_group = a_membership(HUB, a_group(HUB))
    assert home_hub([in_group, first, second]) == first.hub_id
    assert home_hub([in_group]) == HUB.id
    assert home_hub([]) is None
