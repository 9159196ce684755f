"""A support request, who may see, make and answer one, and its rules. Pure: the time is always an argument."""

from datetime import datetime

from services.events.access import Viewer, looks_after_hub
from shared.contracts.events.support_requests import AnswerSupportRequest, SupportKind, SupportRequestId, SupportStatus
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.errors import Conflict, Invalid, NotFound
from shared.values import Input, Stored


class SupportRequest(Stored):
    """What a hub or a group asks for, with the answer when there is one."""

    id: SupportRequestId
    kind: SupportKind
    status: SupportStatus = SupportStatus.OPEN
    details: str
    hub_id: HubId
    group_id: GroupId | None = None
    asked_by_id: PersonId | None = None
    answer: str | None = None
    created_at: datetime
    answered_at: datetime | None = None
    version: int = 1


class SupportRequestFilter(Input):
    """Which requests a list holds: of these hubs, this group, this person, of these kinds and statuses."""

    hubs: frozenset[HubId] = frozenset()
    group: GroupId | None = None
    asked_by: PersonId | None = None
    kinds: frozenset[SupportKind] = frozenset()
    statuses: frozenset[SupportStatus] = frozenset()


class HostNeeded(Invalid):
    """The request names neither a group nor a hub."""

    code = "host_needed"
    message = "Name the group or the hub that asks: give `group_id` or `hub_id`."


class AlreadyAnswered(Conflict):
    """An answer is final."""

    code = "already_answered"
    message = "This request already has an answer. Make a new request to ask again."


def can_ask(viewer: Viewer, hub_id: str, group_id: str | None) -> bool:
    """Whether it may ask for the group, as a member of it, or for the hub; stewards of the hub may for both."""
    if looks_after_hub(viewer, hub_id):
        return True
    return hub_id in viewer.hubs if group_id is None else viewer.groups.get(group_id) == hub_id


def can_see(viewer: Viewer, request: SupportRequest) -> bool:
    """Whether it asked, belongs to the group, or looks after the hub."""
    if viewer.person_id is not None and viewer.person_id == request.asked_by_id:
        return True
    return request.group_id in viewer.groups or looks_after_hub(viewer, request.hub_id)


def require_steward(viewer: Viewer, request: SupportRequest) -> None:
    """Raise `NotFound`, as if it were not there, unless it looks after the hub that is asked."""
    if not looks_after_hub(viewer, request.hub_id):
        raise NotFound


def can_answer(viewer: Viewer, request: SupportRequest) -> bool:
    """Whether it looks after the hub, and there is no answer yet."""
    return looks_after_hub(viewer, request.hub_id) and request.status is SupportStatus.OPEN


def answer(request: SupportRequest, given: AnswerSupportRequest, now: datetime) -> SupportRequest:
    """The request with its answer; as it is when it has this answer already. Raises `AlreadyAnswered` for another."""
    status = SupportStatus.ACCEPTED if given.accepted else SupportStatus.DECLINED
    if request.status is not SupportStatus.OPEN:
        if (request.status, request.answer) != (status, given.answer):
            raise AlreadyAnswered
        return request
    fields = {"status": status, "answer": given.answer, "answered_at": now, "version": request.version + 1}
    return request.model_copy(update=fields)
