"""Support requests: a group or a hub asks for money, people, a place or advice, and its stewards answer."""

from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import StringConstraints

from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.contracts.view import View
from shared.enums import Described
from shared.ids import IdType
from shared.messaging.envelope import Message
from shared.values import CLEAN_TEXT, Flag, Input, Line

SupportRequestId = Annotated[str, IdType("sup")]
Details = Annotated[str, StringConstraints(min_length=1, max_length=4_000), CLEAN_TEXT]


class SupportKind(Described):
    """What is asked for."""

    SEEDCORN_MONEY = "seedcorn_money", "A small sum to begin with, such as for a room or for travel."
    SPEAKER = "speaker", "Someone who tells a gathering of their work."
    FACILITATOR = "facilitator", "Someone who leads a conversation or workshop."
    VENUE = "venue", "A room or another place to meet."
    ADVICE = "advice", "An hour or more with someone who has done it before."


class SupportStatus(Described):
    """Where a support request stands. An answer is final."""

    OPEN = "open", "Nobody has answered yet."
    ACCEPTED = "accepted", "A steward has said yes; the answer says how it goes on."
    DECLINED = "declined", "A steward has said no; the answer says why."


class SupportRequestOrder(Described):
    """The orders of a list of support requests."""

    NEWEST = "newest", "By when it was made: the newest comes first."
    OLDEST = "oldest", "By when it was made: the oldest comes first, which has waited longest."


class _AboutSupport(Message):
    support_request_id: SupportRequestId
    hub_id: HubId
    group_id: GroupId | None
    version: int


class SupportRequested(_AboutSupport):
    """A group or hub has asked its stewards for support."""

    topic: ClassVar[str] = "events.support_requested"


class SupportAnswered(_AboutSupport):
    """A steward has answered a support request."""

    topic: ClassVar[str] = "events.support_answered"
    status: SupportStatus


class NewSupportRequest(Input):
    """A new support request. Give the group that asks, or the hub when it is not for one group."""

    kind: SupportKind
    details: Details
    hub_id: HubId | None = None
    group_id: GroupId | None = None


class AnswerSupportRequest(Input):
    """Yes or no, with a line that says what happens next, or why not."""

    accepted: Flag
    answer: Line


class SupportRequestView(View):
    """A support request. `asked_by_id` is null when a hub's key asked. `viewer_can_answer`: whether the caller may."""

    id: SupportRequestId
    kind: SupportKind
    status: SupportStatus
    details: str
    hub_id: HubId
    group_id: GroupId | None
    asked_by_id: PersonId | None
    answer: str | None
    created_at: datetime
    answered_at: datetime | None
    viewer_can_answer: bool
    version: int
