"""The only package that imports a MongoDB driver: client, collections, transactions, indexes.

Motor is the default; a setting chooses PyMongo's own async client. Stores use the calls that both have; this package
wraps those that differ. Inside `Database.transaction(work)`, every read and write through the database joins the
transaction automatically; `Database.outside_transaction(name)` reads and writes outside it.
"""

from bson.binary import Binary
from bson.raw_bson import RawBSONDocument
from pymongo import DeleteOne, InsertOne, ReplaceOne, ReturnDocument, UpdateOne
from pymongo.errors import AutoReconnect as Unreachable
from pymongo.errors import BulkWriteError, DuplicateKeyError, PyMongoError

from shared.mongo.client import Mongo
from shared.mongo.collection import Collection, Document
from shared.mongo.database import Database, watch
from shared.mongo.documents import has_run_out, keep_newest, save_versioned
from shared.mongo.indexes import Index
from shared.mongo.transaction import Stale, TooBusy, Transaction, expect_version

__all__ = [
    "Binary",
    "BulkWriteError",
    "Collection",
    "Database",
    "DeleteOne",
    "Document",
    "DuplicateKeyError",
    "Index",
    "InsertOne",
    "Mongo",
    "PyMongoError",
    "RawBSONDocument",
    "ReplaceOne",
    "ReturnDocument",
    "Stale",
    "TooBusy",
    "Transaction",
    "Unreachable",
    "UpdateOne",
    "expect_version",
    "has_run_out",
    "keep_newest",
    "save_versioned",
    "watch",
]
