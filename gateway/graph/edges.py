"""The relations of the graph, declared: this field of that type leads to such things, by this key.

They are not written as resolvers, so that one loader, one cost model and one planner can read them. Where a thing is
kept follows from its type (`kinds.py`).
"""

from dataclasses import dataclass

from gateway.graph.events.filters import OF_ONE_HOST
from gateway.graph.filters import Filters


@dataclass(frozen=True)
class Edge:
    """`type.field` leads to `target`.

    `key` is the field of the source that holds the id (`many`: a list of ids). With `by`, it leads to a page instead:
    those of the target's list whose `by` is the key; `below` asks for the hubs below too; `filters` narrow it further;
    `path` is another address than the list's own, with the key in it; `about` describes the field.
    """

    type: str
    field: str
    target: str
    key: str = "id"
    many: bool = False
    by: str | None = None
    below: bool = False
    path: str | None = None
    filters: Filters = Filters()  # noqa: RUF009 it is frozen
    about: str = ""

    @property
    def is_page(self) -> bool:
        """Whether it leads to a connection."""
        return self.by is not None or self.path is not None


HUBS_EVENTS = "Events of this hub and all hubs below it, by when they start; without `from`, those that are over too."
GROUPS_EVENTS = "Events of this group, by when they start; without `from`, those that are over too."

EDGES = (
    Edge("Hub", "parent", "Hub", key="parent_id"),
    Edge("Hub", "ancestors", "Hub", key="ancestors", many=True),
    Edge("Hub", "children", "Hub", by="parent"),
    Edge("Hub", "groups", "Group", by="hub"),
    Edge("Hub", "members", "Membership", by="hub"),
    Edge("Hub", "events", "Event", by="hub", below=True, filters=OF_ONE_HOST, about=HUBS_EVENTS),
    Edge("Hub", "entries", "Entry", by="hub", below=True),
    Edge("Hub", "webhookEndpoints", "WebhookEndpoint", by="hub"),
    Edge("Group", "hub", "Hub", key="hub_id"),
    Edge("Group", "members", "Membership", by="group"),
    Edge("Group", "events", "Event", by="group", filters=OF_ONE_HOST, about=GROUPS_EVENTS),
    Edge("Group", "entries", "Entry", by="group"),
    Edge("Person", "memberships", "Membership", by="person"),
    Edge("Affiliation", "organisation", "Organisation", key="organisation_id"),
    Edge("Membership", "person", "Person", key="person_id"),
    Edge("Membership", "group", "Group", key="group_id"),
    Edge("Membership", "hub", "Hub", key="hub_id"),
    Edge("ApiKey", "hub", "Hub", key="hub_id"),
    Edge("Session", "person", "Person", key="person_id"),
    Edge("Viewer", "person", "Person", key="person_id"),
    Edge("Viewer", "hubs", "Hub", key="hubs", many=True),
    Edge("Viewer", "groups", "Group", key="groups", many=True),
    Edge("Viewer", "registrations", "Registration", key="person_id", by="person"),
    Edge("Event", "host", "Hub", key="hub_id"),
    Edge("Event", "group", "Group", key="group_id"),
    Edge("Event", "organisers", "Person", key="organiser_ids", many=True),
    Edge("Event", "registrations", "Registration", by="event"),
    Edge("Event", "entries", "Entry", by="event"),
    Edge("Registration", "event", "Event", key="event_id"),
    Edge("Registration", "person", "Person", key="person_id"),
    Edge("Entry", "author", "Person", key="author_id"),
    Edge("Entry", "organisation", "Organisation", key="organisation_id"),
    Edge("Entry", "hub", "Hub", key="hub_id"),
    Edge("Entry", "group", "Group", key="group_id"),
    Edge("Entry", "event", "Event", key="event_id"),
    Edge("Entry", "revisions", "EntryRevision", path="/entries/{}/revisions"),
    Edge("EntryRevision", "entry", "Entry", key="entry_id"),
    Edge("ReflectionInvitation", "event", "Event", key="event_id"),
    Edge("ReflectionInvitation", "hub", "Hub", key="hub_id"),
    Edge("ReflectionInvitation", "group", "Group", key="group_id"),
    Edge("WebhookEndpoint", "hub", "Hub", key="hub_id"),
    Edge("WebhookEndpoint", "deliveries", "WebhookDelivery", by="endpoint"),
    Edge("WebhookDelivery", "endpoint", "WebhookEndpoint", key="endpoint_id"),
    Edge("WebhookDelivery", "hub", "Hub", key="hub_id"),
    Edge("WebhookDelivery", "message", "Message", key="message_id"),
    Edge("WebhookDelivery", "replayOf", "WebhookDelivery", key="replay_of"),
    Edge("Message", "hub", "Hub", key="hub_id"),
)
