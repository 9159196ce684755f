"""Support requests: through events' commands, each with its answer in one transaction."""

from datetime import timedelta
from functools import partial

from deploy.demo.groups import GROUPS
from deploy.demo.ledger import Made, once
from deploy.demo.loaded import Loaded
from deploy.demo.support import SUPPORT, SupportPlan
from services.events.support_requests.commands import answer_support_request, create_support_request
from shared.contracts.events.support_requests import AnswerSupportRequest, NewSupportRequest, SupportKind


async def load_support_requests(loaded: Loaded) -> None:
    """Every request. The groups and their people are there before."""
    for plan in SUPPORT:
        await once(loaded.events.database, f"support:{plan.key}", partial(_request, loaded, plan))


async def _request(loaded: Loaded, plan: SupportPlan) -> Made:
    database, asked_at = loaded.events.database, loaded.days_ago(plan.days_ago, 18)
    people, hub = loaded.community.people, GROUPS[plan.group][0]
    convener = next(person for person in people if "convener" in person.groups.get(plan.group, ()))
    new = NewSupportRequest(kind=SupportKind(plan.kind), details=plan.details, group_id=loaded.groups[str(plan.group)])
    request = await create_support_request(database, loaded.acting_as(convener), new, now=asked_at)
    if plan.accepted is not None and plan.answer is not None:
        steward = next(person for person in people if person.hub.slug == hub and person.hub_roles)
        answer = AnswerSupportRequest(accepted=plan.accepted, answer=plan.answer)
        answered_at = asked_at + timedelta(days=2)
        await answer_support_request(database, loaded.acting_as(steward), request.id, answer, now=answered_at)
    return {plan.key: request.id}
