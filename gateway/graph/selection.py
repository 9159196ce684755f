"""The fields that an operation selects below the one that is being resolved."""

from collections.abc import Iterable, Iterator

from graphql import (
    FieldNode,
    FragmentSpreadNode,
    GraphQLIncludeDirective,
    GraphQLSkipDirective,
    InlineFragmentNode,
    SelectionNode,
    SelectionSetNode,
    get_directive_values,
)

from gateway.graph.declared import Info


def is_selected(info: Info, name: str) -> bool:
    """Whether a field of this name is selected directly below this one. `@skip` and `@include` are respected."""
    return any(field.name.value == name for node in info.field_nodes for field in _wanted(info, node.selection_set))


def _wanted(info: Info, selected: SelectionSetNode | None) -> Iterator[FieldNode]:
    """The fields of a selection and its fragments, without those that `@skip` and `@include` exclude."""
    nodes: Iterable[SelectionNode] = selected.selections if selected is not None else ()
    for node in nodes:
        skip = get_directive_values(GraphQLSkipDirective, node, info.variable_values)
        include = get_directive_values(GraphQLIncludeDirective, node, info.variable_values)
        if (skip is not None and skip["if"]) or (include is not None and not include["if"]):
            continue
        if isinstance(node, FieldNode):
            yield node
        elif isinstance(node, InlineFragmentNode):
            yield from _wanted(info, node.selection_set)
        elif isinstance(node, FragmentSpreadNode):
            yield from _wanted(info, info.fragments[node.name.value].selection_set)
