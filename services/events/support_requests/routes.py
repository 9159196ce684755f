"""Support requests over HTTP: ask, answer; one page of them, or some by id."""

from typing import Annotated

from fastapi import Query

from services.events.support_requests import commands, store
from services.events.support_requests.model import SupportRequest, SupportRequestFilter, can_answer
from shared import clock
from shared.app import Caller, Db, Paging
from shared.auth import Principal
from shared.contracts.events.support_requests import (
    AnswerSupportRequest,
    NewSupportRequest,
    SupportKind,
    SupportRequestOrder,
    SupportRequestView,
    SupportStatus,
)
from shared.contracts.membership.groups import GroupId
from shared.contracts.membership.hubs import HubId
from shared.contracts.membership.people import PersonId
from shared.contracts.view import ByIds
from shared.paging import Page
from shared.routing import Routes

MOST_HUBS = 500

ROUTES = Routes("support requests")


@ROUTES.post("/support-requests", needs="events:write", status=201)
async def create_support_request(caller: Caller, database: Db, body: NewSupportRequest) -> SupportRequestView:
    """Ask the stewards of a hub for support, for the hub or for a group of it."""
    return _shown(caller, await commands.create_support_request(database, caller, body, now=clock.now()))


@ROUTES.post("/support-requests/by-ids", needs="events:read")
async def support_requests_by_ids(caller: Caller, database: Db, body: ByIds) -> list[SupportRequestView]:
    """Those of these requests that the caller may see."""
    return [_shown(caller, one) for one in await store.by_ids(database, caller, body.ids)]


@ROUTES.post("/support-requests/{support_request_id}/answer", needs="events:write")
async def answer_support_request(
    caller: Caller, database: Db, support_request_id: str, body: AnswerSupportRequest
) -> SupportRequestView:
    """Accept or decline, with a line."""
    answered = await commands.answer_support_request(database, caller, support_request_id, body, now=clock.now())
    return _shown(caller, answered)


@ROUTES.get("/support-requests", needs="events:read")
async def list_support_requests(
    caller: Caller,
    database: Db,
    paging: Paging,
    hub: Annotated[list[HubId], Query(max_length=MOST_HUBS)] = [],  # noqa: B006 FastAPI copies it
    group: GroupId | None = None,
    kind: Annotated[list[SupportKind], Query()] = [],  # noqa: B006
    status: Annotated[list[SupportStatus], Query()] = [],  # noqa: B006
    asked_by: PersonId | None = None,
    order: SupportRequestOrder = SupportRequestOrder.NEWEST,
) -> Page[SupportRequestView]:
    """Requests the caller may see: of any of these hubs, this group, this person, of these kinds and statuses."""
    asked = SupportRequestFilter(
        hubs=frozenset(hub),
        group=group,
        asked_by=asked_by,
        kinds=frozenset(kind),
        statuses=frozenset(status),
    )
    page = await store.page(database, caller, asked, order, paging)
    return page.map(lambda one: _shown(caller, one))


def _shown(caller: Principal, request: SupportRequest) -> SupportRequestView:
    return SupportRequestView.of(request, viewer_can_answer=can_answer(caller, request))
