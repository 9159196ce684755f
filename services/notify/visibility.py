"""Which hubs a caller's webhooks and messages may concern: those it looks after, the hubs below included."""

from collections.abc import Sequence

from shared.auth import Principal


def hubs_to_show(principal: Principal, asked: Sequence[str] = ()) -> frozenset[str] | None:
    """The hubs asked for, or all when none are, as far as the caller looks after them. `None`: every hub there is."""
    if principal.everywhere:
        return frozenset(asked) if asked else None
    return principal.steward_of & frozenset(asked) if asked else principal.steward_of
