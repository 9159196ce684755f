"""What the demo's groups ask the stewards of their hubs for, and the answers. Some still wait for one."""

# ruff: noqa: E501  one text a line reads best

from dataclasses import dataclass


@dataclass(frozen=True)
class SupportPlan:
    """A support request of the demo: which group's convener asked, and what a steward answered, if one did."""

    key: str
    group: int
    kind: str
    details: str
    days_ago: int
    accepted: bool | None = None
    answer: str | None = None


SUPPORT = (
    SupportPlan("tyneside-room", 0, "venue", "A room for twenty-five people on a weekday evening, near a Metro station and without steps. We meet next month.", 6),
    SupportPlan("tyneside-facilitator", 0, "facilitator", "Somebody from outside for half a day: we disagree about payment by results, and none of us can lead that talk.", 34, True, "Yes. One of us comes, and it costs you nothing."),
    SupportPlan("gateshead-money", 1, "seedcorn_money", "180 pounds for bus fares and lunch, so that people with lived experience can come to our next three meetings.", 21, True, "Yes, 180 pounds. Keep the tickets, and tell us afterwards who came."),
    SupportPlan("durham-speaker", 2, "speaker", "A funder who has stopped asking for reports, to say what happened then.", 12),
    SupportPlan("manchester-advice", 3, "advice", "An hour with a group that has shared one caseworker between three organisations. What did they put into the contract?", 40, True, "Yes. We have put you in touch with the group in Coventry."),
    SupportPlan("preston-money", 4, "seedcorn_money", "2,000 pounds for a film about our first year.", 50, False, "No: this money is for beginnings, up to 250 pounds. Ask us for the first screening."),
    SupportPlan("leeds-venue", 6, "venue", "A place where children are welcome while we meet, on a Saturday in spring.", 3),
)  # fmt: skip
