"""Estimates the highest cost of an operation, in lists and fields, before any service is asked.

Every page counts as full: it has as many things as `first` or `last` says. Counting a list is one more call. What is
read in fact is counted too (`context.py`), since a list that is no page may hold more than is estimated here, and texts
have any length.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from graphql import (
    BooleanValueNode,
    DirectiveNode,
    DocumentNode,
    FieldNode,
    FragmentDefinitionNode,
    FragmentSpreadNode,
    GraphQLSchema,
    InlineFragmentNode,
    IntValueNode,
    ListValueNode,
    OperationDefinitionNode,
    SelectionSetNode,
    ValueNode,
    VariableNode,
    get_named_type,
    get_nullable_type,
    get_operation_ast,
    is_leaf_type,
    is_list_type,
)

from gateway.errors import AsksTooMuch
from gateway.graph.federation import MOST_REPRESENTATIONS
from gateway.graph.nodes import MOST_NODES
from shared.paging import DEFAULT_FIRST, MAX_FIRST

MOST_ESTIMATED_CALLS = 300
MOST_ESTIMATED_FIELDS = 50_000
TOO_MUCH = (
    f"This may come to more than {MOST_ESTIMATED_CALLS:,} lists or {MOST_ESTIMATED_FIELDS:,} fields, if each list is "
    "full. Ask for fewer lists, for shorter ones, or for less of each thing."
)
MOST_NAMED = {"ids": MOST_NODES, "representations": MOST_REPRESENTATIONS}
"""Arguments that hold the ids of the things in a list, and how many they may hold."""
MANY = 10
"""The estimated length of a list that is no page, such as the organisers of an event."""


def check_cost(
    schema: GraphQLSchema, document: DocumentNode, operation: str | None, variables: Mapping[str, Any]
) -> None:
    """Raise `AsksTooMuch` when an operation may cost more than the limit for one request."""
    chosen = get_operation_ast(document, operation)
    if chosen is not None:  # otherwise executing says that the name fits no operation
        _Estimate(schema, document, chosen, variables).run()


class _Estimate:
    def __init__(
        self,
        schema: GraphQLSchema,
        document: DocumentNode,
        operation: OperationDefinitionNode,
        variables: Mapping[str, Any],
    ) -> None:
        self._schema = schema
        self._operation = operation
        self._fragments = {
            each.name.value: each for each in document.definitions if isinstance(each, FragmentDefinitionNode)
        }
        defaults = {
            each.variable.name.value: self._literal(each.default_value)
            for each in operation.variable_definitions or ()
            if each.default_value is not None
        }
        self._variables = {**defaults, **variables}
        self._calls = 0
        self._fields = 0

    def run(self) -> None:
        root = self._schema.get_root_type(self._operation.operation)
        self._walk(root, self._operation.selection_set, 1, 1)

    def _walk(self, parent: Any, selected: SelectionSetNode | None, times: int, page: int) -> None:
        """Count a selection that is made `times` times. `page`: the number of edges, if `parent` is a connection.

        Cycles of fragments and too many fields were refused before (`limits.py`, validation).
        """
        for each in selected.selections if selected is not None else ():
            if not self._is_wanted(each.directives or ()):
                continue
            if isinstance(each, FragmentSpreadNode):
                fragment = self._fragments[each.name.value]
                type_ = self._schema.type_map.get(fragment.type_condition.name.value, parent)
                self._walk(type_, fragment.selection_set, times, page)
            elif isinstance(each, InlineFragmentNode):
                condition = each.type_condition
                type_ = parent if condition is None else self._schema.type_map.get(condition.name.value, parent)
                self._walk(type_, each.selection_set, times, page)
            elif isinstance(each, FieldNode):
                self._count(parent, each, times, page)

    def _count(self, parent: Any, node: FieldNode, times: int, page: int) -> None:
        name = node.name.value
        self._fields += times
        field = None if name.startswith("__") else parent.fields.get(name)
        if field is not None and ("first" in field.args or name == "totalCount"):
            self._calls += times
        # At once, for the fragments of a small document may come to very many fields.
        if self._calls > MOST_ESTIMATED_CALLS or self._fields > MOST_ESTIMATED_FIELDS:
            raise AsksTooMuch(message=TOO_MUCH)
        if field is None or is_leaf_type(named := get_named_type(field.type)):
            return
        if "first" in field.args:
            self._walk(named, node.selection_set, times, self._page(node))
        elif is_list_type(get_nullable_type(field.type)):
            self._walk(named, node.selection_set, times * self._length(node, page), 1)
        else:
            self._walk(named, node.selection_set, times, 1)

    def _length(self, node: FieldNode, page: int) -> int:
        """How long a list may be: the edges of a page, the ids in an argument, or `MANY`."""
        if node.name.value == "edges":
            return page
        for name, most in MOST_NAMED.items():
            named = self._argument(node, name)
            if isinstance(named, list):
                return min(len(named), most)
        return MANY

    def _page(self, node: FieldNode) -> int:
        """How many things a page may have. A size that is not allowed is refused when the page is read."""
        asked = (_whole(self._argument(node, name)) for name in ("first", "last"))
        sizes = [size for size in asked if size is not None]
        return min(max(1, *sizes), MAX_FIRST) if sizes else DEFAULT_FIRST

    def _argument(self, node: FieldNode, name: str) -> Any:
        return next((self._literal(each.value) for each in node.arguments or () if each.name.value == name), None)

    def _literal(self, value: ValueNode) -> Any:
        """The value of a literal or of a variable. Literals other than numbers, booleans and lists give None."""
        if isinstance(value, VariableNode):
            return self._variables.get(value.name.value)
        if isinstance(value, IntValueNode):
            return int(value.value) if len(value.value) < 10 else MAX_FIRST
        if isinstance(value, BooleanValueNode):
            return value.value
        return list(value.values) if isinstance(value, ListValueNode) else None

    def _is_wanted(self, directives: Iterable[DirectiveNode]) -> bool:
        for each in directives:
            if each.name.value in {"skip", "include"}:
                asked = next((self._literal(given.value) for given in each.arguments or ()), None)
                if asked is (each.name.value == "skip"):
                    return False
        return True


def _whole(size: Any) -> int | None:
    """A page's size, also when a variable brings it as a float such as `100.0`, which GraphQL takes for an Int."""
    if isinstance(size, float) and size.is_integer():
        return int(size)
    return size if type(size) is int else None
