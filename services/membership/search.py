"""How names are sorted and searched. Case and accents do not matter; search matches the beginnings of words."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

BY_NAME = (("name_key", 1), ("_id", 1))
"""The order of a list sorted by name; `name_key` is the name's `sort_key`."""


def sort_key(name: str) -> str:
    """The key by which a list of names is sorted: the name without case and accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def words_of(*texts: str | None, limit: int = 300) -> list[str]:
    """The words of these texts, as search stores and compares them.

    Without case and accents, without repeats, each cut at 40 characters, at most `limit` of them.
    """
    found = (word[:40] for text in texts if text for word in re.findall(r"\w+", sort_key(text)))
    return list(dict.fromkeys(found))[:limit]


def having_words(words: Sequence[str]) -> list[dict[str, Any]]:
    """Conditions that a document meets when, for each of these words, some word in its `search_words` begins with
    it."""
    return [{"search_words": {"$elemMatch": {"$gte": word, "$lt": word + "\U0010ffff"}}} for word in words]
