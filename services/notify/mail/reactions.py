"""Messages that ask for a mail. Only a row is written here: fetching and sending take their time elsewhere."""

from services.notify.mail import store
from services.notify.mail.model import SignInMail
from services.notify.mail.waking import wake
from shared import clock
from shared.contracts.membership.sign_in import SignInRequested
from shared.messaging.envelope import Envelope
from shared.mongo import Transaction


async def on_sign_in_requested(tx: Transaction, message: SignInRequested, envelope: Envelope) -> None:
    """Owe the mail with the code. Its time runs from when the code was asked for."""
    mail = SignInMail(id=message.request_id, due_at=clock.now(), created_at=envelope.time)
    await store.add(tx.database, mail)
    tx.after_commit.append(lambda: wake(tx.database))
