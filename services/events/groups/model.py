"""What is wrong with naming a hub or a group of which membership has told nothing."""

from shared.errors import Conflict, Invalid


class HubUnknown(Invalid):
    """Membership has told of no such hub."""

    code = "hub_unknown"
    message = "No hub with this id is known. If it was made a moment ago, try again."


class GroupUnknown(Invalid):
    """Membership has told of no such group."""

    code = "group_unknown"
    message = "No group with this id is known. If it was made a moment ago, try again."


class HostArchived(Conflict):
    """Membership has told that the hub or group is archived."""

    code = "host_archived"
    message = "This hub or group is archived: no event is made or published in it."
