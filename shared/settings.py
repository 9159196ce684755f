"""All settings of all parts, read from the environment (`MYCELIUM_…`) or `.env`. The defaults suit the local stack.

`.env.example` is generated from them, with a sentence for each; a test compares the two.
"""

import base64
import binascii
from collections.abc import Iterable
from typing import Any, Literal

from pydantic import (
    Field,
    ModelWrapValidatorHandler,
    SecretStr,
    ValidationError,
    ValidationInfo,
    field_validator,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from shared.faults import code_and_sentence, fault

SERVICES = ("membership", "events", "learning", "notify")
PREFIX = "MYCELIUM_"
OTHERS = frozenset({"MYCELIUM_GRAPHQL", "MYCELIUM_KEY"})
"""Variables that only the examples read. Variables that begin with `MYCELIUM_TEST_` belong to the tests."""


class SettingsRefused(SystemExit):
    """Some settings are wrong: one line for each names the variable, never the value, which may be a secret.

    It ends the process with these lines and without a traceback, which would not help the operator.
    """


class Settings(BaseSettings):
    """What an operator may set. Secrets are 32 bytes or more in base64url and have no default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_file=".env", extra="ignore", frozen=True)

    environment: Literal["production", "local", "test"] = Field(
        "production",
        description="Where this runs. Settings that are for development only are allowed in `local` and `test`.",
    )
    namespace: str = Field(
        "", pattern=r"^[a-z0-9_-]{0,24}$", description="A prefix of the names of databases, exchanges and queues."
    )
    mongo_url: str = Field(
        "mongodb://127.0.0.1:27017/?replicaSet=rs0", description="MongoDB, a replica set of one node or more."
    )
    mongo_driver: Literal["motor", "pymongo"] = Field(
        "motor", description="The driver: `motor`, or PyMongo's own async client."
    )
    amqp_url: str = Field("amqp://guest:guest@127.0.0.1:5672/", description="RabbitMQ 3.10 or later.")
    membership_url: str = Field("http://127.0.0.1:8101", description="Where the membership service answers.")
    events_url: str = Field("http://127.0.0.1:8102", description="Where the events service answers.")
    learning_url: str = Field("http://127.0.0.1:8103", description="Where the learning service answers.")
    notify_url: str = Field("http://127.0.0.1:8104", description="Where the notify service answers.")
    public_url: str = Field("http://127.0.0.1:8080", description="The gateway's public address.")
    secret: SecretStr = Field(
        ..., description="Signs internal tokens and seals stored replies. The same for every part."
    )
    signing_key: SecretStr | None = Field(
        None, description="Ed25519 seed (32 bytes) that signs access tokens. Only membership needs it."
    )
    smtp_url: str = Field(
        "smtp://127.0.0.1:1025",
        description="The mail server: smtp:// or smtps://. In compose it must be set: "
        "`smtp://mailpit:1025` only catches and shows mail.",
    )
    mail_from: str = Field("Mycelium <no-reply@example.org>", description="The sender of all mail.")
    webhooks_allow_private: bool = Field(
        False,
        description="Allow webhooks to private addresses and over plain http. Refused in production.",
    )
    webhook_endpoints_per_hub: int = Field(
        50, ge=1, le=10_000, description="Webhook endpoints a hub may have, whatever their status."
    )
    graphiql: bool = Field(False, description="Show the GraphiQL page at the gateway, in production too.")
    cors_origins: str = Field(
        "", description="Origins whose pages may call the gateway, separated by commas. Empty: none."
    )
    body_limit: int = Field(1_048_576, ge=1024, description="The largest request body that is accepted, in bytes.")
    consumer_prefetch: int = Field(64, ge=1, le=2000, description="Messages a consumer may hold unacknowledged.")
    relay_batch: int = Field(200, ge=1, le=1000, description="Messages the relay publishes in one confirmed batch.")
    relay_lease_seconds: float = Field(
        10.0, ge=1, description="How long a relay leases outbox rows before another relay may take them."
    )
    relay_sweep_seconds: float = Field(
        1.0, gt=0, description="How often the relay looks for rows that a crash left unpublished."
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="The lowest level that is logged."
    )
    log_format: Literal["json", "console"] = Field("json", description="JSON lines, or lines for people.")
    otlp_endpoint: str | None = Field(
        None, description="OpenTelemetry collector (OTLP over HTTP). Empty: traces are not exported."
    )
    shutdown_seconds: float = Field(10.0, gt=0, description="How long shutdown waits for work in progress.")

    @model_validator(mode="wrap")
    @classmethod
    def _told_by_variable(cls, values: Any, read: ModelWrapValidatorHandler["Settings"]) -> "Settings":
        try:
            return read(values)
        except ValidationError as error:
            fields = cls.model_fields
            faults = [(str(each["loc"][0]), code_and_sentence(each)[1]) for each in error.errors()]
            lines = [f"{variable(name)}: {sentence} ({fields[name].description})" for name, sentence in faults]
            raise SettingsRefused("\n".join(lines)) from None

    @field_validator("log_level", mode="before")
    @classmethod
    def _in_any_case(cls, value: Any) -> Any:
        return value.strip().upper() if isinstance(value, str) else value

    @field_validator("webhooks_allow_private")
    @classmethod
    def _in_development_only(cls, value: bool, info: ValidationInfo) -> bool:
        if value and info.data.get("environment") == "production":
            raise fault("invalid_value", "Leave this out while MYCELIUM_ENVIRONMENT is `production`.")
        return value

    @field_validator("secret", "signing_key")
    @classmethod
    def _long_enough(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and len(decode_secret(value)) < 32:
            raise ValueError("give at least 32 random bytes in base64url")
        return value

    def name(self, plain: str) -> str:
        """The name of a database, an exchange or a queue, with this deployment's namespace in front."""
        return f"{self.namespace}.{plain}" if self.namespace else plain

    def database_name(self, service: str) -> str:
        """The name of a service's MongoDB database (a dot is not allowed in it)."""
        return f"{self.namespace}-{service}" if self.namespace else service

    def service_url(self, service: str) -> str:
        """The address of a service, without a trailing slash."""
        return str(getattr(self, f"{service}_url")).rstrip("/")


def variable(name: str) -> str:
    """The name of a setting's environment variable."""
    return f"{PREFIX}{name}".upper()


def unknown_variables(names: Iterable[str]) -> list[str]:
    """The names that begin with `MYCELIUM_` but are no setting, sorted: they are probably misspelt."""
    known = {variable(name) for name in Settings.model_fields} | OTHERS
    ours = (name for name in map(str.upper, names) if name.startswith(PREFIX) and not name.startswith("MYCELIUM_TEST_"))
    return sorted(set(ours) - known)


def decode_secret(secret: SecretStr) -> bytes:
    """The bytes of a base64url setting, with or without padding. Raises `ValueError` for anything else."""
    text = secret.get_secret_value().strip()
    try:
        return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)
    except (binascii.Error, ValueError):
        raise ValueError("give at least 32 random bytes in base64url") from None
