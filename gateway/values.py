"""Values of the wrong type in arguments and variables, as problems with the path that the caller wrote.

graphql-core finds the faults. Its messages speak of Python and repeat everything that was sent, so they are replaced by
the codes and sentences that the services use for the same faults.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Any

from graphql import (
    ArgumentNode,
    DocumentNode,
    GraphQLError,
    GraphQLInputType,
    GraphQLSchema,
    Node,
    ValuesOfCorrectTypeRule,
    VariableDefinitionNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_enum_type,
    is_input_object_type,
    is_list_type,
    specified_rules,
    type_from_ast,
)
from graphql.language import ListValueNode, ObjectValueNode
from graphql.pyutils import Undefined, did_you_mean, suggestion_list
from graphql.utilities.validate_input_value import validate_input_literal, validate_input_value

from shared.errors import Invalid
from shared.faults import (
    CHOICE,
    DATE,
    DATE_TIME,
    MISSING,
    NULL,
    NUMBER,
    OBJECT,
    TEXT,
    TRUE_OR_FALSE,
    UNKNOWN,
    WHOLE_NUMBER,
)

Path = list[str | int]
_UNKNOWN = re.compile(r"not to include unknown field '([^']*)'")
_MISSING = re.compile(r"to include required field '([^']*)'")
_OF_LEAVES = {
    "Int": WHOLE_NUMBER,
    "Float": NUMBER,
    "Boolean": TRUE_OR_FALSE,
    "DateTime": DATE_TIME,
    "Date": DATE,
}
MOST_TOLD = 20
MOST_TOLD_OF_LITERALS = 3
"""The most faults reported for one argument: graphql-core prints the whole argument for each."""


class _Enough(Exception):
    """Enough faults are known: more would not help the caller."""


class ShapeRule(ValuesOfCorrectTypeRule):
    """graphql-core's rule for literals, extended by the path of the fault within the argument."""

    def enter_argument(self, node: ArgumentNode, *_args: Any) -> None:
        argument = self.context.get_argument()
        if argument is not None:
            self._check(node.value, argument.type, [node.name.value])

    def enter_variable_definition(self, node: VariableDefinitionNode, *_args: Any) -> None:
        type_ = type_from_ast(self.context.schema, node.type)
        if node.default_value is not None and type_ is not None:
            self._check(node.default_value, type_, [node.variable.name.value])

    def is_valid_value_node(self, node: Any, input_type: Any) -> None:
        """Nothing to do: `enter_argument` has checked the argument as a whole."""

    def _check(self, value: Any, type_: Any, path: Path) -> None:
        told = 0

        def on_error(error: GraphQLError, below: Path) -> None:
            nonlocal told
            if told == MOST_TOLD_OF_LITERALS:
                raise _Enough
            told += 1
            problem = _problem(error, type_, path, below)
            self.report_error(GraphQLError(_named([problem]), error.nodes or value, original_error=problem))

        with suppress(_Enough):
            validate_input_literal(value, type_, on_error, hide_suggestions=True)


RULES = [ShapeRule if rule is ValuesOfCorrectTypeRule else rule for rule in specified_rules]


def wrong_variables(
    schema: GraphQLSchema, document: DocumentNode, operation: str | None, variables: Mapping[str, Any]
) -> GraphQLError | None:
    """One error with all faults in the values of an operation's variables; None if there are none.

    It reports at most `MOST_TOLD` faults.
    """
    found: list[Invalid] = []
    chosen = get_operation_ast(document, operation)
    used = _first_uses(document)
    with suppress(_Enough):
        for definition in (chosen and chosen.variable_definitions) or ():
            name = definition.variable.name.value
            type_: Any = type_from_ast(schema, definition.type)
            value = variables.get(name, Undefined)
            if type_ is None or (value is Undefined and definition.default_value is not None):
                continue
            path: Path = used.get(name, [name])

            def on_error(error: GraphQLError, below: Path, type_: Any = type_, path: Path = path) -> None:
                if len(found) == MOST_TOLD:
                    raise _Enough
                found.append(_problem(error, type_, path, below))

            validate_input_value(value, type_, on_error, hide_suggestions=True)
    if not found:
        return None
    found[0].others = tuple(found[1:])
    return GraphQLError(_named(found), original_error=found[0])


def _named(found: Sequence[Invalid]) -> str:
    """A message with the first fault and the number of the others."""
    first, *others = found
    number = f"At least {len(others)}" if len(found) == MOST_TOLD else str(len(others))
    more = f" ({number} more: see `problems`.)" if others else ""
    return f"`{'.'.join(map(str, first.path))}`: {first.message}{more}"


def _problem(error: GraphQLError, type_: GraphQLInputType, path: Sequence[str | int], below: Path) -> Invalid:
    told: Path = [str(part) for part in (*path, *below)]
    if missing := _MISSING.search(error.message):
        return _invalid(MISSING, [*told, missing[1]])
    if unknown := _UNKNOWN.search(error.message):
        known = get_named_type(_type_at(type_, below)).fields
        hint = did_you_mean(suggestion_list(unknown[1], list(known))).replace("'", "`")
        code, message = UNKNOWN
        return Invalid(code=code, message=message + hint, path=[*told, unknown[1]])
    at = _type_at(type_, below)
    if "to be provided" in error.message:
        return _invalid(MISSING, told)
    if "not to be None" in error.message:
        return _invalid(NULL, told)
    if "32-bit" in error.message:
        code = "too_small" if "value: -" in error.message else "too_large_number"
        return _invalid((code, "Give a number of at most 32 bits."), told)
    return _invalid(_asked(at), told)


def _invalid(fault: tuple[str, str], path: Path) -> Invalid:
    return Invalid(code=fault[0], message=fault[1], path=path)


def _asked(type_: Any) -> tuple[str, str]:
    """The code and the sentence for a value that does not belong to this type."""
    named = get_named_type(type_)
    if is_enum_type(named):
        words = ", ".join(f"`{word}`" for word in named.values)
        return CHOICE[0], CHOICE[1].format(expected=words)
    return OBJECT if is_input_object_type(named) else _OF_LEAVES.get(named.name, TEXT)


def _type_at(type_: Any, below: Path) -> Any:
    """The type at a path within a value of this type."""
    for part in below:
        type_ = get_nullable_type(type_)
        if isinstance(part, int):
            type_ = type_.of_type if is_list_type(type_) else type_
        else:
            type_ = get_named_type(type_).fields[part].type
    return type_


def _first_uses(document: DocumentNode) -> dict[str, Path]:
    """The path of the first use of each variable: the argument, and the fields within it."""
    used: dict[str, Path] = {}
    for name, path in _uses(document, []):
        used.setdefault(name, path)
    return used


def _uses(node: Any, path: Path) -> Iterator[tuple[str, Path]]:
    if isinstance(node, VariableNode):
        if path:
            yield node.name.value, path
    elif isinstance(node, ArgumentNode):
        yield from _uses(node.value, [node.name.value])
    elif isinstance(node, ObjectValueNode):
        for field in node.fields:
            yield from _uses(field.value, [*path, field.name.value])
    elif isinstance(node, ListValueNode):
        for index, item in enumerate(node.values):
            yield from _uses(item, [*path, index])
    elif isinstance(node, Node):
        for key in node.keys:
            if key not in {"variable_definitions", "loc"}:
                below = getattr(node, key, None)
                for each in below if isinstance(below, tuple | list) else [below]:
                    yield from _uses(each, [])
