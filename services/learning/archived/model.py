"""The rule of archived hubs and groups. Pure."""

from collections.abc import Mapping, Set

from shared.errors import Conflict
from shared.values import Stored


class EntryHostArchived(Conflict):
    """The entry names a hub or a group that is archived."""

    code = "host_archived"
    message = "This hub or group is archived: it can be read, and no entry is put into it."


class Archived(Stored):
    """A hub or a group that is archived, or was. `version`: of the hub or group, when that was told."""

    id: str
    is_archived: bool = True
    version: int = 0


def check_not_archived(named: Mapping[str, str | None], archived: Set[str]) -> None:
    """Raise `EntryHostArchived` for the first of these fields whose id is archived; its path is the field."""
    for field, identifier in named.items():
        if identifier in archived:
            raise EntryHostArchived(path=(field,))
