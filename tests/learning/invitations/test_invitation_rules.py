"""The rules of invitations, as plain functions. Nothing is started for them."""

from datetime import UTC, datetime, timedelta

import pytest

from services.learning.invitations import model
from shared.contracts.events.events import EventCompleted, EventVisibility
from shared.ids import new_id

NOW = datetime(2026, 3, 5, 18, 0, tzinfo=UTC)


@pytest.mark.parametrize("group_id", [None, new_id("grp")], ids=["public", "group"])
def test_an_invitation_is_for_those_who_may_see_the_event_and_open_for_thirty_days(group_id: str | None) -> None:
    event = EventCompleted(
        event_id=new_id("evt"),
        version=3,
        hub_id=new_id("hub"),
        group_id=group_id,
        visibility=EventVisibility.GROUP if group_id else EventVisibility.PUBLIC,
        ended_at=NOW - timedelta(hours=1),
        organiser_ids=[new_id("per")],
        confirmed_count=12,
    )
    invitation = model.invite(new_id("inv"), event, NOW)
    said = {name: getattr(invitation, name) for name in ("event_id", "hub_id", "group_id", "visibility")}
    assert said == {name: getattr(event, name) for name in said}
    assert (invitation.opened_at, invitation.closes_at) == (NOW, NOW + timedelta(days=30))


def test_an_invitation_is_shown_without_who_may_see_it() -> None:
    assert "visibility" not in model.show(an_invitation()).model_dump()


def an_invitation() -> model.Invitation:
    return model.Invitation(
        id=new_id("inv"),
        event_id=new_id("evt"),
        hub_id=new_id("hub"),
        visibility=EventVisibility.HUB,
        opened_at=NOW,
        closes_at=NOW + model.OPEN_FOR,
    )
