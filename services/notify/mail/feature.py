"""All the notify service must know of mail."""

from services.notify.mail import health, store
from services.notify.mail.mailer import Mailer
from services.notify.mail.reactions import on_sign_in_requested
from shared.app import Service
from shared.contracts.membership.sign_in import SignInRequested
from shared.feature import Feature
from shared.messaging.reactions import on
from shared.personal_data import Erasure, PersonalData


def _prepare(service: Service) -> None:
    mailer = Mailer(service.database, service.settings, service.tokens)
    service.extra["mailer"] = mailer
    service.measures.append(health.measure)
    service.metrics.count("mycelium_mails", "Mails by what became of them.", mailer.counters.items)


async def _start(service: Service) -> None:
    await _mailer(service).start()


async def _stop(service: Service) -> None:
    await _mailer(service).close()


async def send_mail(service: Service) -> None:
    """For ever: send the mail that is owed."""
    await _mailer(service).send_for_ever()


def _mailer(service: Service) -> Mailer:
    mailer: Mailer = service.extra["mailer"]
    return mailer


FEATURE = Feature(
    "mail",
    stores=(store.MAILS,),
    personal_data=(
        PersonalData(
            store.MAILS.collection,
            person=None,
            fields=("id", "created_at"),
            purpose="which sign-in request is owed a letter; the address and the code are fetched when it is sent",
            erasure=Erasure.WITH_TIME,
            kept=store.KEPT,
            exported=False,
        ),
    ),
    reactions=(on(SignInRequested, on_sign_in_requested, queue="mail"),),
    loops=(send_mail,),
    prepare=_prepare,
    on_start=_start,
    on_stop=_stop,
)
