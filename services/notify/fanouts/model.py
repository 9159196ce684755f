"""A message whose deliveries are not all made yet, and the rule that says when that is so. Pure."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime

from shared.values import Stored

MOST_AT_ONCE = 1000
"""How many deliveries one transaction may make for messages that were just taken in."""

MOST_OF_ONE_HUB = 100
"""How many endpoints of a hub are read while messages are taken in."""

CHUNK = 100
"""How many deliveries one transaction may make for a fan-out."""


class Fanout(Stored):
    """What is left to do for the message with this id: deliveries to the endpoints of `hubs` with ids after `after`.

    Endpoints made after `at`, when the message came, do not hear it.
    """

    id: str
    hub_id: str
    hubs: tuple[str, ...]
    topic: str
    at: datetime
    after: str = ""


def delivered_at_once(hub_of: Mapping[str, str], counts: Mapping[str, int]) -> set[str]:
    """Which of these messages get their deliveries at once: as many as fit, those of the hubs with the fewest first.

    `hub_of`: the hub of each message, by its id. `counts`: how many deliveries each needs.
    """
    of_hub: Counter[str] = Counter()
    for message_id, hub_id in hub_of.items():
        of_hub[hub_id] += counts[message_id]
    left = MOST_AT_ONCE
    chosen: set[str] = set()
    for message_id in _fewest_first(hub_of, of_hub):
        if counts[message_id] <= left:
            left -= counts[message_id]
            chosen.add(message_id)
    return chosen


def _fewest_first(hub_of: Mapping[str, str], of_hub: Mapping[str, int]) -> Sequence[str]:
    return sorted(hub_of, key=lambda message_id: of_hub[hub_of[message_id]])
