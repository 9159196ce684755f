"""How much one request may bring: bounds on its JSON and on its values, looked at before anything is made of them.

Every later step then has little to do, whatever the values are: coercing them, telling what is wrong with them, and
passing them on.
"""

from typing import Any

MOST_MARKS = 60_000  # of commas and brackets, those in texts too: parsing so many takes some 5 ms
MOST_VALUES = 1_000
MOST_NESTED = 20
LONGEST_NAME = 200


def has_too_many_marks(body: bytes) -> bool:
    """Whether a body of JSON may hold more values than are worth parsing. Costs next to nothing."""
    return body.count(b",") + body.count(b"[") + body.count(b"{") > MOST_MARKS


def too_large(variables: dict[str, Any]) -> str | None:
    """What is too much about the values of variables, as a sentence; None when nothing is.

    Counted are all values, those in lists and objects and these themselves, whether a variable is declared or not.
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
