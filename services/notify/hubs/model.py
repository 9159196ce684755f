"""A hub as notify has heard of it. Pure."""

from shared.values import Stored


class KnownHub(Stored):
    """A hub and the hubs above it, nearest first."""

    id: str
    ancestors: tuple[str, ...] = ()
    version: int = 0

    @property
    def lineage(self) -> list[str]:
        """The hub and those above it."""
        return [self.id, *self.ancestors]
