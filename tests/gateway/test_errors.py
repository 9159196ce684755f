"""How errors are told: nothing of the inside gets out."""

from typing import Any

import orjson
import pytest
from fastapi import Request, Response
from graphql import GraphQLError

from gateway.auth import Credentials
from gateway.errors import ServiceFailed, ServiceUnavailable, code_of, format_errors, told
from gateway.graph.scalars import parse_date, parse_date_time
from gateway.graph.schema import executable
from gateway.over_http import GraphQLOverHTTP, accepted
from gateway.rendering import Renderer
from gateway.services import open_services
from shared.errors import Conflict, Gone, Invalid, NotAllowed, NotFound, NotSignedIn, ProblemError, TooLarge, TooMany
from shared.ids import new_id
from shared.keys import new_key
from tests.support.namespaces import settings_for
from tests.support.receiver import Receiver, Reply


def only(error: GraphQLError) -> dict[str, Any]:
    """One error as it is told."""
    (formatted,) = format_errors([error])
    return formatted


def test_what_nobody_foresaw_is_masked() -> None:
    secret = RuntimeError("mongodb://root:hunter2@db/")
    for cause in (secret, KeyError("hunter2"), TypeError("Cannot return null for non-nullable field hunter2")):
        formatted = only(GraphQLError(str(cause), path=["events", 0], original_error=cause))
        assert "hunter2" not in str(formatted)
        assert formatted["extensions"]["code"] == "INTERNAL"
        assert formatted["extensions"]["requestId"].startswith("req_")
        assert formatted["path"] == ["events", 0]


async def test_an_answer_of_membership_that_makes_no_sense_is_masked(receiver: Receiver) -> None:
    receiver.usually = Reply(200, body=b'{"hunter2": 1}')
    response = await answered(receiver, "{ viewer { id: callerId } }")
    (told_of,) = orjson.loads(response.body)["errors"]
    assert (response.status_code, told_of["extensions"]["code"]) == (500, "INTERNAL")
    assert b"hunter2" not in response.body


@pytest.mark.parametrize("then", [Reply(500), Reply(429), Reply(503)])
async def test_what_was_done_is_told_though_its_maker_cannot_be_looked_up_again(
    receiver: Receiver, then: Reply
) -> None:
    who = {"kind": "client", "id": new_id("key"), "scopes": ["hub:admin"]}
    known = orjson.dumps({"principal": who, "expires_at": None, "depends_on": [who["id"]]})
    made = orjson.dumps({"id": new_id("org"), "name": "Rivers Trust"})
    receiver.then(Reply(200, body=known), Reply(201, body=made), then)
    made_by = 'createOrganisation(input: {name: "Rivers Trust", kind: CHARITABLE_FUNDER})'
    response = await answered(receiver, f"mutation {{ {made_by} {{ organisation {{ name }} }} }}")
    assert orjson.loads(response.body) == {"data": {"createOrganisation": {"organisation": {"name": "Rivers Trust"}}}}


async def answered(receiver: Receiver, query: str) -> Response:
    """A gateway's answer to a query, with the receiver in membership's place."""
    services = open_services(settings_for("masked", "mongodb://unused/", "amqp://unused/", membership_url=receiver.url))

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": orjson.dumps({"query": query}), "more_body": False}

    headers = [(b"content-type", b"application/json"), (b"authorization", f"Bearer {new_key(new_id('key'))}".encode())]
    try:
        answers = GraphQLOverHTTP(services, Credentials(services, lambda: True), Renderer())
        return await answers(Request({"type": "http", "method": "POST", "headers": headers}, receive))
    finally:
        await services.close()


def test_a_value_the_graph_does_not_know_is_masked_too() -> None:
    formatted = only(GraphQLError("Enum 'Theme' cannot represent value: 'hunter2'", path=["a"]))
    assert "hunter2" not in str(formatted)
    assert formatted["extensions"]["code"] == "INTERNAL"


def test_a_service_that_failed_is_not_blamed_on_the_caller() -> None:
    formatted = only(GraphQLError("x", path=["a"], original_error=ServiceFailed("events")))
    assert formatted["extensions"] == {
        "code": "INTERNAL",
        "requestId": formatted["extensions"]["requestId"],
        "service": "events",
    }


@pytest.mark.parametrize(
    ("problem", "code"),
    [
        (Invalid(), "BAD_REQUEST"),
        (NotSignedIn(), "NOT_SIGNED_IN"),
        (NotAllowed(), "NOT_ALLOWED"),
        (NotFound(), "NOT_FOUND"),
        (Conflict(), "CONFLICT"),
        (Gone(), "GONE"),
        (TooLarge(), "TOO_LARGE"),
        (TooMany(), "TOO_MANY"),
        (ServiceUnavailable("events"), "UNAVAILABLE"),
    ],
)
def test_each_kind_of_problem_has_one_word(problem: ProblemError, code: str) -> None:
    assert code_of(problem) == code
    assert only(GraphQLError("x", path=["a"], original_error=problem))["message"] == problem.message


def test_a_limit_says_when_to_come_back() -> None:
    assert told(TooMany(retry_after=7))["retryAfter"] == 7


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("2026-03-05T12:30:00Z", "2026-03-05T12:30:00Z"),
        ("2026-03-05t12:30:00z", "2026-03-05T12:30:00Z"),
        ("2026-03-05T12:30:00+01:00", "2026-03-05T11:30:00Z"),
        ("2026-03-05T12:30:00.250-00:30", "2026-03-05T13:00:00.250000Z"),
    ],
)
def test_a_moment_is_kept_in_utc(given: str, kept: str) -> None:
    assert parse_date_time(given) == kept


@pytest.mark.parametrize(
    "wrong",
    [
        "2026-03-05",
        "2026-03-05 12:30:00Z",
        "2026-03-05T12:30Z",
        "2026-03-05T12:30:00",
        "2026-03-05T24:30:00Z",
        "2026-13-05T12:30:00Z",
        "0001-01-01T00:00:00+14:00",
        "20260305T123000Z",
        "\u0662026-03-05T12:30:00Z",
        "",
        None,
        True,
        1770000000,
        [],
    ],
)
def test_what_is_no_moment_with_its_offset_is_refused(wrong: object) -> None:
    with pytest.raises(GraphQLError, match="RFC 3339"):
        parse_date_time(wrong)


def test_a_day_is_a_day_of_the_calendar() -> None:
    assert parse_date("2024-02-29") == "2024-02-29"
    for wrong in ("2023-02-29", "2024-2-9", "20240229", "", None, 5):
        with pytest.raises(GraphQLError, match="calendar"):
            parse_date(wrong)


def test_an_accept_header_that_makes_no_sense_accepts_nothing() -> None:
    for accept in (",,,", ";", "q=1", "application/json;q=zero", "application"):
        assert accepted(accept) is None


def test_words_have_the_names_of_the_graph() -> None:
    theme: Any = executable().get_type("Theme")
    assert theme.values["CO_PRODUCTION"].value == "co_production"
