"""Mails as documents, and the leases under which they are sent. Settled ones go after a day."""

from datetime import datetime, timedelta

from services.notify.mail.model import MailStatus, SignInMail
from shared.mongo import Database, Document, Index, Transaction, has_run_out

COLLECTION = "mails"
KEPT = timedelta(days=1)
PENDING = MailStatus.PENDING.value
INDEXES = {
    COLLECTION: [
        Index([("due_at", 1)], where={"status": PENDING}),
        Index([("settled_at", 1)], expire_after_seconds=int(KEPT.total_seconds())),
    ]
}


async def add(transaction: Transaction, mail: SignInMail) -> None:
    """Store a mail that is owed; one for the same request stays as it is."""
    fields: Document = {"status": PENDING, "tries": 0, "due_at": mail.due_at, "created_at": mail.created_at}
    await transaction.database[COLLECTION].update_one(
        {"_id": mail.request_id},
        {"$setOnInsert": {**fields, "settled_at": None, "lease": None}},
        upsert=True,
    )


async def take_due(database: Database, limit: int, token: str, lease: timedelta, now: datetime) -> list[SignInMail]:
    """Lease mails that are due and held by nobody, oldest first."""
    collection = database[COLLECTION]
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
    return [_mail(row) async for row in held]


async def oldest_pending(database: Database) -> datetime | None:
    """When the oldest mail that is still owed was asked for."""
    found = database[COLLECTION].find({"status": PENDING}, {"created_at": 1}).sort("created_at", 1).limit(1)
    rows = [row["created_at"] async for row in found]
    return rows[0] if rows else None


async def count_failed(database: Database, since: datetime) -> int:
    """How many mails were given up since then."""
    where: Document = {"settled_at": {"$gte": since}, "status": MailStatus.FAILED.value}
    return int(await database[COLLECTION].count_documents(where))


async def save(database: Database, mail: SignInMail, token: str, now: datetime) -> bool:
    """Store what became of a mail, only while its lease still holds. Gives whether it did."""
    settled = mail.status is not MailStatus.PENDING
    result = await database[COLLECTION].update_one(
        {"_id": mail.request_id, "lease.token": token},
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


def _mail(document: Document) -> SignInMail:
    known = {name: document[name] for name in SignInMail.model_fields if name in document}
    return SignInMail(request_id=document["_id"], **known)
