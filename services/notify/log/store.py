"""The log as documents.

The counter is raised in the transaction that inserts the rows, so of two replicas one waits for the other: a reader
who sees a sequence has seen, or can see, all before it.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

from services.notify.log.model import LoggedMessage
from shared.mongo import Database, Index, ReturnDocument
from shared.paging import Page, PageRequest
from shared.store import Store

MESSAGES = Store(
    "messages",
    LoggedMessage,
    prefix="msg",
    indexes=[Index([("sequence", 1)], unique=True), Index([("hub_id", 1), ("sequence", 1)])],
)
COUNTERS = "counters"


async def append(database: Database, messages: Sequence[Callable[[int], LoggedMessage]]) -> None:
    """Put messages into the log, in this order; each is made from the sequence it gets."""
    if not messages:
        return
    counter = await database[COUNTERS].find_one_and_update(
        {"_id": MESSAGES.collection},
        {"$inc": {"last": len(messages)}},
        upsert=True,
        return_document=ReturnDocument.AFTER,
    )
    first = counter["last"] - len(messages) + 1
    await MESSAGES.of(database).insert_many(
        [MESSAGES.document(message(sequence)) for sequence, message in enumerate(messages, first)]
    )


async def bodies(database: Database, message_ids: Sequence[str]) -> dict[str, bytes]:
    """The bytes of these messages, by id; those that are not in the log are left out."""
    found = MESSAGES.of(database).find({"_id": {"$in": list(set(message_ids))}}, {"body": 1})
    return {row["_id"]: bytes(row["body"]) async for row in found}


async def page(
    database: Database, asked: Mapping[str, Any], request: PageRequest, visible: Mapping[str, Any]
) -> Page[LoggedMessage]:
    """The messages that match, ascending by sequence, and in no other order: who polls goes on from the last one.

    Those of several hubs are read in one snapshot: MongoDB reads one hub after the other, and what came meanwhile would
    hide what came before it.
    """
    read = partial(MESSAGES.page, database, asked, request, order=[("sequence", 1)], visible=visible)
    hubs = asked.get("hub_id") or visible.get("hub_id")
    return await (database.snapshot(read) if hubs is not None and len(hubs["$in"]) > 1 else read())
