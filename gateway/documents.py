"""GraphQL documents, parsed and validated: those sent again and again are kept, within bounds."""

from collections import OrderedDict
from dataclasses import dataclass

from graphql import DocumentNode, GraphQLError, GraphQLSchema, parse, validate

from gateway.limits import MAX_TOKENS, check_size

MOST_KEPT = 256
MOST_KEPT_CHARACTERS = 200_000  # a parsed document takes some hundred times the memory of its text
MAX_KEPT_LENGTH = 8_000


@dataclass(frozen=True)
class Document:
    """A document that can be executed."""

    tree: DocumentNode


class Documents:
    """Prepares documents for one schema."""

    def __init__(self, schema: GraphQLSchema) -> None:
        self._schema = schema
        self._kept: OrderedDict[str, Document] = OrderedDict()
        self._characters = 0

    def prepare(self, text: str) -> Document | list[GraphQLError]:
        """The document, or what is wrong with it."""
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return kept
        try:
            tree = parse(text, max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            return [error]
        found = check_size(tree) or validate(self._schema, tree, max_errors=20)
        if found:
            return [_readable(error) for error in found]
        document = Document(tree)
        self._keep(text, document)
        return document

    def _keep(self, text: str, document: Document) -> None:
        if len(text) > MAX_KEPT_LENGTH:
            return
        self._kept[text] = document
        self._characters += len(text)
        while len(self._kept) > MOST_KEPT or self._characters > MOST_KEPT_CHARACTERS:
            forgotten, _ = self._kept.popitem(last=False)
            self._characters -= len(forgotten)


def _readable(error: GraphQLError) -> GraphQLError:
    """The same fault without what Python says of it: a number of thousands of digits, for one, fails inside."""
    if error.original_error is None or isinstance(error.original_error, GraphQLError):
        return error
    return GraphQLError("A value here is too long to be read.", error.nodes)
