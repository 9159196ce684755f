"""The log as documents.

The counter is raised in the transaction that inserts the rows, so of two replicas one waits for the other: a reader
who sees a sequence has seen, or can see, all before it.
"""

from collections.abc import Callable, Sequence
from collections.abc import Collection as Ids

from services.notify.log.model import LoggedMessage
from shared.mongo import Database, Document, Index, ReturnDocument, Transaction
from shared.paging import Page, PageRequest, read_page

COLLECTION = "messages"
COUNTERS = "counters"
INDEXES: dict[str, list[Index]] = {
    COLLECTION: [
        Index([("sequence", 1)], unique=True),
        Index([("hub_id", 1), ("sequence", 1)]),
    ],
    COUNTERS: [],
}


async def append(transaction: Transaction, messages: Sequence[Callable[[int], LoggedMessage]]) -> None:
    """Put messages into the log, in this order; each is made from the sequence it gets."""
    if not messages:
        return
    counter = await transaction.database[COUNTERS].find_one_and_update(
        {"_id": COLLECTION},
        {"$inc": {"last": len(messages)}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    first = counter["last"] - len(messages) + 1
    await transaction.database[COLLECTION].insert_many(
        [_document(message(sequence)) for sequence, message in enumerate(messages, first)]
    )


async def bodies(database: Database, message_ids: Sequence[str]) -> dict[str, bytes]:
    """The bytes of these messages, by id; those that are not in the log are left out."""
    found = database[COLLECTION].find({"_id": {"$in": list(set(message_ids))}}, {"body": 1})
    return {row["_id"]: bytes(row["body"]) async for row in found}


async def by_ids(database: Database, ids: Sequence[str], hubs: Ids[str] | None) -> list[LoggedMessage]:
    """Those of these messages that concern `hubs` (`None`: any hub)."""
    wanted = {"_id": {"$in": list(ids)}, **_of_hubs(hubs)}
    return [_message(row) async for row in database[COLLECTION].find(wanted)]


async def page(
    database: Database,
    hubs: Ids[str] | None,
    topics: Sequence[str] | None,
    after_sequence: int,
    asked: str,
    request: PageRequest,
) -> Page[LoggedMessage]:
    """The messages of `hubs` (`None`: every hub) with these topics (`None`: any), ascending by sequence.

    Begins after `after_sequence` and after the request's cursor; `asked` names the filter. Several hubs are read in one
    snapshot: MongoDB reads one after the other, and what came meanwhile would hide what came before it.
    """
    wanted: Document = {**_of_hubs(hubs), "sequence": {"$gt": after_sequence}}
    if topics is not None:
        wanted["topic"] = {"$in": list(topics)}

    async def work(transaction: Transaction | None = None) -> Page[LoggedMessage]:
        return await read_page(
            database[COLLECTION], wanted, request, [("sequence", 1)], [int], _message, scope=f"messages:{asked}"
        )

    return await (database.transaction(work) if hubs is not None and len(hubs) > 1 else work())


def _of_hubs(hubs: Ids[str] | None) -> Document:
    return {} if hubs is None else {"hub_id": {"$in": list(hubs)}}


def _document(message: LoggedMessage) -> Document:
    fields: Document = message.model_dump(exclude={"id"})
    return {"_id": message.id, **fields}


def _message(document: Document) -> LoggedMessage:
    return LoggedMessage(id=document["_id"], **{k: v for k, v in document.items() if k != "_id"})
