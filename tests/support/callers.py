"""Callers that tests of all services use."""

from shared.auth import Principal
from shared.ids import new_id


def an_operator() -> Principal:
    """A key with all scopes for everything."""
    return Principal(kind="client", id=new_id("key"), scopes=frozenset({"community:admin"}), everywhere=True)
