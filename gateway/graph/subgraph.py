"""The schema as a subgraph of Apollo Federation 2: the plain schema, with directives and without what would clash.

ADR 12 says why it shares what it shares, and why it leaves out what it leaves out.
"""

from dataclasses import replace

from graphql import (
    ConstDirectiveNode,
    DefinitionNode,
    DocumentNode,
    ObjectTypeDefinitionNode,
    ScalarTypeExtensionNode,
    parse,
    print_ast,
)

LINK = 'extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])'
SHARED_TYPES = frozenset({"PageInfo"})
"""Relay defines them, so they mean the same in every subgraph."""
LEFT_OUT = frozenset({"node", "nodes"})
"""Fields of `Query` that every Relay server has: two subgraphs that both have them do not compose."""


def subgraph_of(schema: str) -> str:
    """The text of the subgraph's schema, made from the text of the plain schema."""
    plain = parse(schema, no_location=True)
    return f"{LINK}\n\n{print_ast(DocumentNode(definitions=tuple(map(_in_subgraph, plain.definitions))))}\n"


def _in_subgraph(definition: DefinitionNode) -> DefinitionNode:
    if not isinstance(definition, ObjectTypeDefinitionNode):
        return definition
    if definition.name.value == "Query":
        return replace(
            definition, fields=tuple(each for each in definition.fields or () if each.name.value not in LEFT_OUT)
        )
    if definition.name.value in SHARED_TYPES:
        return replace(definition, directives=(_directive("@shareable"),))
    if any(each.name.value == "Node" for each in definition.interfaces or ()):
        return replace(definition, directives=(_directive('@key(fields: "id")'),))
    return definition


def _directive(text: str) -> ConstDirectiveNode:
    extension = parse(f"extend scalar ID {text}", no_location=True).definitions[0]
    assert isinstance(extension, ScalarTypeExtensionNode)
    (directive,) = extension.directives or ()
    return directive
