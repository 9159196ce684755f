"""What a subscription may say: a topic (`events.event_published`), or all of one service's (`events.*`)."""

from collections.abc import Iterable, Sequence

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
        check_topic(pattern, (*path, position))
    return tuple(dict.fromkeys(wanted))


def check_topic(pattern: str, path: Path = ("topic",)) -> str:
    """Give back a usable pattern. Raises `TopicUnknown`."""
    if not any(is_wanted(cls.topic, (pattern,)) for cls in public_messages()):
        raise TopicUnknown(path=path)
    return pattern


def is_wanted(topic: str, patterns: Sequence[str]) -> bool:
    """Whether a subscription with these patterns includes the topic. No patterns: all topics."""
    return not patterns or any(
        topic == pattern or (pattern.endswith(ALL_OF) and topic.partition(".")[0] == pattern.removesuffix(ALL_OF))
        for pattern in patterns
    )
