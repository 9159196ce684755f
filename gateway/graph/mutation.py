"""Declared mutations: the route of a service, the input, the payload. One function runs them all.

What the caller can correct comes back in `problems` of the payload. A missing credential or scope, limits, and services
that are away are errors of the request. A field left out of the input is not sent. A null is sent in an update only.
"""

import hashlib
import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import strawberry
from pydantic import BaseModel

from gateway.context import Context
from gateway.graph.bounds import say_how_much
from gateway.graph.changes import say_what_null_does
from gateway.graph.declared import Declared, Info, argument, declare
from gateway.graph.formats import use_formats
from gateway.graph.kinds import kind_of
from gateway.graph.names import Fields, Names, names_of
from gateway.graph.nodes import read_one
from gateway.graph.shapes import Problem, about
from shared.errors import NotAllowed, NotFound, NotSignedIn, Path, ProblemError, TooMany, Unavailable
from shared.ids import expect

_PLACEHOLDER = re.compile(r"\{(\w+):(\w+)\}")
INPUT = "The fields of this change."
_OF_THE_REQUEST = frozenset({"scope_missing", "not_allowed"})  # refusals that no other input would avoid


@dataclass(frozen=True)
class Mutation:
    """`name(input) -> <Name>Payload`, served by `method path` of a service.

    `path` has fields of the input in braces, each with the prefix of its ids (`/events/{event_id:evt}/publish`). The
    other fields are the body, which the service reads as a `request` (None: it takes no body). `gives`: the payload's
    own fields; `answer` makes them from the service's answer. `before` may complete the fields first. `absent`: the
    text in the path for a field that is left out. `signs_in`: the answer is a session, which the rest of the request
    uses. `takes_expired`: it is served also with an access token that has expired or whose session is over.
    """

    name: str
    about: str
    service: str
    method: str
    path: str
    gives: Mapping[str, Any]
    answer: Callable[[Any], Fields]
    input: type[Any] | None = None
    request: type[BaseModel] | None = None
    before: Callable[[Context, Fields], Awaitable[None]] | None = None
    absent: Mapping[str, str] = field(default_factory=dict)
    signs_in: bool = False
    takes_expired: bool = False

    @property
    def path_fields(self) -> list[str]:
        """The fields of the input that are part of the path, in order."""
        return [name for name, _ in _PLACEHOLDER.findall(self.path)]


def the(name: str) -> Callable[[Any], Fields]:
    """An `answer` for a payload with one field: the service's whole answer, under this name."""
    return lambda answer: {name: answer}


def declare_mutation(mutation: Mutation) -> Declared:
    """The field of `Mutation`, with its payload type."""
    title = mutation.name[:1].upper() + mutation.name[1:]
    annotations = {**{name: type_ | None for name, type_ in mutation.gives.items()}, "problems": list[Problem]}
    shown = {name: about(_what_it_gives(name, type_)) for name, type_ in mutation.gives.items()}
    shown["problems"] = about("Why nothing was done, and what you can correct; empty when it was done.")
    payload = strawberry.type(
        type(f"{title}Payload", (), {"__annotations__": annotations, **shown}),
        description=f"The result of `{mutation.name}`. When nothing was done, `problems` says why.",
    )
    if mutation.input is not None and mutation.request is not None:
        use_formats(mutation.input, mutation.request)
        say_how_much(mutation.input, mutation.request)
        say_what_null_does(mutation.input, mutation.request)
    names = names_of(mutation.input, within="input")

    async def resolve(source: Any, info: Info, input: Mapping[str, Any] | None = None) -> Fields:
        context = info.context
        number = context.mutations
        context.mutations += 1
        given = names.inward(input or {})
        try:
            return {**await _perform(mutation, context, number, dict(given)), "problems": []}
        except ProblemError as problem:
            if _is_of_the_request(problem):
                for each in (problem, *problem.others):
                    each.path = tuple(names.outward(each.path))
                raise
            at_fault = await _at_fault(mutation, context, problem, given, names)
            told = [(problem, at_fault), *((each, each.path) for each in problem.others)]
            return {"problems": [_told(each, path, names) for each, path in told]}

    arguments = () if mutation.input is None else (argument("input", mutation.input, INPUT),)
    return declare(mutation.name, payload | None, resolve, arguments=arguments, description=mutation.about)


def _what_it_gives(name: str, type_: Any) -> str:
    """The description of a payload's own field."""
    if name == "secret":
        return "The new secret, which is shown this once; null when nothing was done."
    if type_ is bool:
        return "True when it is done; null when nothing was done."
    return "As it is after the change; null when nothing was done."


async def _perform(mutation: Mutation, context: Context, number: int, fields: Fields) -> Fields:
    if mutation.before is not None:
        await mutation.before(context, fields)
    path = mutation.path
    for name, prefix in _PLACEHOLDER.findall(path):
        identifier = fields.pop(name, None)
        text = mutation.absent[name] if identifier is None else expect(identifier, prefix, (name,))
        path = path.replace(f"{{{name}:{prefix}}}", text)
    key = None if context.idempotency_key is None else _key_of(context.idempotency_key, number)
    body = None if mutation.method == "DELETE" else _given(fields) if mutation.method == "POST" else fields
    is_about_people = mutation.service == "membership"
    answer: Any = None
    try:
        answer = await context.services[mutation.service].send(context.caller, mutation.method, path, body, key)
    finally:
        if is_about_people:  # also if the answer got lost: the rights of this caller and of others may have changed
            context.forget_caller(*path.split("/"), fields, answer)
    if mutation.signs_in:  # the person who has just signed in is the caller of the rest
        context.credential = answer["access_token"]
    await context.renew(ask_again=is_about_people)
    return mutation.answer(answer)


def _given(fields: Fields) -> Fields:
    """The fields without nulls: where a thing is created, null means the same as leaving a field out."""
    return {name: value for name, value in fields.items() if value is not None}


def _key_of(key: str, number: int) -> str:
    """The idempotency key for one mutation of a document, in a length that all services take."""
    return hashlib.sha256(f"{key}.{number}".encode()).hexdigest()


def _is_of_the_request(problem: ProblemError) -> bool:
    if isinstance(problem, NotAllowed):
        return problem.code in _OF_THE_REQUEST and not problem.path
    if isinstance(problem, NotSignedIn):
        return not problem.path  # a path names a field of the input, such as a refresh token
    return isinstance(problem, TooMany | Unavailable) or problem.status >= 500


async def _at_fault(mutation: Mutation, context: Context, problem: ProblemError, given: Fields, names: Names) -> Path:
    """The path of the field at fault. A problem without a path is about a thing in the address, if it was not found or
    not allowed: the first that the caller cannot see, or else the last."""
    if problem.path or not isinstance(problem, NotFound | NotAllowed):
        return problem.path
    named = [name for name in mutation.path_fields if given.get(name) is not None]
    if problem.code == "person_needed":
        return ("person_id",) if "person_id" in names.outwards else ()
    if isinstance(problem, NotFound):
        for name in named[:-1]:
            if await read_one(context, kind_of(given[name]), given[name]) is None:
                return (name,)
    return (named[-1],) if named else ()


def _told(problem: ProblemError, path: Path, names: Names) -> dict[str, Any]:
    return {"code": problem.code, "message": names.sentence(problem.message), "path": names.outward(path)}
