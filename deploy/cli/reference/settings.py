"""The settings, as `.env.example` and as a page, generated from the class that reads them."""

import textwrap
from typing import Any, Literal, get_args, get_origin

from pydantic import SecretStr
from pydantic.fields import FieldInfo

from shared.settings import Settings, variable

HEAD = """\
# All settings of Mycelium, each with a description and its default. Copy this file to `.env`, and remove the `#` from
# the settings you change. Environment variables override the file. `make up` needs none of them; `docker compose up`
# needs the secrets.
"""
# Variables that only the compose file reads.
FOR_COMPOSE = (
    ("RABBITMQ_PASSWORD", "The password of RabbitMQ in compose: letters, digits, `-` and `_`.", "", True),
    ("SITE_ADDRESS", "Caddy's site address: `:80`, or a host name, for which it gets a certificate.", ":80", False),
    ("HTTP_PORT", "The port of this machine for Caddy over HTTP.", "8080", False),
    ("HTTPS_PORT", "The port of this machine for Caddy over HTTPS and HTTP/3.", "8443", False),
    ("MAILPIT_PORT", "The port on this machine's loopback address where Mailpit shows mail.", "8025", False),
)


def is_secret(field: FieldInfo) -> bool:
    """Whether the value is secret and must never be shown or logged."""
    return SecretStr in (field.annotation, *get_args(field.annotation))


def default_of(field: FieldInfo) -> str:
    """The default as it is written in `.env`; empty when there is none."""
    if field.is_required() or field.default is None:
        return ""
    return str(field.default).lower() if isinstance(field.default, bool) else str(field.default)


def choices_of(field: FieldInfo) -> list[str]:
    """The allowed values, if the setting allows only some."""
    return [str(word) for word in get_args(field.annotation)] if get_origin(field.annotation) is Literal else []


def env_example() -> str:
    """The text of `.env.example`."""
    fields = Settings.model_fields
    parts = [HEAD, "# --- Secrets: `mycelium secrets` adds new ones to `.env`. There are no defaults.\n"]
    parts += [_lines(variable(name), _sentence(field), "", True) for name, field in fields.items() if is_secret(field)]
    parts += [_lines(*each) for each in FOR_COMPOSE if each[3]]
    parts.append("# --- All other settings.\n")
    parts += [
        _lines(variable(name), _sentence(field), default_of(field), False)
        for name, field in fields.items()
        if not is_secret(field)
    ]
    parts.append("# --- Only for docker-compose.yml.\n")
    parts += [_lines(*each) for each in FOR_COMPOSE if not each[3]]
    return "\n".join(parts)


def settings_page() -> str:
    """`docs/reference/settings.md`."""
    rows = [
        f"| `{variable(name)}` | {_kind(field)} | {_shown_default(field)} | {field.description} |"
        for name, field in Settings.model_fields.items()
    ]
    return "\n".join(
        [
            "# Settings",
            "",
            "All applications read the same settings, from the environment or else from `.env` in the current folder.",
            "",
            "| variable | takes | default | |",
            "|---|---|---|---|",
            *rows,
            "",
        ]
    )


def _sentence(field: FieldInfo) -> str:
    choices = ", ".join(choices_of(field))
    return f"{field.description} One of: {choices}." if choices else str(field.description)


def _lines(name: str, sentence: str, default: str, needed: bool) -> str:
    about = textwrap.fill(sentence, 118, initial_indent="# ", subsequent_indent="# ", break_on_hyphens=False)
    return f"{about}\n{'' if needed else '#'}{name}={default}\n"


def _kind(field: FieldInfo) -> str:
    choices = choices_of(field)
    if choices:
        return ", ".join(f"`{word}`" for word in choices)
    if is_secret(field):
        return "a secret (base64url, 32 bytes or more)"
    plain: Any = next((part for part in get_args(field.annotation) if part is not type(None)), field.annotation)
    words = {bool: "`true` or `false`", int: "a whole number", float: "a number", str: "text"}
    return words[plain] + _limits(field)


def _limits(field: FieldInfo) -> str:
    signs = {"ge": "≥", "gt": ">", "le": "≤", "lt": "<"}
    limits = [
        f"{sign} {getattr(limit, name)}"
        for limit in field.metadata
        for name, sign in signs.items()
        if getattr(limit, name, None) is not None
    ]
    pattern = next((limit.pattern for limit in field.metadata if getattr(limit, "pattern", None)), None)
    return "".join(f", {limit}" for limit in limits) + (f" matching `{pattern}`" if pattern else "")


def _shown_default(field: FieldInfo) -> str:
    if field.is_required():
        return "none: must be set"
    return f"`{default_of(field)}`" if default_of(field) else "empty"
