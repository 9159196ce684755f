"""How much one request may ask for."""

import pytest
from graphql import GraphQLError, Source, SourceLocation, parse

from gateway.documents import MAX_KEPT_LENGTH, MOST_KEPT, Document, Documents
from gateway.graph.schema import executable
from gateway.limits import (
    MAX_ALIASES,
    MAX_CHARACTERS,
    MAX_DEPTH,
    MAX_DIRECTIVES,
    MAX_FIELDS,
    MAX_FRAGMENTS,
    MAX_REPEATS,
    MAX_TOKENS,
    check_size,
)
from tests.gateway.community import Community


def found(text: str) -> list[str]:
    """What is too large about a document."""
    return [error.message for error in check_size(parse(text))]


def nested(depth: int) -> str:
    """Fields `depth` deep."""
    return "{ a " * depth + "}" * depth


def test_depth_is_counted_through_fragments() -> None:
    assert found(nested(MAX_DEPTH)) == []
    assert found(nested(MAX_DEPTH + 1)) == [f"Fields nest {MAX_DEPTH + 1} deep; the most is {MAX_DEPTH}."]
    half = "{ a " * 7
    split = f"{{ a {{ ...F }} }} fragment F on A {half} {{ ...G }} {'}' * 7} fragment G on A {half} {'}' * 7}"
    assert found(split) == [f"Fields nest 15 deep; the most is {MAX_DEPTH}."]


def test_what_lies_below_introspection_is_not_depth() -> None:
    assert found("{ __schema { types " + nested(20) + " } }") == []


def test_aliases_and_directives_are_counted_through_fragments() -> None:
    names = " ".join(f"a{n}: viewer {{ kind }}" for n in range(MAX_ALIASES // 2))
    text = f"query A {{ ...F ...F }} fragment F on Query {{ {names} }}"
    assert found(text) == []
    assert found(text.replace("...F ...F", "...F ...F b: viewer { kind }")) != []
    marked = " ".join(f"a{n} @skip(if: false)" for n in range(MAX_DIRECTIVES))
    assert found(f"{{ {marked} }}") == []
    assert found(f"{{ ...F @skip(if: false) }} fragment F on A {{ {marked} }}") != []


def test_fragments_that_double_each_other_are_measured_in_no_time() -> None:
    chain = " ".join(f"fragment F{n} on A {{ x: a ...F{n + 1} ...F{n + 1} }}" for n in range(200))
    (told,) = found(f"{{ ...F0 }} {chain} fragment F200 on A {{ x: a }}")
    assert "aliases" in told


def test_fragments_in_a_circle_end() -> None:
    assert found("{ ...F } fragment F on A { a { ...G } } fragment G on A { b: a { ...F } }") == []


def test_very_deep_nesting_is_an_error_and_no_crash() -> None:
    documents = Documents(executable())
    for depth in (MAX_DEPTH + 1, 100, 400, 900):
        told = documents.prepare(nested(depth))
        assert isinstance(told, list)
        assert all(isinstance(error, GraphQLError) for error in told)


def test_a_document_has_at_most_so_many_tokens() -> None:
    told = Documents(executable()).prepare("{ viewer { " + "kind " * MAX_TOKENS + "} }")
    assert isinstance(told, list)
    assert str(MAX_TOKENS) in told[0].message


def test_a_document_has_at_most_so_many_characters() -> None:
    documents = Documents(executable())
    assert isinstance(documents.prepare("{ viewer { kind } }".ljust(MAX_CHARACTERS)), Document)
    told = documents.prepare("{ viewer { kind } }".ljust(MAX_CHARACTERS + 1))
    assert isinstance(told, list)
    assert str(MAX_CHARACTERS) in told[0].message


@pytest.mark.parametrize("end", ["\n", "\r", "\r\n"])
def test_an_error_tells_its_line_and_column(end: str) -> None:
    text = end.join(("{", "", "  viewer {", "    kin", "}}"))
    told = Documents(executable()).prepare(text)
    assert isinstance(told, list)
    assert told[0].locations == [SourceLocation(4, 5)]
    assert told[0].locations == [Source(text).get_location(text.index("kin"))]


def test_documents_are_kept_within_bounds() -> None:
    documents = Documents(executable())
    first = documents.prepare("{ viewer { kind } }")
    assert isinstance(first, Document)
    assert documents.prepare("{ viewer { kind } }") is first
    for number in range(MOST_KEPT + 10):
        documents.prepare(f"query Q{number} {{ viewer {{ kind }} }}")
    assert documents.prepare("{ viewer { kind } }") is not first
    long = f'{{ node(id: "{"x" * MAX_KEPT_LENGTH}") {{ id }} }}'
    assert documents.prepare(long) is not documents.prepare(long)


@pytest.mark.parametrize("wrong", ["{ nothing }", "{", "{ viewer }"])
def test_what_is_wrong_is_not_kept(wrong: str) -> None:
    documents = Documents(executable())
    assert isinstance(documents.prepare(wrong), list)
    assert isinstance(documents.prepare(wrong), list)


async def test_one_request_asks_for_so_many_lists_at_most(community: Community) -> None:
    for number in range(12):
        about = {"slug": f"wide-{number}", "name": "Wide", "domain": "Width", "hub": community.hubs["south"]}
        await community.do("createGroup", "group { id }", about, community.operator)
    lists = " ".join(f"a{n}: members {{ edges {{ cursor }} }}" for n in range(MAX_ALIASES - 1))
    query = f"{{ groups(first: 100) {{ edges {{ node {{ id {lists} }} }} }} }}"
    assert await refused(community, query)


async def refused(community: Community, query: str) -> bool:
    """Whether a query asks for too much; if so, one error says it and no half of an answer is given."""
    answer = await community.ask(query, key=community.operator)
    if "errors" not in answer:
        return False
    (error,) = answer["errors"]
    assert error["extensions"]["problems"][0]["code"] == "asks_too_much"
    assert "data" not in answer
    return True


async def test_an_answer_has_so_many_fields_at_most(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    names = " ".join(f"a{n}: slug" for n in range(12))
    query = f"{{ hubs {{ edges {{ node {{ id {names} parent {{ id {names} }} }} }} }} }}"
    assert not await refused(community, query)
    monkeypatch.setattr("gateway.context.MOST_FIELDS", 40)
    assert await refused(community, query)


async def test_an_answer_has_so_many_bytes_at_most(community: Community, monkeypatch: pytest.MonkeyPatch) -> None:
    names = " ".join(f"a{n}: slug" for n in range(12))
    query = f"{{ hubs {{ edges {{ node {{ id {names} parent {{ id {names} }} }} }} }} }}"
    monkeypatch.setattr("gateway.context.MOST_BYTES", 100)
    assert await refused(community, query)


async def test_after_a_change_what_was_done_is_still_told(
    community: Community, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("gateway.context.MOST_FIELDS", 3)
    about = {"slug": "told-still", "name": "Told", "domain": "Telling", "hub": community.hubs["south"]}
    query = "mutation($i: CreateGroupInput!) { createGroup(input: $i) { group { id name slug domain } } }"
    answer = await community.ask(query, {"i": about}, key=community.operator)
    assert answer["data"] is not None
    assert answer["errors"][0]["extensions"]["problems"][0]["code"] == "asks_too_much"


async def test_so_many_nodes_at_once_at_most(community: Community) -> None:
    ids = [community.trust] * 101
    answer = await community.ask(
        "query($ids: [ID!]!) { nodes(ids: $ids) { id } }", {"ids": ids}, key=community.operator
    )
    assert answer["data"] == {"nodes": None}
    assert answer["errors"][0]["extensions"]["problems"][0] == {
        "code": "too_many_ids",
        "message": "Ask for at most 100 nodes at once.",
        "path": ["ids"],
    }


def test_introspection_is_asked_for_once() -> None:
    assert found("{ __schema { types { name } } }") == []
    assert found("query A { __schema { types { name } } } query B { __schema { types { name } } }") == []
    assert found("{ ...F a: __schema { types { name } } } fragment F on Query { __schema { types { name } } }") == [
        "`__schema` stands more often than 1 times in one operation."
    ]
    several = " ".join(f'a{n}: __type(name: "Event") {{ name }}' for n in range(11))
    assert found(f"{{ {several} }}") == ["`__type` stands more often than 10 times in one operation."]


def test_one_field_over_and_over_is_refused_before_it_costs_anything() -> None:
    """Validation compares every two fields of one name: five kilobytes of them once took a second."""
    assert found("{" + " viewer { id: callerId }" * MAX_REPEATS + "}") == []
    assert found("{" + " viewer { id: callerId }" * (MAX_REPEATS + 1) + "}") != []
    nested_in_fragments = "{ ...F ...G }" + "".join(
        f" fragment {name} on Query {{ {'viewer { id: callerId } ' * (MAX_REPEATS // 2 + 1)} }}" for name in "FG"
    )
    assert found(nested_in_fragments) != []


def test_fragments_and_the_fields_they_spread_to_are_bounded() -> None:
    many = "".join(f" fragment f{n} on Query {{ viewer {{ id: callerId }} }}" for n in range(MAX_FRAGMENTS + 1))
    assert found("{ ...f0 }" + many) != []
    doubling = "{ ...f0 }" + "".join(f" fragment f{n} on Query {{ ...f{n + 1} ...f{n + 1} }}" for n in range(30))
    assert found(doubling + " fragment f30 on Query { viewer { id: callerId } }") != []
    wide = "{" + " ".join(f"a{n}" for n in range(MAX_FIELDS + 1)) + "}"
    assert found(wide) == [f"There are more than {MAX_FIELDS} fields."]


@pytest.mark.parametrize(
    "text",
    [
        "{ people(first: %s) { edges { node { id } } } }",
        "query($n: Int = %s) { people(first: $n) { edges { node { id } } } }",
    ],
)
def test_a_number_of_thousands_of_digits_is_a_fault_of_the_document(text: str) -> None:
    outcome = Documents(executable()).prepare(text % ("9" * 5000))
    assert isinstance(outcome, list)
    (error,) = outcome
    assert error.message.endswith("Give a whole number.")


async def test_a_parameter_no_list_can_use_is_named(community: Community) -> None:
    query = "query($after: String) { events(after: $after) { edges { node { id } } } }"
    answer = await community.ask(query, {"after": "A" * 66_000}, key=community.operator)
    assert answer["errors"][0]["extensions"]["code"] == "BAD_REQUEST"
    assert answer["errors"][0]["extensions"]["problems"][0]["path"] == ["after"]
