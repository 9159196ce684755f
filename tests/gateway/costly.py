"""Requests of at most 1 MiB that cost more to answer than to send, one for each shape that was thought of."""

import json
from collections.abc import Callable
from typing import Any

from graphql import get_introspection_query

LARGEST = 1_048_576
EVENT = "mutation($input: CreateEventInput!) { createEvent(input: $input) { event { id } problems { code } } }"
NODES = "query($ids: [ID!]!) { nodes(ids: $ids) { id } }"
THEMES = "query($themes: [Theme!]) { events(filter: {themes: $themes}) { edges { cursor } } }"
FIRST = "query($first: Int) { events(first: $first) { edges { cursor } } }"
ALL_TYPES = "__schema { types { name fields { name type { name } } } }"
TRIVIAL = "{ viewer { kind } }"


def sent(query: str, variables: Any = None, **more: Any) -> bytes:
    """A request's body."""
    body = json.dumps({"query": query, "variables": variables, **more}, separators=(",", ":")).encode()
    assert len(body) <= LARGEST, len(body)
    return body


def unknown(number: int) -> dict[str, Any]:
    """An object of so many fields that nobody knows."""
    return {f"f{each}": 0 for each in range(number)}


def deep(depth: int, opened: str = "[", closed: str = "]") -> Any:
    """So many lists in one another, in JSON's own text: writing them with `json` would be too deep for it."""
    return opened * depth + closed * depth


def _nested_fragments(fragments: int, fields: int) -> str:
    spread = " ".join(f"...f{each}" for each in range(fragments))
    each = " ".join(f"k{number}: kind" for number in range(fields))
    return f"{{ viewer {{ {spread} }} }} " + " ".join(
        f"fragment f{number} on Viewer {{ id kind scopes {each if not number else ''} }}" for number in range(fragments)
    )


def _typed_fragments(fragments: int, depth: int) -> str:
    """Fragments that all nest the same fields, so that each is compared with each other."""
    nested = "hub { parent { " * depth + "id" + " } }" * depth
    return (
        '{ node(id: "x") { '
        + " ".join(f"...f{each}" for each in range(fragments))
        + " } } "
        + " ".join(f"fragment f{each} on Group {{ {nested} }}" for each in range(fragments))
    )


def _introspection_bomb(depth: int) -> str:
    nested = "fields { type { " * depth + "name" + " } }" * depth
    return f"{{ __schema {{ types {{ {nested} }} }} }}"


def _many_introspections(number: int) -> str:
    text = get_introspection_query(descriptions=True)
    inner = text[text.index("__schema") : text.index("fragment FullType")].rstrip().removesuffix("}")
    aliased = " ".join(f"a{each}: {inner}" for each in range(number))
    return "{ " + aliased + " } " + text[text.index("fragment FullType") :]


def _many_variables(number: int) -> bytes:
    declared = " ".join(f"$v{each}: Int!" for each in range(number))
    used = " ".join(f"$v{each}" for each in range(number))
    return sent(f"query({declared}) {{ nodes(ids: [{used}]) {{ id }} }}", {f"v{each}": "x" for each in range(number)})


SHAPES: dict[str, Callable[[], bytes]] = {
    "12,000 unknown fields": lambda: sent(EVENT, {"input": unknown(12_000)}),
    "60,000 unknown fields": lambda: sent(EVENT, {"input": unknown(60_000)}),
    "900 unknown fields with long names": lambda: sent(EVENT, {"input": {f"{n}" * 250: 0 for n in range(900, 1800)}}),
    "unknown fields with values of 1 kB": lambda: sent(EVENT, {"input": {f"f{n}": "x" * 1000 for n in range(900)}}),
    "300,000 objects for ids": lambda: sent(NODES, {"ids": [{}] * 300_000}),
    "150,000 words for enums": lambda: sent(THEMES, {"themes": ["x"] * 150_000}),
    "900 words of 1 kB for enums": lambda: sent(THEMES, {"themes": ["x" * 1000] * 900}),
    "200,000 nulls": lambda: sent(THEMES, {"themes": [None] * 200_000}),
    "a word of 1 MB for an enum": lambda: sent(THEMES, {"themes": ["x" * 1_000_000]}),
    "a text of 1 MB for a number": lambda: sent(FIRST, {"first": "x" * 1_000_000}),
    "a text of 1 MB of digits": lambda: sent(FIRST, {"first": "9" * 1_000_000}),
    "a list of 500,000 for a number": lambda: sent(FIRST, {"first": [1] * 500_000}),
    "a field's name of 1 MB": lambda: sent(EVENT, {"input": {"x" * 1_000_000: 1}}),
    "80,000 variables nobody declared": lambda: sent(TRIVIAL, unknown(80_000)),
    "80,000 extensions": lambda: sent(TRIVIAL, None, extensions=unknown(80_000)),
    "lists 900 deep": lambda: sent(NODES, {"ids": "DEEP"}).replace(b'"DEEP"', deep(900).encode()),
    "objects 900 deep": lambda: sent(EVENT, {"input": "DEEP"}).replace(b'"DEEP"', (b'{"a":' * 900 + b"1" + b"}" * 900)),
    "250,000 lists, wide and deep": lambda: sent(NODES, {"ids": "DEEP"}).replace(
        b'"DEEP"', b"[" + b",".join([deep(100).encode()] * 5_000) + b"]"
    ),
    "an operation's name of 1 MB": lambda: sent(TRIVIAL, None, operationName="x" * 1_000_000),
    "a query of 1 MB of commas": lambda: sent("," * 1_000_000 + TRIVIAL),
    "a query of 100 kB of comments": lambda: sent("#\n" * 49_000 + TRIVIAL),
    "600 unknown fields in the text": lambda: sent(
        "mutation { createEvent(input: {" + " ".join(f"f{n}: 0" for n in range(600)) + "}) { event { id } } }"
    ),
    "600 objects in the text": lambda: sent("{ nodes(ids: [" + "{} " * 900 + "]) { id } }"),
    "1,900 words in the text": lambda: sent(
        "{ events(filter: {themes: [" + "X " * 1_900 + "]}) { edges { cursor } } }"
    ),
    "lists 190 deep in the text": lambda: sent("{ nodes(ids: " + deep(190) + ") { id } }"),
    "a text of 98 kB in the text": lambda: sent('{ node(id: "' + "\\u0041" * 16_000 + '") { id } }'),
    "a block of 49,000 lines": lambda: sent('{ node(id: """' + "\n " * 49_000 + '""") { id } }'),
    "900 unknown fields to select": lambda: sent("{ viewer { " + " ".join(f"kin{n}" for n in range(900)) + " } }"),
    "900 long fields to select": lambda: sent("{ viewer { " + " ".join(f"k{n}{'x' * 90}" for n in range(900)) + " } }"),
    "245 operations": lambda: sent(" ".join(f"query A{n} {{ viewer {{ kind }} }}" for n in range(245))),
    "120 operations that are wrong": lambda: sent(
        " ".join(f"query A{n}($v: Int) {{ viewer {{ kin }} }}" for n in range(120))
    ),
    "275 variables with wrong values": lambda: _many_variables(275),
    "380 variables of unknown types": lambda: sent(
        "query(" + " ".join(f"$v{n}: CreateEventInpu{n}" for n in range(380)) + ") { viewer { kind } }"
    ),
    "30 fragments beside one another": lambda: sent(_nested_fragments(30, 10)),
    "10 fragments of one shape": lambda: sent(_typed_fragments(10, 5)),
    "one field often, with other arguments": lambda: sent(
        "{ " + " ".join(f"event(id: {n}) {{ {'id title ' * 10} }}" for n in range(10)) + " }"
    ),
    "10 introspections": lambda: sent(_many_introspections(10)),
    "one introspection": lambda: sent(get_introspection_query()),
    "introspection 3 deep": lambda: sent(_introspection_bomb(3)),
    "introspection 6 deep": lambda: sent(_introspection_bomb(6)),
    "30 times all types": lambda: sent(
        "{ "
        + " ".join(f"a{n}: __schema {{ types {{ name fields {{ name type {{ name }} }} }} }}" for n in range(30))
        + " }"
    ),
}
