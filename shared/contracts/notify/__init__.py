"""What notify promises: how does word get out? One module a feature."""

from shared.contracts.notify import deliveries, endpoints, log, topics

FEATURES = (endpoints, deliveries, log, topics)
