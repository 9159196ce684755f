"""Support requests: asked by members, seen by the group and its hub's stewards, answered once."""

from itertools import product
from typing import Any

import pytest

from services.events.support_requests import model
from services.events.support_requests.store import SUPPORT_REQUESTS, by_ids
from shared import clock
from shared.auth import PERSON_SCOPES, Principal
from shared.contracts.events.support_requests import (
    AnswerSupportRequest,
    SupportKind,
    SupportRequestOrder,
    SupportStatus,
)
from shared.ids import new_id
from shared.mongo import Database
from tests.support.cells import cells
from tests.support.events import GROUP, HUB, a_convener, a_hub_key, a_person, a_steward, a_stranger, an_operator
from tests.support.orders import cursor_of, expect_no_sorting, order_cells, read_whole
from tests.support.serving import Client

MEMBER = a_person(groups={GROUP: HUB})
ASKER = a_person(groups={GROUP: HUB})
YES, NO = ({"accepted": accepted, "answer": "See you on Tuesday."} for accepted in (True, False))


def asking(**more: Any) -> dict[str, Any]:
    return {"kind": "speaker", "details": "For our first evening.", "group_id": GROUP, **more}


async def asked(events: Client, caller: Principal = MEMBER, **more: Any) -> dict[str, Any]:
    answer = await events.acting_as(caller).post("/support-requests", asking(**more))
    assert answer.status == 201, answer.body
    view: dict[str, Any] = answer.body
    return view


@pytest.fixture(scope="module")
async def queue(events: Client, database: Database) -> list[str]:
    """Ids of five requests of one person, the oldest first. The group has very many more."""
    await SUPPORT_REQUESTS.of(database).insert_many(
        [SUPPORT_REQUESTS.document(a_request(group_id=GROUP, asked_by_id=MEMBER.id)) for _ in range(300)]
    )
    return [(await asked(events, ASKER))["id"] for _ in range(5)]


def a_request(**more: Any) -> model.SupportRequest:
    about = {"kind": SupportKind.VENUE, "details": "A room.", "hub_id": HUB, "created_at": clock.now()}
    return model.SupportRequest(**{**about, "id": new_id("sup"), **more})


def test_an_answer_is_final() -> None:
    now, yes, no = clock.now(), AnswerSupportRequest.model_validate(YES), AnswerSupportRequest.model_validate(NO)
    accepted = model.answer(a_request(), yes, now)
    assert (accepted.status, accepted.answered_at, accepted.version) == (SupportStatus.ACCEPTED, now, 2)
    assert model.answer(accepted, yes, clock.now()) is accepted
    with pytest.raises(model.AlreadyAnswered):
        model.answer(accepted, no, now)


async def test_a_group_asks_and_a_steward_answers(events: Client, database: Database) -> None:
    made = await asked(events)
    assert (made["status"], made["hub_id"], made["asked_by_id"]) == ("open", HUB, MEMBER.id)
    steward = events.acting_as(a_steward())
    assert (await steward.post("/support-requests/by-ids", {"ids": [made["id"]]})).body[0]["viewer_can_answer"]
    path = f"/support-requests/{made['id']}/answer"
    answered = await steward.post(path, NO)
    assert (answered.body["status"], answered.body["answer"]) == ("declined", NO["answer"])
    assert not answered.body["viewer_can_answer"]
    assert (await steward.post(path, NO)).body == answered.body
    other = await steward.post(path, YES)
    assert (other.status, other.body["code"]) == (409, "already_answered")
    rows = [row async for row in database["outbox"].find({}).sort("_id", 1)]
    told = [str(row["body"]) for row in rows if made["id"] in str(row["body"])]
    assert ["support_requested" in told[0], "support_answered" in told[1], len(told)] == [True, True, 2]
    assert "first evening" not in told[0]


@pytest.mark.parametrize("caller", [a_person(), MEMBER, a_convener(), a_hub_key(new_id("hub"))])
async def test_only_stewards_answer(events: Client, caller: Principal) -> None:
    made = await asked(events)
    answer = await events.acting_as(caller).post(f"/support-requests/{made['id']}/answer", YES)
    assert (answer.status, answer.body["code"]) == (404, "not_found")


@pytest.mark.parametrize(
    ("caller", "host", "path"),
    [
        (a_person(), {}, ["group_id"]),
        (a_stranger(), {"group_id": None, "hub_id": HUB}, ["hub_id"]),
        (MEMBER, {"hub_id": new_id("hub")}, ["hub_id"]),
    ],
)
async def test_nobody_asks_for_others(
    events: Client, database: Database, caller: Principal, host: dict[str, Any], path: list[str]
) -> None:
    before = await database["support_requests"].count_documents({})
    answer = await events.acting_as(caller).post("/support-requests", asking(**host))
    assert answer.problem() == (404, "not_found", path)
    assert await database["support_requests"].count_documents({}) == before


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("kind", "gold"),
        ("details", " "),
        ("details", "x" * 4_001),
        ("details", None),
        ("group_id", "grp_1"),
        ("group_id", None),
        ("hub_id", 7),
        ("extra", 1),
    ],
)
async def test_what_cannot_be_used_is_named(events: Client, database: Database, field: str, value: object) -> None:
    before = await database["support_requests"].count_documents({})
    answer = await events.acting_as(a_steward()).post("/support-requests", asking(**{field: value}))
    assert (answer.status, answer.body["problems"][0]["path"]) == (422, [field])
    made = await asked(events)
    for wrong in ({"accepted": "yes", "answer": "x"}, {"accepted": True}, {"accepted": True, "answer": "x" * 201}):
        refused = await events.acting_as(a_steward()).post(f"/support-requests/{made['id']}/answer", wrong)
        assert refused.status == 422
    assert await database["support_requests"].count_documents({"status": {"$ne": "open"}, "_id": made["id"]}) == 0
    assert await database["support_requests"].count_documents({}) == before + 1


async def test_a_list_is_narrowed_and_paged_newest_first(events: Client) -> None:
    group, hub = new_id("grp"), new_id("hub")
    caller = a_person(groups={group: hub})
    made = [await asked(events, caller, group_id=group, kind=kind) for kind in ("venue", "advice", "venue", "speaker")]
    steward = events.acting_as(a_steward(steward_of=frozenset({hub})))
    await steward.post(f"/support-requests/{made[0]['id']}/answer", YES)

    async def ids(**params: Any) -> list[str]:
        page = await events.acting_as(caller).get("/support-requests", params=params)
        return [one["id"] for one in page.body["nodes"]]

    newest_first = [one["id"] for one in reversed(made)]
    assert await ids(group=group) == await ids(hub=hub) == newest_first
    assert await ids(hub=hub, kind=["venue", "advice"], status="open") == newest_first[1:3]
    assert await ids(hub=hub, status=["accepted"]) == newest_first[3:]
    assert await ids(hub=hub, first=2) == newest_first[:2]
    assert (await events.acting_as(a_stranger()).get("/support-requests", params={"hub": hub})).body["nodes"] == []


async def test_a_list_shows_what_the_rule_lets_one_see(database: Database) -> None:
    elsewhere, reads = new_id("hub"), frozenset({"events:read"})
    callers = [
        a_person(),
        MEMBER,
        a_convener(),
        a_steward(),
        a_steward(scopes=reads),
        a_stranger(),
        a_hub_key(),
        a_hub_key(scopes=reads),
        a_hub_key(elsewhere),
        an_operator(),
        MEMBER.model_copy(update={"id": new_id("per"), "groups": {}, "scopes": PERSON_SCOPES}),
    ]
    kinds = [
        a_request(hub_id=hub, group_id=group, asked_by_id=person)
        for hub, group in ((HUB, None), (HUB, GROUP), (HUB, new_id("grp")), (elsewhere, None))
        for person in (None, MEMBER.id, new_id("per"))
    ]
    await database["support_requests"].insert_many([SUPPORT_REQUESTS.document(one) for one in kinds])
    for caller in callers:
        listed = {one.id for one in await by_ids(database, caller, [one.id for one in kinds])}
        assert listed == {one.id for one in kinds if model.can_see(caller, one)}, caller


@cells(("order", "way", "size"), order_cells(SupportRequestOrder))
async def test_each_order_is_read_whole_from_either_end(
    events: Client, queue: list[str], order: str, way: tuple[str, str], size: int
) -> None:
    ids = await read_whole(events.acting_as(ASKER), "/support-requests", way, size, asked_by=ASKER.id, order=order)
    assert ids == (queue if order == "oldest" else queue[::-1])


async def test_a_cursor_of_one_order_is_refused_in_another(events: Client, queue: list[str]) -> None:
    caller = events.acting_as(ASKER)
    cursor = await cursor_of(caller, "/support-requests", order="oldest")
    answer = await caller.get("/support-requests", params={"after": cursor})
    assert answer.problem() == (422, "bad_cursor", ["after"])


@cells(
    ("order", "asked"),
    list(
        product(
            SupportRequestOrder,
            (
                {},
                {"hub": HUB},
                {"group": GROUP},
                {"asked_by": ASKER.id},
                {"kind": "venue"},
                {"status": ["open", "declined"]},
            ),
        )
    ),
)
async def test_no_order_is_sorted_in_memory(
    events: Client, queue: list[str], monkeypatch: pytest.MonkeyPatch, order: str, asked: dict[str, Any]
) -> None:
    for caller in (ASKER, a_steward(), an_operator()):
        client = events.acting_as(caller)
        await expect_no_sorting(monkeypatch, client, "/support-requests", "support_requests", order=order, **asked)
