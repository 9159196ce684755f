"""All the events service must know of registrations."""

from services.events.registrations.loops import ask_about_audiences, promote
from services.events.registrations.reactions import on_group_left, on_hub_left, on_non_members_found
from services.events.registrations.routes import ROUTES
from services.events.registrations.store import DEPARTURES
from services.events.seats import store
from shared.contracts.membership.event_audiences import NonMembersFound
from shared.contracts.membership.memberships import GroupLeft, HubLeft
from shared.feature import Feature
from shared.messaging.reactions import on
from shared.personal_data import Erasure, PersonalData

FEATURE = Feature(
    "registrations",
    routes=ROUTES,
    stores=(store.REGISTRATIONS, store.PROMOTIONS, DEPARTURES),
    reactions=(
        on(GroupLeft, on_group_left),
        on(HubLeft, on_hub_left),
        on(NonMembersFound, on_non_members_found),
    ),
    loops=(promote, ask_about_audiences),
    locks={"registration_id": store.event_of},
    personal_data=(
        PersonalData(
            store.REGISTRATIONS.collection,
            person="person_id",
            fields=(
                "event_id",
                "status",
                "registered_at",
                "promoted_at",
                "cancelled_at",
                "belonging_version",
                "by_organiser",
            ),
            purpose="who has a seat, and who waits in which order",
            erasure=Erasure.DELETE,
        ),
        PersonalData(
            store.PROMOTIONS.collection,
            person="person_id",
            fields=("event_id", "line", "at"),
            purpose="to show that seats were given in the order of the waitlist",
            erasure=Erasure.DELETE,
        ),
        PersonalData(
            DEPARTURES.collection,
            person="person_id",
            fields=("place_id", "version", "noted_at"),
            purpose="to refuse a seat to who left a moment ago; kept for a day",
            erasure=Erasure.DELETE,
        ),
    ),
)
