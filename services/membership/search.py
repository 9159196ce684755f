"""How names are sorted and found: without case, without accents, by words and their beginnings."""

import re
import unicodedata
from collections.abc import Sequence
from typing import Any

BY_NAME = (("name_key", 1), ("_id", 1))
"""The order of a list sorted by name; `name_key` is the name's `sort_key`."""


def sort_key(name: str) -> str:
    """What a list sorted by name sorts by: without case, without accents."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    return "".join(c for c in plain if not unicodedata.combining(c))


def words_of(*texts: str | None, limit: int = 300) -> list[str]:
    """The words of these texts as search finds them: without case or accents, each once, cut at 40 characters."""
    found = (word[:40] for text in texts if text for word in re.findall(r"\w+", sort_key(text)))
    return list(dict.fromkeys(found))[:limit]


def having_words(words: Sequence[str]) -> list[dict[str, Any]]:
    """Conditions for documents that have, for each word, one in `search_words` that begins with it."""
    return [{"search_words": {"$elemMatch": {"$gte": word, "$lt": word + "\U0010ffff"}}} for word in words]
