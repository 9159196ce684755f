"""All the membership service must know of event audiences."""

from services.membership.event_audiences.reactions import on_audience_narrowed
from shared.contracts.events.registrations import AudienceNarrowed
from shared.feature import Feature
from shared.messaging.reactions import on

FEATURE = Feature("event_audiences", reactions=(on(AudienceNarrowed, on_audience_narrowed),))
