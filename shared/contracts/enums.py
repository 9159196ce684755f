"""The closed lists of words that several services and the graph share."""

from enum import StrEnum


class Theme(StrEnum):
    """The eight themes people raised."""

    DATA_AND_EVIDENCE = "data_and_evidence"
    COLLABORATION_AND_COMPETITION = "collaboration_and_competition"
    LEADERSHIP_AND_CULTURE_CHANGE = "leadership_and_culture_change"
    CO_PRODUCTION = "co_production"
    CREATING_SYSTEM_CHANGE = "creating_system_change"
    PLACES_AS_SYSTEMS = "places_as_systems"
    TRUST = "trust"
    LEARNING_SYSTEMS = "learning_systems"


class ActorKind(StrEnum):
    """What part someone plays in the system; so that a group can see who is missing."""

    CHARITABLE_FUNDER = "charitable_funder"
    PUBLIC_COMMISSIONER = "public_commissioner"
    DELIVERY_ORGANISATION = "delivery_organisation"
    PUBLIC_AGENCY = "public_agency"
    NETWORK_BODY = "network_body"
    RESEARCHER = "researcher"
    LIVED_EXPERIENCE = "lived_experience"
    ELECTED_REPRESENTATIVE = "elected_representative"


class Role(StrEnum):
    """What one does for a group or hub; not rank."""

    MEMBER = "member"
    CONVENER = "convener"
    MEDIATOR = "mediator"
    CATALYST = "catalyst"
    STEWARD = "steward"


class HubKind(StrEnum):
    """What a hub gathers around."""

    NATIONAL = "national"
    REGIONAL = "regional"
    THEMATIC = "thematic"


class JoinPolicy(StrEnum):
    """How one comes into a group."""

    OPEN = "open"
    REQUEST = "request"
    INVITATION = "invitation"


class EventKind(StrEnum):
    """What sort of gathering."""

    REGIONAL_CONVERSATION = "regional_conversation"
    NATIONAL_CONVERSATION = "national_conversation"
    WORKSHOP = "workshop"
    LAUNCH = "launch"
    TRAINING = "training"
    ONLINE = "online"


class EventStatus(StrEnum):
    """Draft → published → cancelled or completed."""

    DRAFT = "draft"
    PUBLISHED = "published"
    CANCELLED = "cancelled"
    COMPLETED = "completed"


class EventVisibility(StrEnum):
    """Who may see a published event."""

    PUBLIC = "public"
    COMMUNITY = "community"
    HUB = "hub"
    GROUP = "group"


class RegistrationStatus(StrEnum):
    """Where a registration stands."""

    CONFIRMED = "confirmed"
    WAITLISTED = "waitlisted"
    CANCELLED = "cancelled"


class EntryKind(StrEnum):
    """What sort of entry of the learning log."""

    REFLECTION = "reflection"
    MISTAKE = "mistake"
    QUESTION = "question"
    VIGNETTE = "vignette"
    STORY = "story"
    CASE_STUDY = "case_study"
    EXEMPLAR = "exemplar"


class EntryAudience(StrEnum):
    """Who may read an entry; its author chooses, entry by entry."""

    ME = "me"
    BUDDY = "buddy"
    GROUP = "group"
    HUB = "hub"
    COMMUNITY = "community"
    PUBLIC = "public"


class Attribution(StrEnum):
    """How an entry's author is named. Anonymous is anonymous to everyone."""

    NAMED = "named"
    ORGANISATION = "organisation"
    ANONYMOUS = "anonymous"
