"""Problems with the hub or group of an event."""

from shared.errors import Conflict, Invalid


class HubUnknown(Invalid):
    """This service has received no message about such a hub."""

    code = "hub_unknown"
    message = "No hub with this id is known. If it was made a moment ago, try again."


class GroupUnknown(Invalid):
    """This service has received no message about such a group."""

    code = "group_unknown"
    message = "No group with this id is known. If it was made a moment ago, try again."


class HostArchived(Conflict):
    """The hub or group is archived."""

    code = "host_archived"
    message = "This hub or group is archived: nothing new is made or published in it."
