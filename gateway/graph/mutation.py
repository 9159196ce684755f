"""Mutations, declared: which service's door, what goes in, what comes out. One executor serves them all.

What the caller can mend comes back in the payload's `problems`; being signed out, lacking a scope, limits and services
that are away are errors of the request. Fields left out of an input are not sent; in a change, an explicit null is.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import strawberry
from strawberry.types.base import StrawberryList, StrawberryOptional
from strawberry.utils.str_converters import to_camel_case

from gateway.context import Context
from gateway.graph.declared import Declared, Info, argument, declare
from gateway.graph.shapes import Problem
from shared.errors import NotAllowed, NotFound, NotSignedIn, ProblemError, TooMany, Unavailable
from shared.ids import expect

Fields = dict[str, Any]
_PREFIXES = {
    "hub_id": "hub",
    "group_id": "grp",
    "person_id": "per",
    "membership_id": "mem",
    "event_id": "evt",
    "registration_id": "reg",
    "entry_id": "ent",
    "api_key_id": "key",
    "endpoint_id": "whe",
    "delivery_id": "dlv",
}
_PLACE = re.compile(r"\{(\w+)\}")
_OF_THE_REQUEST = frozenset({"scope_missing", "not_allowed"})  # refusals that no other input would mend


@dataclass(frozen=True)
class Mutation:
    """`name(input) -> <Name>Payload`, served by `method path` of a service.

    `path` holds fields of the input in braces; the others are the body. `gives` are the payload's own fields, `answer`
    makes them of what the service answers; `before` may complete the fields first; `absent` is what stands in the path
    for a field that is left out.
    """

    name: str
    about: str
    service: str
    method: str
    path: str
    gives: Mapping[str, Any]
    answer: Callable[[Any], Fields]
    input: type[Any] | None = None
    before: Callable[[Context, Fields], Awaitable[None]] | None = None
    absent: Mapping[str, str] = field(default_factory=dict)
    signs_in: bool = False


def the(name: str) -> Callable[[Any], Fields]:
    """The whole answer is the payload's field of this name."""
    return lambda answer: {name: answer}


def declare_mutation(mutation: Mutation) -> Declared:
    """The field of `Mutation`, with its payload type."""
    title = mutation.name[:1].upper() + mutation.name[1:]
    annotations = {**{name: type_ | None for name, type_ in mutation.gives.items()}, "problems": list[Problem]}
    payload = strawberry.type(
        type(f"{title}Payload", (), {"__annotations__": annotations}),
        description=f"What `{mutation.name}` came to; `problems` says why when nothing was done.",
    )
    names = _names_of(mutation.input)

    async def resolve(source: Any, info: Info, input: Mapping[str, Any] | None = None) -> Fields:
        context = info.context
        number = context.mutations
        context.mutations += 1
        try:
            return {**await _perform(mutation, context, number, names.inward(input or {})), "problems": []}
        except ProblemError as problem:
            if _is_of_the_request(problem):
                raise
            return {"problems": [_told(mutation, each, names) for each in (problem, *problem.others)]}

    arguments = () if mutation.input is None else (argument("input", mutation.input),)
    return declare(mutation.name, payload | None, resolve, arguments=arguments, description=mutation.about)


async def _perform(mutation: Mutation, context: Context, number: int, fields: Fields) -> Fields:
    if mutation.before is not None:
        await mutation.before(context, fields)
    path = mutation.path
    for name in _PLACE.findall(path):
        identifier = fields.pop(name, None)
        text = mutation.absent[name] if identifier is None else expect(identifier, _PREFIXES[name], (name,))
        path = path.replace(f"{{{name}}}", text)
    key = None if context.idempotency_key is None else _key_of(context.idempotency_key, number)
    body = None if mutation.method == "DELETE" else _given(fields) if mutation.method == "POST" else fields
    is_about_people = mutation.service == "membership"
    try:
        answer = await context.services[mutation.service].send(context.caller, mutation.method, path, body, key)
    finally:
        if is_about_people:  # also when the answer got lost: what this caller may do can have changed
            context.forget_caller()
    if mutation.signs_in:  # the rest of the request is done as who has just signed in
        context.credential = answer["access_token"]
    await context.renew(ask_again=is_about_people)
    return mutation.answer(answer)


def _given(fields: Fields) -> Fields:
    """Where something is made anew there is nothing for a null to take away: it says what leaving out says."""
    return {name: value for name, value in fields.items() if value is not None}


def _key_of(key: str, number: int) -> str:
    """A key for one mutation of a document: of the length all services take, whatever the caller's was."""
    return hashlib.sha256(f"{key}.{number}".encode()).hexdigest()


def _is_of_the_request(problem: ProblemError) -> bool:
    if isinstance(problem, NotAllowed):
        return problem.code in _OF_THE_REQUEST and not problem.path
    return isinstance(problem, NotSignedIn | TooMany | Unavailable) or problem.status >= 500


@dataclass(frozen=True)
class _Names:
    """The names of an input's fields, in the graph and at the service, with those of the inputs within."""

    inwards: Mapping[str, tuple[str, "_Names | None"]]
    outwards: Mapping[str, tuple[str, "_Names | None"]]

    def inward(self, given: Mapping[str, Any]) -> Fields:
        """The graph's fields under the service's names."""
        fields: Fields = {}
        for name, value in given.items():
            python_name, within = self.inwards[name]
            fields[python_name] = value if within is None else _each(value, within.inward)
        return fields

    def outward(self, path: Sequence[str | int]) -> list[str]:
        """A service's path to a field as the graph's."""
        names: _Names | None = self
        told: list[str] = []
        for part in path:
            known = names.outwards.get(part) if names is not None and isinstance(part, str) else None
            if known is not None:
                told.append(known[0])
                names = known[1]
            else:
                told.append(part if isinstance(part, str) and not part.islower() else to_camel_case(str(part)))
        return told


def _each(value: Any, change: Callable[[Mapping[str, Any]], Fields]) -> Any:
    if isinstance(value, list):
        return [_each(each, change) for each in value]
    return None if value is None else change(value)


def _names_of(type_: Any) -> _Names:
    inwards: dict[str, tuple[str, _Names | None]] = {}
    outwards: dict[str, tuple[str, _Names | None]] = {}
    for each in type_.__strawberry_definition__.fields if type_ is not None else ():
        within = each.type
        while isinstance(within, StrawberryOptional | StrawberryList):
            within = within.of_type
        is_input = hasattr(within, "__strawberry_definition__") and hasattr(within.__strawberry_definition__, "fields")
        names = _names_of(within) if is_input else None
        graph_name = each.graphql_name or to_camel_case(each.python_name)
        inwards[graph_name] = (each.python_name, names)
        outwards[each.python_name] = (graph_name, names)
    return _Names(inwards, outwards)


def _told(mutation: Mutation, problem: ProblemError, names: _Names) -> dict[str, Any]:
    # What a service does not find or allow, and gives no path for, is the thing its address names.
    at_fault = problem.path or (_PLACE.findall(mutation.path)[:1] if isinstance(problem, NotFound | NotAllowed) else ())
    path = names.outward(at_fault)
    is_header = bool(path) and path[0] == "Idempotency-Key"
    return {
        "code": problem.code,
        "message": problem.message,
        "path": path if is_header or not path else ["input", *path],
    }
