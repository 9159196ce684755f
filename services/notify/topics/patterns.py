"""The patterns of a subscription: a topic (`events.event_published`), or all of one service's (`events.*`)."""

from collections.abc import Iterable
from functools import lru_cache

from shared.contracts import public_messages
from shared.errors import Invalid, Path

ALL_OF = ".*"


class TopicUnknown(Invalid):
    """No public message has this topic."""

    code = "topic_unknown"
    message = "There is no such public topic. Give one of the catalogue, or all of a service's, as `events.*`."


def check_topics(patterns: Iterable[str], path: Path = ("topics",)) -> tuple[str, ...]:
    """Give back usable patterns, each once. Raises `TopicUnknown` naming the place in the list."""
    wanted = list(patterns)
    for position, pattern in enumerate(wanted):
        if not topics_of((pattern,)):
            raise TopicUnknown(path=(*path, position))
    return tuple(dict.fromkeys(wanted))


@lru_cache(maxsize=4096)
def topics_of(patterns: tuple[str, ...]) -> frozenset[str]:
    """The public topics that these patterns include. No patterns: all of them.

    A fan-out asks this for thousands of endpoints, most of which have the patterns of another: so it is remembered.
    """
    topics = frozenset(cls.topic for cls in public_messages())
    if not patterns:
        return topics
    return frozenset(topic for topic in topics if any(_includes(each, topic) for each in patterns))


def is_wanted(topic: str, patterns: tuple[str, ...]) -> bool:
    """Whether a subscription with these patterns includes the public topic."""
    return topic in topics_of(patterns)


def _includes(pattern: str, topic: str) -> bool:
    return topic == pattern or (pattern.endswith(ALL_OF) and topic.partition(".")[0] == pattern.removesuffix(ALL_OF))
