"""Enumerations that features of several services share. A feature's own enumerations are in its contract."""

from enum import StrEnum
from typing import Self


class Described(StrEnum):
    """An enumeration whose members have a description: `OPEN = "open", "Anyone may join."`.

    The first text is the value; the sentence is the member's `description`, which the GraphQL schema shows.
    """

    _value_: str
    description: str
    """What the member means, as a sentence; may be empty."""

    def __new__(cls, value: str, description: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_ = value
        member.description = description
        return member


class Theme(Described):
    """The eight themes people raised."""

    DATA_AND_EVIDENCE = "data_and_evidence", "How data and evidence are gathered, shared and used."
    COLLABORATION_AND_COMPETITION = "collaboration_and_competition", "Working together where funding sets rivals."
    LEADERSHIP_AND_CULTURE_CHANGE = "leadership_and_culture_change", "How leaders and the culture at work change."
    CO_PRODUCTION = "co_production", "Designing services together with the people who use them."
    CREATING_SYSTEM_CHANGE = "creating_system_change", "Changing how a whole system works, not one service in it."
    PLACES_AS_SYSTEMS = "places_as_systems", "Seeing a neighbourhood, town or region as one system."
    TRUST = "trust", "Building trust between people and between organisations."
    LEARNING_SYSTEMS = "learning_systems", "Systems that learn from what happens and adapt."


class ActorKind(Described):
    """What part someone plays in the system; so that a group can see who is missing."""

    CHARITABLE_FUNDER = "charitable_funder", "A foundation or charity that gives money."
    PUBLIC_COMMISSIONER = "public_commissioner", "Someone who buys services for the public sector."
    DELIVERY_ORGANISATION = "delivery_organisation", "An organisation that delivers services to people."
    PUBLIC_AGENCY = "public_agency", "A body of the state, such as a council, a police force or a health authority."
    NETWORK_BODY = "network_body", "An organisation that connects and supports others."
    RESEARCHER = "researcher", "Someone who studies the work, at a university or elsewhere."
    LIVED_EXPERIENCE = "lived_experience", "Someone who has lived through what the work is about."
    ELECTED_REPRESENTATIVE = "elected_representative", "Someone elected to office, such as a councillor."


class Scope(Described):
    """What a credential opens. The services and the sentences of problems write `EVENTS_WRITE` as `events:write`."""

    DIRECTORY_READ = (
        "directory:read",
        "Read hubs, groups, people, organisations and memberships. Contact details stay under consent.",
    )
    MEMBERS_SYNC = "members:sync", "For partners' member lists. No route needs it yet."
    EVENTS_READ = "events:read", "Read the events the caller may see, and the caller's own registrations."
    EVENTS_WRITE = "events:write", "Create and change events of hubs and groups the caller manages; register."
    LEARNING_READ = "learning:read", "Read the entries of the log that the caller may see."
    LEARNING_WRITE = "learning:write", "Share, revise and withdraw one's own entries."
    WEBHOOKS_MANAGE = (
        "webhooks:manage",
        "Manage webhook endpoints of hubs one looks after; read deliveries and the log of messages.",
    )
    HUB_ADMIN = "hub:admin", "Look after hubs: open hubs below and groups, add people and members, make API keys."
    COMMUNITY_ADMIN = "community:admin", "Everything, everywhere. For operators."
