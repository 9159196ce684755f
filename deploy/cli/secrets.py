"""Writes new secrets for a deployment to a file. It replaces none: data sealed with the old one would be lost."""

import base64
import os
import secrets
from pathlib import Path

from dotenv import dotenv_values

from deploy.cli.screen import fail

NAMES = ("MYCELIUM_SECRET", "MYCELIUM_SIGNING_KEY", "RABBITMQ_PASSWORD")
"""The secret for internal tokens, the signing key for access tokens, and RabbitMQ's password in compose."""


def write_secrets(file: Path) -> list[str]:
    """Add the secrets that the file does not set yet, and return their names.

    Creates the file if needed, readable by this account only. Ends the command when there is nothing to add, when the
    file cannot be written, and when the file exists but is empty: a shell's `>` empties a file before the command runs,
    and new secrets would hide the loss of the old ones.
    """
    try:
        return _write(file)
    except OSError as error:
        raise fail(f"{file} cannot be written: {error.strerror}. Nothing was changed.") from None


def _write(file: Path) -> list[str]:
    try:
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        return _add(file)
    with open(descriptor, "w") as stream:
        stream.write(_lines(list(NAMES)))
    return list(NAMES)


def _add(file: Path) -> list[str]:
    text = file.read_text()
    if not text.strip():
        raise fail(
            f"{file} is empty; a shell's `>` empties a file before the command runs. If it held secrets, bring them "
            f"back from a copy: with other ones nobody gets in. If it never did, delete it and run this again."
        )
    known = dotenv_values(file)
    missing = [name for name in NAMES if not known.get(name)]
    if not missing:
        raise fail(f"{file} has all of them; nothing was changed. How to change one is in docs/operator.md.")
    with file.open("a") as stream:
        stream.write(("" if text.endswith("\n") else "\n") + _lines(missing))
    return missing


def _lines(names: list[str]) -> str:
    return "".join(f"{name}={_random()}\n" for name in names)


def _random() -> str:
    """32 random bytes in base64url, without padding, so that it can be part of a URL."""
    return base64.urlsafe_b64encode(secrets.token_bytes(32)).rstrip(b"=").decode()
