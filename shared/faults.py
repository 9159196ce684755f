"""What can be wrong with a value: one code and one sentence for each fault, whichever library finds it.

Our validators raise `fault(code, sentence)`. `FAULTS` translates pydantic's own errors, and `gateway/values.py` those
of graphql-core. The same fault has the same code over HTTP and in GraphQL.
"""

import re
from collections.abc import Mapping
from typing import Any

from pydantic_core import PydanticCustomError

CODES = {
    "bad_id": "Give an id of the right kind: its prefix says what it names, such as `evt_`.",
    "blank": "Write something that can be seen: not only spaces and invisible characters.",
    "control_characters": "Leave out control characters; in a text of one line also line breaks.",
    "invalid_value": "The sentence says what is asked for.",
    "not_a_choice": "Choose one of the values the sentence lists.",
    "not_a_date": "Write a day of the calendar, as in RFC 3339: `2026-03-05`.",
    "not_a_date_time": "Write a moment with its offset, as in RFC 3339: `2026-03-05T12:30:00Z`.",
    "not_a_language": "Give a language tag, such as `en`, `cy` or `pt-BR`.",
    "not_a_list": "Give a list.",
    "not_a_number": "Give a number, not a text that holds one.",
    "not_a_phone_number": "Give a telephone number of 5 to 15 digits.",
    "not_a_slug": "Write lower-case letters, digits and single hyphens between them.",
    "not_a_time_zone": "Give a name of the IANA database, such as `Europe/London`.",
    "not_a_web_address": "Give a web address that begins with `https://`.",
    "not_a_whole_number": "Give a number without a fraction.",
    "not_an_email_address": "Give a mail address, such as `name@example.org`.",
    "not_an_object": "Give an object with fields.",
    "not_text": "Give a string.",
    "not_true_or_false": "Give `true` or `false`, not a text or a number.",
    "not_unicode": "Leave out halves of surrogate pairs, such as a `\\ud800` alone.",
    "out_of_range": "Give a date within the years the sentence names.",
    "required": "Give this field, and not null.",
    "too_large_number": "Give a smaller number; the sentence says the limit.",
    "too_long": "Shorten the text, or the list; the sentence says the limit.",
    "too_short": "Write more, or give more of these; the sentence says the least.",
    "too_small": "Give a larger number; the sentence says the least.",
    "unknown_field": "Leave the field out, or correct its name.",
    "wrong_format": "Write it in the form the sentence describes.",
}
"""Every code of a bad value, and how to correct the value. `docs/reference/problems.md` lists them."""

NULL = ("required", "This cannot be null.")
MISSING = ("required", "This is needed.")
UNKNOWN = ("unknown_field", "There is no such field.")
NOT_UNICODE = ("not_unicode", "This is not valid Unicode: it holds half of a surrogate pair.")
TOO_LARGE_NUMBER = ("too_large_number", "Give a smaller number.")
TOO_SMALL = ("too_small", "Give a larger number.")
DATE_TIME = ("not_a_date_time", "Write a moment with its offset, as in RFC 3339: 2026-03-05T12:30:00Z.")
DATE = ("not_a_date", "Write a day of the calendar, as in RFC 3339: 2026-03-05.")
NUMBER = ("not_a_number", "Give a number.")
WHOLE_NUMBER = ("not_a_whole_number", "Give a whole number.")
TEXT = ("not_text", "Write this as text.")
TRUE_OR_FALSE = ("not_true_or_false", "Give true or false.")
LIST = ("not_a_list", "Give a list.")
OBJECT = ("not_an_object", "Give an object with fields.")
CHOICE = ("not_a_choice", "Choose one of these: {expected}.")
WEB_ADDRESS = ("not_a_web_address", "Give a web address that begins with https:// or http://.")
EMAIL_ADDRESS = ("not_an_email_address", "Give a mail address, such as name@example.org.")
INVALID = ("invalid_value", "This cannot be used as it is.")

FAULTS: dict[str, tuple[str, str]] = {
    "missing": MISSING,
    "extra_forbidden": UNKNOWN,
    "string_too_short": ("too_short", "Write at least {min_length} characters."),
    "string_too_long": ("too_long", "Write at most {max_length} characters."),
    "string_pattern_mismatch": ("wrong_format", "Write this so that it matches `{pattern}`."),
    "string_unicode": NOT_UNICODE,
    "string_type": TEXT,
    "bytes_type": TEXT,
    "enum": CHOICE,
    "literal_error": CHOICE,
    "bool_type": TRUE_OR_FALSE,
    "bool_parsing": TRUE_OR_FALSE,
    "int_type": WHOLE_NUMBER,
    "int_parsing": WHOLE_NUMBER,
    "int_parsing_size": TOO_LARGE_NUMBER,
    "int_from_float": WHOLE_NUMBER,
    "float_type": NUMBER,
    "float_parsing": NUMBER,
    "finite_number": NUMBER,
    "multiple_of": ("invalid_value", "Give a multiple of {multiple_of}."),
    "greater_than": ("too_small", "Give more than {gt}."),
    "greater_than_equal": ("too_small", "Give {ge} or more."),
    "less_than": ("too_large_number", "Give less than {lt}."),
    "less_than_equal": ("too_large_number", "Give {le} or less."),
    "too_short": ("too_short", "Give at least {min_length} of these."),
    "too_long": ("too_long", "Give at most {max_length} of these."),
    "list_type": LIST,
    "tuple_type": LIST,
    "set_type": LIST,
    "frozen_set_type": LIST,
    "dict_type": OBJECT,
    "mapping_type": OBJECT,
    "model_type": OBJECT,
    "model_attributes_type": OBJECT,
    "date_type": DATE,
    "date_parsing": DATE,
    "date_from_datetime_parsing": DATE,
    "date_from_datetime_inexact": DATE,
    "datetime_type": DATE_TIME,
    "datetime_parsing": DATE_TIME,
    "datetime_from_date_parsing": DATE_TIME,
    "datetime_object_invalid": DATE_TIME,
    "timezone_aware": DATE_TIME,
    "url_type": WEB_ADDRESS,
    "url_parsing": WEB_ADDRESS,
    "url_scheme": ("not_a_web_address", "Give a web address that begins with {expected_schemes}."),
}
"""Our code and sentence for each error type of pydantic; the names in braces are keys of the error's `ctx`."""


def fault(code: str, message: str) -> PydanticCustomError:
    """An error (a `ValueError`) for a validator to raise: one of `CODES`, and a sentence that says what is expected.

    Braces have no meaning in the sentence. Raises `LookupError` for a code that is not in `CODES`.
    """
    if code not in CODES:
        raise LookupError(f"{code} is not in the table of codes")
    return PydanticCustomError(code, "{sentence}", {"sentence": message})


def code_and_sentence(error: Mapping[str, Any]) -> tuple[str, str]:
    """Our code and sentence for one entry of pydantic's `errors()`."""
    kind, context = error["type"], error.get("ctx") or {}
    if error.get("input") is None and kind not in {"missing", "extra_forbidden"}:
        return NULL
    if "sentence" in context:  # one of our validators raised `fault`
        return kind, str(context["sentence"])
    if kind == "value_error":
        # A `reason` comes from pydantic's own check of mail addresses; else a validator raised a plain `ValueError`.
        return EMAIL_ADDRESS if "reason" in context else (INVALID[0], _whole(error["msg"]))
    if kind in {"int_type", "int_from_float"} and _is_past_64_bits(error["input"]):
        return TOO_LARGE_NUMBER if error["input"] > 0 else TOO_SMALL
    code, sentence = FAULTS.get(kind, INVALID)
    try:
        text = sentence.format_map({name: _plain(name, value) for name, value in context.items()})
    except KeyError:
        return code, INVALID[1]
    return code, re.sub(r"\b1 (character)s\b", r"1 \1", text)


def _is_past_64_bits(value: Any) -> bool:
    """Whether it is a whole number beyond 64 bits: the JSON reader turns it into a float."""
    return isinstance(value, float) and abs(value) >= 2**63


def _plain(name: str, value: Any) -> str:
    """A limit, or a list of choices, as text for a sentence."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).replace("'", "`").replace("` or `", "`, `") if name == "expected" else str(value)


def _whole(message: str) -> str:
    text = message.removeprefix("Value error, ").strip()
    text = text[:1].upper() + text[1:]
    return text if text.endswith((".", "!", "?")) else text + "."
