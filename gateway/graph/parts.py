"""The one list of the graph's parts, a line for each feature. Everything else is derived from it."""

from gateway.graph.events.events import PART as EVENTS
from gateway.graph.events.registrations import PART as REGISTRATIONS
from gateway.graph.events.support_requests import PART as SUPPORT_REQUESTS
from gateway.graph.learning.entries import PART as ENTRIES
from gateway.graph.learning.invitations import PART as INVITATIONS
from gateway.graph.membership.api_keys import PART as API_KEYS
from gateway.graph.membership.groups import PART as GROUPS
from gateway.graph.membership.hubs import PART as HUBS
from gateway.graph.membership.memberships import PART as MEMBERSHIPS
from gateway.graph.membership.organisations import PART as ORGANISATIONS
from gateway.graph.membership.people import PART as PEOPLE
from gateway.graph.membership.sign_in import PART as SIGN_IN
from gateway.graph.notify.deliveries import PART as DELIVERIES
from gateway.graph.notify.endpoints import PART as ENDPOINTS
from gateway.graph.notify.log import PART as LOG
from gateway.graph.notify.topics import PART as TOPICS
from gateway.graph.part import Part

PARTS: tuple[Part, ...] = (
    HUBS,
    GROUPS,
    PEOPLE,
    ORGANISATIONS,
    MEMBERSHIPS,
    SIGN_IN,
    API_KEYS,
    EVENTS,
    REGISTRATIONS,
    SUPPORT_REQUESTS,
    ENTRIES,
    INVITATIONS,
    ENDPOINTS,
    DELIVERIES,
    LOG,
    TOPICS,
)
