"""Parses and validates GraphQL documents, and keeps those used most recently, up to a limit."""

import re
from bisect import bisect_left
from collections import OrderedDict
from dataclasses import dataclass
from functools import cached_property

from graphql import DocumentNode, GraphQLError, GraphQLSchema, Source, SourceLocation, parse, validate

from gateway.limits import MAX_CHARACTERS, MAX_TOKENS, check_size
from gateway.values import RULES

MOST_KEPT = 256
MOST_KEPT_CHARACTERS = 200_000  # a parsed document takes some hundred times the memory of its text
MAX_KEPT_LENGTH = 8_000


_LINE_END = re.compile(r"\r\n|[\n\r]")


class _Text(Source):
    """A document's text that knows where its lines begin. graphql-core would count them again for each error."""

    @cached_property
    def _line_ends(self) -> list[tuple[int, int]]:
        return [match.span() for match in _LINE_END.finditer(self.body)]

    def get_location(self, position: int) -> SourceLocation:
        """The line and column of a character, both from 1."""
        before = bisect_left(self._line_ends, (position,))
        begins = self._line_ends[before - 1][1] if before else 0
        return SourceLocation(before + 1, position + 1 - begins)


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
        """The document, or the errors in it."""
        kept = self._kept.get(text)
        if kept is not None:
            self._kept.move_to_end(text)
            return kept
        if len(text) > MAX_CHARACTERS:
            return [GraphQLError(f"The document has {len(text)} characters; the most is {MAX_CHARACTERS}.")]
        try:
            tree = parse(_Text(text), max_tokens=MAX_TOKENS)
        except GraphQLError as error:
            return [error]
        found = check_size(tree) or validate(self._schema, tree, RULES, max_errors=20)
        if found:
            return found
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
