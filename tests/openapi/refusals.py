"""What is answered 422 although each value fits the document: by operation and field, for JSON Schema cannot say it."""

from collections.abc import Mapping, Sequence, Set
from typing import Any

TEXTS = frozenset(
    (
        *("answer", "bio", "body", "description", "details", "domain", "domains", "headline", "name", "offers"),
        *("practice", "pronouns", "reason", "seeks", "summary", "title"),
        *("context.system", "context.what_happened", "context.what_was_tried"),
        *("place.name", "context.place.name", "contacts.value"),
    )
)
OF_VALUES: Mapping[str, Set[str]] = {
    # A text is checked by its characters; a pattern of them would be longer than anybody reads.
    "control_characters": TEXTS,
    "blank": TEXTS,
    # The value of a contact is of the kind that stands beside it; the format `email` has more than is sent to.
    "not_a_phone_number": frozenset({"contacts.value"}),
    "not_an_email_address": frozenset({"contacts.value", "email"}),
    # The format `uri` has more than the web's addresses; `date-time` has years that no event is in.
    "not_a_web_address": frozenset({"website", "online_url", "url", "contacts.value"}),
    "out_of_range": frozenset({"starts_at", "ends_at", "expires_at", "from", "to"}),
    # To a JSON Schema 1.0 is an integer.
    "not_a_whole_number": frozenset({"capacity", "version", "overlap_seconds"}),
    # IANA has hundreds of time zones, and changes them.
    "not_a_time_zone": frozenset({"time_zone"}),
    # Latitude and longitude come together; a last day is not before the first.
    "invalid_value": frozenset({"place", "context.place", "affiliations.until"}),
}
"""The fields in which a value can be wrong in a way that its schema does not say, by code."""

Refusals = Set[tuple[str, str]]
OF_LISTS: Refusals = {("bad_page_size", "last"), ("bad_cursor", "after"), ("bad_cursor", "before")}
"""Of every list: `first` and `last` exclude one another, and a cursor is of the list that gave it."""

_PERIOD: Refusals = {("empty_period", "to")}
_HOST: Refusals = {("hub_unknown", "hub_id"), ("group_unknown", "group_id")}
_TIMES: Refusals = {
    ("ends_before_it_starts", "ends_at"),
    ("event_too_long", "ends_at"),
    ("starts_in_the_past", "starts_at"),
    ("group_needed", "visibility"),
}
_OWN: Refusals = {
    ("group_not_yours", "group_id"),
    ("hub_not_yours", "hub_id"),
    ("organisation_not_yours", "organisation_id"),
    ("anonymous_names_no_organisation", "organisation_id"),
}
_TOPICS: Refusals = {("topic_unknown", "topics"), ("topic_unknown", "topic")}
_URL: Refusals = {("webhook_address_refused", "url"), ("webhook_host_unknown", "url")}
OF_OPERATIONS: Mapping[str, Refusals] = {
    # Fields that must fit one another.
    "GET /events": _PERIOD,
    "GET /entries": _PERIOD,
    "GET /registrations": {("filter_needed", "event")},
    "POST /support-requests": {("host_needed", "group_id"), *_HOST},
    # Fields that must fit what is stored, or the time.
    "POST /events": _HOST | _TIMES,
    "PATCH /events/{event_id}": _HOST | _TIMES,
    "POST /entries": _OWN,
    "PATCH /entries/{entry_id}": _OWN,
    # What the deployment allows, and the catalogue of topics, which grows.
    "POST /endpoints": _TOPICS | _URL,
    "PATCH /endpoints/{endpoint_id}": _TOPICS | _URL,
    "GET /messages": _TOPICS,
    # A scope of operators needs a key without a hub; a key ends in the future. A code is a secret.
    "POST /api-keys": {
        ("scope_beyond_hub", "scopes"),
        ("bad_expiry", "expires_at"),
        ("outlives_its_maker", "expires_at"),
    },
    "POST /hubs": {("too_deep", "parent_id")},
    "POST /events/{event_id}/registrations": {("person_needed", "person_id")},
    "POST /sign-in/sessions": {("code_refused", "code")},
}


def unknown_refusals(operation: str, problems: Sequence[Mapping[str, Any]]) -> list[tuple[str, str]]:
    """The problems' codes and fields that are none of the above. `operation`: `GET /events`."""
    known = OF_OPERATIONS.get(operation, set()) | (OF_LISTS if operation.startswith("GET ") else set())
    found = [(problem["code"], _field(problem["path"])) for problem in problems]
    return [
        (code, field) for code, field in found if (code, field) not in known and field not in OF_VALUES.get(code, ())
    ]


def _field(path: Sequence[str | int]) -> str:
    """A path without the places in lists."""
    return ".".join(part for part in path if isinstance(part, str))
