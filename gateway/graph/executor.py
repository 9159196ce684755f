"""Executes operations on plain objects of JSON: leaf fields are read straight from their object.

Most of an answer is leaf fields whose value only has to be passed on. For those, what graphql-core does for every field
(resolve info, path, resolver, completion) is left out. Whatever is unusual about a value, a null where there must be
none, a word the list does not have, is left to graphql-core, so that its errors are the same.
"""

from graphql.execution import Executor

from gateway.context import Context


class PlainExecutor(Executor[Context]):
    """graphql-core's executor."""
