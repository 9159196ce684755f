"""Numbers for `/metrics`: the parts keep plain counters, and each scrape reads them."""

from collections import Counter
from collections.abc import Callable, Iterable

from prometheus_client import CollectorRegistry, Histogram, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

LATENCY_BUCKETS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0)


class Counters:
    """Counts by name. Only one thread uses them, so there are no locks."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, name: str, count: int = 1) -> None:
        """Add `count` to the counter of this name."""
        self._counts[name] += count

    def __getitem__(self, name: str) -> int:
        return self._counts[name]

    def items(self) -> Iterable[tuple[str, int]]:
        """Each name and its count."""
        return self._counts.items()


class Metrics(Collector):
    """One application's registry: request latencies, counters of its parts, gauges."""

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
        """Add a family of counters: `read()` returns (label, count) pairs and is called at each scrape."""
        self._counters[name] = (about, read)

    def gauge(self, name: str, about: str, value: float) -> None:
        """Set a gauge to its current value."""
        self._gauges[name] = (about, value)

    def collect(self) -> Iterable[Metric]:
        """The metrics of one scrape; prometheus-client calls this."""
        for name, (about, read) in self._counters.items():
            counter = CounterMetricFamily(name, about, labels=["what"])
            for label, count in read():
                counter.add_metric([label], count)
            yield counter
        for name, (about, value) in self._gauges.items():
            yield GaugeMetricFamily(name, about, value=value)

    def text(self) -> bytes:
        """All metrics in Prometheus's text format."""
        return generate_latest(self.registry)
