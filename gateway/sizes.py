"""Limits what one request may send: the size of its JSON and the number of its values. Checked before anything else.

Within these limits every later step is fast for all values: coercing them, describing their faults, passing them on.
"""

from typing import Any

MOST_MARKS = 60_000  # commas and brackets, also those inside texts; parsing this many takes about 5 ms
MOST_VALUES = 1_000
MOST_NESTED = 20
LONGEST_NAME = 200


def has_too_many_marks(body: bytes) -> bool:
    """Whether a body of JSON may hold too many values to be parsed. This is very fast."""
    return body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_MARKS


def too_large(variables: dict[str, Any]) -> str | None:
    """A sentence that says which limit the variables pass; None if they pass none.

    All values count, also lists, objects and what is in them, and variables that the operation does not declare.
    """
    pending: list[tuple[Any, int]] = [(variables, 0)]
    values = 0
    while pending:
        value, depth = pending.pop()
        if depth > MOST_NESTED:
            return f"The variables nest deeper than {MOST_NESTED} lists or objects."
        if isinstance(value, dict):
            if any(len(name) > LONGEST_NAME for name in value):
                return f"A name in the variables has more than {LONGEST_NAME} characters."
            inner = value.values()
        else:
            inner = value
        values += len(inner)
        if values > MOST_VALUES:
            return f"There are more than {MOST_VALUES} values in the variables."
        pending.extend((each, depth + 1) for each in inner if isinstance(each, dict | list))
    return None
