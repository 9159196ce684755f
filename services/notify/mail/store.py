"""Mails as documents, and the leases under which they are sent. Settled ones go after a day."""

from datetime import datetime, timedelta

from services.notify.mail.model import MailStatus, SignInMail
from shared.mongo import Database, Document, Index, has_run_out
from shared.store import Store

KEPT = timedelta(days=1)
PENDING = MailStatus.PENDING.value
MAILS = Store(
    "mails",
    SignInMail,
    indexes=[
        Index([("due_at", 1)], where={"status": PENDING}),
        Index([("settled_at", 1)], expire_after_seconds=int(KEPT.total_seconds())),
    ],
    for_queries=lambda mail: {"settled_at": None, "lease": None},
)


async def add(database: Database, mail: SignInMail) -> None:
    """Store a mail that is owed; one for the same request stays as it is."""
    fields = MAILS.document(mail)
    await MAILS.of(database).update_one({"_id": fields.pop("_id")}, {"$setOnInsert": fields}, upsert=True)


async def take_due(database: Database, limit: int, token: str, lease: timedelta, now: datetime) -> list[SignInMail]:
    """Lease mails that are due and held by nobody, oldest first."""
    collection = MAILS.of(database)
    due: Document = {
        "status": PENDING,
        "due_at": {"$lte": now},
        "$expr": has_run_out("$lease.until", 2 * lease),
    }
    ids = [row["_id"] async for row in collection.find(due, {"_id": 1}).sort("due_at", 1).limit(limit)]
    if not ids:
        return []
    until = {"$add": ["$$NOW", int(lease.total_seconds() * 1000)]}
    await collection.update_many({"_id": {"$in": ids}, **due}, [{"$set": {"lease": {"token": token, "until": until}}}])
    held = collection.find({"_id": {"$in": ids}, "status": PENDING, "lease.token": token})
    return [MAILS.read(row) async for row in held]


async def oldest_pending(database: Database) -> datetime | None:
    """When the oldest mail that is still owed was asked for."""
    found = MAILS.of(database).find({"status": PENDING}, {"created_at": 1}).sort("created_at", 1).limit(1)
    rows = [row["created_at"] async for row in found]
    return rows[0] if rows else None


async def count_failed(database: Database, since: datetime) -> int:
    """How many mails were given up since then."""
    where: Document = {"settled_at": {"$gte": since}, "status": MailStatus.FAILED.value}
    return int(await MAILS.of(database).count_documents(where))


async def save(database: Database, mail: SignInMail, token: str, now: datetime) -> bool:
    """Store what became of a mail, only while its lease still holds. Gives whether it did."""
    settled = mail.status is not MailStatus.PENDING
    result = await MAILS.of(database).update_one(
        {"_id": mail.id, "lease.token": token},
        {
            "$set": {
                "status": mail.status.value,
                "tries": mail.tries,
                "due_at": mail.due_at,
                "settled_at": now if settled else None,
                "lease": None,
            }
        },
    )
    return bool(result.matched_count)
