"""How the author of an anonymous entry is recognised without being stored.

An anonymous entry keeps only a mark: HMAC-SHA256 (RFC 2104) over person and entry, under a key of this service's own.
Two entries of one author have marks that do not resemble each other, so nothing in the database links them.
"""

import hashlib
import hmac
from collections.abc import Mapping
from dataclasses import dataclass, field


class Marks:
    """Makes marks. The key is derived from the deployment's secret: with another secret no author is recognised."""

    def __init__(self, secret: bytes) -> None:
        self._key = hmac.new(secret, b"mycelium-learning:marks", hashlib.sha256).digest()

    def of_author(self, person_id: str, entry_id: str) -> bytes:
        """32 bytes that say "this person wrote this entry" to those who hold the key, and nothing to others."""
        return self._mark(b"author", person_id, entry_id)

    def of_private_entries(self, person_id: str) -> bytes:
        """32 bytes by which a person's anonymous entries are listed to them, while nobody else may read these."""
        return self._mark(b"drawer", person_id)  # another text here would make stored marks unrecognisable

    def _mark(self, *parts: str | bytes) -> bytes:
        joined = b"\0".join(part if isinstance(part, bytes) else part.encode() for part in parts)
        return hmac.new(self._key, joined, hashlib.sha256).digest()


@dataclass(frozen=True)
class Reader:
    """Who reads or writes: a person or a site's key, and where it belongs.

    `may_write`: whether it is a person with the scope to write in the log. `groups` maps its groups onto their hubs.
    `every_hub` is an operator's; there is no "every group", because what is said in a group is for its members.
    """

    marks: Marks
    person_id: str | None = None
    may_write: bool = False
    groups: Mapping[str, str] = field(default_factory=dict)
    hubs: frozenset[str] = frozenset()
    organisations: frozenset[str] = frozenset()
    every_hub: bool = False

    def belongs_to_hub(self, hub_id: str | None) -> bool:
        """Whether this reader may read what is for this hub."""
        return hub_id is not None and (self.every_hub or hub_id in self.hubs)

    def wrote(self, entry_id: str, author_id: str | None, author_mark: bytes | None) -> bool:
        """Whether this reader is the author: the mark is made again and compared, or the id when there is no mark."""
        if self.person_id is None:
            return False
        if author_mark is None:
            return author_id == self.person_id
        return hmac.compare_digest(author_mark, self.marks.of_author(self.person_id, entry_id))
