"""All notify listens to: every public message for the log, and what asks for a mail."""

from services.notify.log.reactions import PUBLIC, take_in
from services.notify.mail.reactions import on_sign_in_requested
from shared.contracts.membership import SignInRequested
from shared.messaging.reactions import Subscriptions, on

SUBSCRIPTIONS = Subscriptions(
    reactions=(on(SignInRequested, on_sign_in_requested),),
    batched=PUBLIC,
    batch=take_in,
)
