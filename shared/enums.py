"""The closed lists that features of several services share. A feature's own stand in its contract."""

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
