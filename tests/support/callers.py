"""Callers that are the same for every service."""

from shared.auth import Principal
from shared.ids import new_id


def an_operator() -> Principal:
    """A key that opens everything everywhere."""
    return Principal(kind="client", id=new_id("key"), scopes=frozenset({"community:admin"}), everywhere=True)
