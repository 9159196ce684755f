"""A group: a community of practice in a hub, with a domain of its own."""

from datetime import datetime

from shared.contracts.membership.groups import GroupChanges, GroupId, JoinPolicy, NewGroup
from shared.contracts.membership.hubs import HubId
from shared.enums import Theme
from shared.errors import Conflict, NotAllowed, Path
from shared.ids import new_id
from shared.values import Place, Stored


class ArchivedGroup(Conflict):
    """The group is archived: nobody can join it, and nothing can be created or changed in it."""

    code = "group_archived"
    message = "This group is archived. It can be read, but not changed or joined."


class JoinPolicyIsTheirs(NotAllowed):
    """The group is not open and has had a convener, so only its conveners change how people join it."""

    code = "join_policy_is_theirs"
    message = "Only a convener of this group can change how people join it. Ask one of them."


class Group(Stored):
    """A group. `member_count` counts people, `activity_count` entries shared through it. `founded`: it has had a
    convener who accepted."""

    id: GroupId
    slug: str
    name: str
    domain: str
    practice: str
    hub_id: HubId
    place: Place | None = None
    themes: list[Theme]
    join_policy: JoinPolicy
    member_count: int = 0
    activity_count: int = 0
    founded: bool = False
    created_at: datetime
    archived_at: datetime | None = None
    version: int = 1


def open_group(new: NewGroup, now: datetime) -> Group:
    """A new group without members."""
    return Group(id=new_id("grp"), **dict(new), created_at=now)


def change_group(group: Group, changes: GroupChanges) -> tuple[Group, list[str]]:
    """The group after the changes, and the sorted names of the fields that differ. Raises `ArchivedGroup`."""
    expect_not_archived(group)
    sent = changes.sent()
    changed = sorted(name for name, value in sent.items() if getattr(group, name) != value)
    return (group.model_copy(update={**sent, "version": group.version + 1}) if changed else group), changed


def archive_group(group: Group, now: datetime) -> Group:
    """The group, archived now."""
    return group.model_copy(update={"archived_at": now, "version": group.version + 1})


def expect_not_archived(group: Group, path: Path = ()) -> None:
    """Raise `ArchivedGroup` when the group is archived. `path`: the field of the request that held its id."""
    if group.archived_at is not None:
        raise ArchivedGroup(path=path)


def restore_group(group: Group) -> Group:
    """The group when it is open again."""
    return group.model_copy(update={"archived_at": None, "version": group.version + 1})
