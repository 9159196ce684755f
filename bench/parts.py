"""A MongoDB and a RabbitMQ for measurements, in a temporary folder, and the settings for them."""

import base64
import contextlib
import secrets
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pydantic import SecretStr

from deploy.local.mongo import Mongo
from deploy.local.ports import free_ports
from deploy.local.rabbitmq import RabbitMQ
from shared.settings import Settings


@contextlib.contextmanager
def bench_settings() -> Iterator[Settings]:
    """Run both parts while the block runs; yields the settings for them."""
    with tempfile.TemporaryDirectory(prefix="mycelium-bench-") as folder:
        mongo_port, amqp_port = free_ports(0, 0)
        mongo, rabbitmq = Mongo(Path(folder) / "mongo", mongo_port), RabbitMQ(Path(folder) / "rabbitmq", amqp_port)
        try:
            mongo.start()
            rabbitmq.start()
            mongo.wait_ready()
            rabbitmq.wait_ready()
            yield Settings(
                _env_file=None,
                environment="test",
                namespace="bench",
                mongo_url=mongo.url,
                amqp_url=rabbitmq.url,
                secret=SecretStr(base64.urlsafe_b64encode(secrets.token_bytes(32)).decode()),
                webhooks_allow_private=True,
                log_level="ERROR",
            )
        finally:
            rabbitmq.stop()
            mongo.stop()
