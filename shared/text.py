"""Checks of text: no control characters, no lone surrogates, and at least one visible character. Pure.

Use them in pydantic types: `AfterValidator(clean_line)`, `AfterValidator(clean_text)`, with a limit of length beside
them. Marks that join letters or change the direction of writing (category Cf, such as U+200D) are part of many
languages and stay, but they do not count as visible.
"""

import re
import unicodedata

from shared.faults import NOT_UNICODE, fault

SLUG = r"[a-z0-9]+(-[a-z0-9]+)*"
LANGUAGE = r"[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}"
_SLUG = re.compile(SLUG)
_LANGUAGE = re.compile(LANGUAGE)
_LAYOUT = frozenset("\n\r\t")
_UNSEEN = frozenset("\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0") | {chr(code) for code in range(0xFE00, 0xFE10)}
_UNSEEN_CATEGORIES = frozenset({"Cf", "Zs", "Zl", "Zp"})


def is_blank(text: str) -> bool:
    """Whether no character is visible: only white space, zero-width and formatting characters, and fillers."""
    return all(one in _LAYOUT or one in _UNSEEN or unicodedata.category(one) in _UNSEEN_CATEGORIES for one in text)


def clean_line(text: str) -> str:
    """Return a text of one line unchanged. Raises `ValueError` for line breaks, control characters and blank text."""
    for one in text:
        category = unicodedata.category(one)
        if category in {"Cc", "Zl", "Zp"}:
            raise fault("control_characters", "Write this on one line, without control characters.")
        _check_whole(category)
    return _seen(text)


def clean_text(text: str) -> str:
    """Return a text of any number of lines unchanged. Raises `ValueError` for control characters and blank text."""
    for one in text:
        category = unicodedata.category(one)
        if category == "Cc" and one not in _LAYOUT:
            raise fault("control_characters", "Leave out control characters other than line breaks and tabs.")
        _check_whole(category)
    return _seen(text)


def slug(text: str) -> str:
    """Return a slug (a name for web addresses) unchanged. Raises `ValueError` for anything else."""
    if not _SLUG.fullmatch(text):
        raise fault(
            "not_a_slug", "Write lower-case letters, digits and single hyphens between them, such as north-east."
        )
    return text


def language_tag(text: str) -> str:
    """Return a language tag (RFC 5646, section 2.1, common forms) unchanged. Raises `ValueError` for anything else."""
    if not _LANGUAGE.fullmatch(text):
        raise fault("not_a_language", "Give a language tag, such as en, cy or pt-BR.")
    return text


def _check_whole(category: str) -> None:
    if category == "Cs":
        raise fault(*NOT_UNICODE)


def _seen(text: str) -> str:
    if is_blank(text):
        raise fault("blank", "Write something that can be seen.")
    return text
