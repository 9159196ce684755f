"""The graph as it is declared: current on disk, and in step with what services promise and take."""

from typing import Any

import pytest
from graphql import GraphQLInputObjectType, GraphQLObjectType
from pydantic import BaseModel

from gateway import schema_export
from gateway.graph.edges import EDGES, Edge
from gateway.graph.kinds import KINDS
from gateway.graph.mutation import Mutation
from gateway.graph.schema import MUTATIONS, executable, types_by_name
from shared.contracts.events.events import CancelEvent, EventChanges, EventView, NewEvent
from shared.contracts.events.registrations import Register, RegistrationView
from shared.contracts.learning.entries import EntryContext, EntryView, ReviseEntry, RevisionView, ShareEntry
from shared.contracts.learning.invitations import InvitationView
from shared.contracts.membership.api_keys import ApiKeyView, NewApiKey, RotateApiKey
from shared.contracts.membership.groups import GroupView, NewGroup
from shared.contracts.membership.hubs import HubView, NewHub
from shared.contracts.membership.memberships import JoinGroup, JoinHub, MembershipView
from shared.contracts.membership.organisations import NewOrganisation, OrganisationView
from shared.contracts.membership.people import AffiliationView, ChangePerson, ContactView, NewPerson, PersonView
from shared.contracts.membership.sign_in import AskForCode, Refresh, SessionView, UseCode
from shared.contracts.notify.deliveries import AttemptView, DeliveryView
from shared.contracts.notify.endpoints import EndpointChanges, EndpointView, NewEndpoint, SecretRotation
from shared.contracts.notify.log import LoggedMessageView
from shared.values import Place

VIEWS: dict[str, type[BaseModel]] = {
    "Hub": HubView,
    "Group": GroupView,
    "Person": PersonView,
    "Contact": ContactView,
    "Affiliation": AffiliationView,
    "Organisation": OrganisationView,
    "Membership": MembershipView,
    "ApiKey": ApiKeyView,
    "Session": SessionView,
    "Event": EventView,
    "Registration": RegistrationView,
    "Entry": EntryView,
    "EntryContext": EntryContext,
    "EntryRevision": RevisionView,
    "ReflectionInvitation": InvitationView,
    "WebhookEndpoint": EndpointView,
    "WebhookDelivery": DeliveryView,
    "DeliveryAttempt": AttemptView,
    "Message": LoggedMessageView,
    "Place": Place,
}
VIEWER_KEYS = {"person_id", "hubs", "groups"}
REQUESTS: dict[str, type[BaseModel] | None] = {
    "createHub": NewHub,
    "createGroup": NewGroup,
    "joinGroup": JoinGroup,
    "leaveGroup": None,
    "addHubMember": JoinHub,
    "leaveHub": None,
    "acceptMembership": None,
    "createPerson": NewPerson,
    "updatePerson": ChangePerson,
    "createOrganisation": NewOrganisation,
    "requestSignInCode": AskForCode,
    "signIn": UseCode,
    "refreshSession": Refresh,
    "signOut": None,
    "createApiKey": NewApiKey,
    "rotateApiKey": RotateApiKey,
    "revokeApiKey": None,
    "createEvent": NewEvent,
    "updateEvent": EventChanges,
    "publishEvent": None,
    "cancelEvent": CancelEvent,
    "completeEvent": None,
    "registerForEvent": Register,
    "cancelRegistration": None,
    "shareEntry": ShareEntry,
    "reviseEntry": ReviseEntry,
    "withdrawEntry": None,
    "createWebhookEndpoint": NewEndpoint,
    "updateWebhookEndpoint": EndpointChanges,
    "rotateWebhookSecret": SecretRotation,
    "pingWebhookEndpoint": None,
    "replayDelivery": None,
}


def declared_fields(cls: Any) -> dict[str, Any]:
    """The fields of a class of the graph: python name and strawberry's field."""
    return {field.python_name: field for field in cls.__strawberry_definition__.fields}


def test_the_committed_schema_is_current() -> None:
    assert schema_export.FILE.read_text() == schema_export.schema_text()
    assert schema_export.main(["--check"]) == 0


@pytest.mark.parametrize("name", sorted(VIEWS))
def test_a_types_fields_are_those_of_its_view(name: str) -> None:
    keys = {edge.key for edge in EDGES if edge.type == name}
    known = VIEWS[name].model_fields
    types = types_by_name()
    shown = declared_fields(types[name]) if name in types else dict.fromkeys(known)
    assert set(shown) <= set(known)
    # What is not shown as it is leads somewhere, by one of its keys.
    assert set(known) - set(shown) <= keys


def test_every_type_has_its_view() -> None:
    assert set(types_by_name()) - set(VIEWS) == {"Viewer"}


@pytest.mark.parametrize("edge", EDGES, ids=lambda edge: f"{edge.type}.{edge.field}")
def test_an_edge_leads_from_a_key_that_is_there_to_a_kind_there_is(edge: Edge) -> None:
    fields = VIEWER_KEYS if edge.type == "Viewer" else set(VIEWS[edge.type].model_fields)
    assert edge.key in fields
    assert edge.target in {kind.type for kind in KINDS}
    type_ = executable().get_type(edge.type)
    assert isinstance(type_, GraphQLObjectType)
    assert not str(type_.fields[edge.field].type).endswith("!")


@pytest.mark.parametrize("mutation", MUTATIONS, ids=lambda mutation: mutation.name)
def test_a_mutations_input_says_all_that_its_service_takes_and_nothing_else(mutation: Mutation) -> None:
    in_path = {part.strip("{}") for part in mutation.path.split("/") if part.startswith("{")}
    given = set(declared_fields(mutation.input)) if mutation.input is not None else set()
    taken = REQUESTS[mutation.name]
    assert in_path <= given | set(mutation.absent)
    assert given - in_path == (set(taken.model_fields) if taken is not None else set())


def test_whatever_crosses_to_a_service_may_be_null() -> None:
    schema = executable()
    for root in (schema.query_type, schema.mutation_type):
        assert root is not None
        assert [name for name, field in root.fields.items() if str(field.type).endswith("!")] in ([], ["viewer"])


def test_names_are_those_of_the_product() -> None:
    schema = executable()
    names = set(schema.type_map) | {
        field
        for type_ in schema.type_map.values()
        if isinstance(type_, GraphQLObjectType | GraphQLInputObjectType) and not type_.name.startswith("__")
        for field in type_.fields
    }
    assert not [name for name in names if "user" in name.lower() or "rank" in name.lower() or "_id" in name]
