"""Numbers for `/metrics`: plain counters kept by the parts, gathered when asked for."""

from collections import Counter
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Counters:
    """Counts by name. One thread only, so no locks."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, name: str, count: int = 1) -> None:
        """Count so many more."""
        self._counts[name] += count

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def items(self) -> Iterable[tuple[str, int]]:
        """Each name and its count."""
        return self._counts.items()


class Metrics(Collector):
    """One application's registry: request latencies, counters of its parts, gauges read at scrape time."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.requests = Histogram(
            "mycelium_http_request_seconds",
            "How long requests took.",
            ["method", "route", "status"],
            registry=self.registry,
            buckets=LATENCY_BUCKETS,
        )
        self._counters: dict[str, tuple[str, Callable[[], Iterable[tuple[str, int]]]]] = {}
        self._gauges: dict[str, tuple[str, float]] = {}
        self.registry.register(self)

    def count(self, name: str, about: str, read: Callable[[], Iterable[tuple[str, int]]]) -> None:
        """Show counters: `read()` gives (label, count) pairs."""
        self._counters[name] = (about, read)

    def gauge(self, name: str, about: str, value: float) -> None:
        """Show a number as it is now."""
        self._gauges[name] = (about, value)

    def collect(self) -> Iterable[Metric]:
        """Called by prometheus-client."""
        for name, (about, read) in self._counters.items():
            counter = CounterMetricFamily(name, about, labels=["what"])
            for label, count in read():
                counter.add_metric([label], count)
            yield counter
        for name, (about, value) in self._gauges.items():
            yield GaugeMetricFamily(name, about, value=value)

    def text(self) -> bytes:
        """The exposition format Prometheus reads."""
        return generate_latest(self.registry)
