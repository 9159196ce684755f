"""The rules of hubs, without a database: how deep and how many they are, what a change is, and who may change one."""

import pytest

from services.membership.hubs.access import can_change, looks_after
from services.membership.hubs.model import (
    DEEPEST,
    MOST_BELOW,
    MOST_BELOW_TOP,
    ArchivedHub,
    TooDeep,
    archive_hub,
    change_hub,
    most_below,
)
from shared.contracts.membership.hubs import HubChanges, NewHub
from tests.support.membership_models import NOW, OPERATOR, a_caller, a_hub, a_key_caller


def test_a_hub_knows_all_hubs_above_it_the_nearest_first() -> None:
    top = a_hub()
    middle = a_hub(top)
    below = a_hub(middle)
    assert top.ancestors == []
    assert below.parent_id == middle.id
    assert below.ancestors == [middle.id, top.id]
    assert below.lineage == [below.id, middle.id, top.id]


def test_hubs_nest_only_so_deep() -> None:
    hub = a_hub()
    for _ in range(DEEPEST - 1):
        hub = a_hub(hub)
    assert len(hub.lineage) == DEEPEST
    with pytest.raises(TooDeep) as refused:
        a_hub(hub)
    assert refused.value.path == ("parent_id",)


def test_more_hubs_fit_below_the_top_than_below_another() -> None:
    top = a_hub()
    middle = a_hub(top)
    assert most_below(top.id, middle) == MOST_BELOW_TOP
    assert most_below(middle.id, middle) == MOST_BELOW
    assert most_below(top.id, top) == MOST_BELOW_TOP


@pytest.mark.parametrize("slug", ["North", "a--b", "-a", "a b", ""])
def test_a_hub_has_a_slug_that_fits_into_an_address(slug: str) -> None:
    with pytest.raises(ValueError, match="slug"):
        NewHub(slug=slug, name="North East", kind="regional")


def test_a_change_names_the_fields_that_are_different() -> None:
    hub = a_hub()
    after, changed = change_hub(hub, HubChanges(name="Another name", kind=hub.kind))
    assert (after.name, changed, after.version) == ("Another name", ["name"], hub.version + 1)
    assert change_hub(hub, HubChanges(name=hub.name)) == (hub, [])


def test_an_archived_hub_is_not_changed() -> None:
    archived = archive_hub(a_hub(), NOW)
    assert (archived.archived_at, archived.version) == (NOW, 2)
    with pytest.raises(ArchivedHub):
        change_hub(archived, HubChanges(name="Another name"))


def test_who_looks_after_a_hub_looks_after_the_hubs_below_it_too() -> None:
    top = a_hub()
    below = a_hub(top)
    steward = a_caller(steward_of=(top,))
    assert looks_after(steward, below)
    assert not looks_after(a_caller(steward_of=(below,)), top)
    assert looks_after(OPERATOR, top)
    assert not looks_after(a_caller(), top)


def test_changing_a_hub_takes_looking_after_it_and_the_scope() -> None:
    hub = a_hub()
    assert can_change(a_caller(steward_of=(hub,)), hub)
    assert can_change(a_key_caller(hub, "hub:admin"), hub)
    assert not can_change(a_key_caller(hub, "directory:read"), hub)
    assert not can_change(a_caller(steward_of=(hub,)), archive_hub(hub, NOW))
