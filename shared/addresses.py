"""Checks of addresses: web pages, mail, telephone, fediverse. Pure; each returns the value or raises `ValueError`.

A site may turn them into links, so a link that does anything but open a page (`javascript:`) is refused.
"""

import re
import unicodedata
from urllib.parse import urlsplit

from pydantic import validate_email

from shared.faults import EMAIL_ADDRESS, WEB_ADDRESS, fault

_LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")
_UNSAFE = re.compile(r"[\s\\<>\"`{}|^]")
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S|(javascript|vbscript|data|file|blob|about)\s*:", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9 ().-]+")


def web_address(value: str) -> str:
    """A web address (RFC 3986): http or https, a host with a dot in it, no user name and no password."""
    if _UNSAFE.search(value) or any(unicodedata.category(c) in {"Cc", "Cf"} for c in value):
        raise fault(*WEB_ADDRESS)
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise fault(*WEB_ADDRESS) from None
    host = parts.hostname or ""
    is_only_host = parts.netloc.lower() in {host, f"{host}:{port}"}
    if parts.scheme not in {"http", "https"} or not is_only_host or port == 0 or not _is_host(host):
        raise fault(*WEB_ADDRESS)
    return value


def fediverse_address(value: str) -> str:
    """A fediverse account: `@name@host`, or the https address of its page."""
    if value.startswith("@"):
        name, _, host = value[1:].partition("@")
        if _NAME.fullmatch(name) and _is_host(host):
            return value
    elif value.lower().startswith("https://"):
        return web_address(value)
    raise fault(
        "not_a_web_address",
        "Write it as @name@example.org, or give a web address that begins with https:// or http://.",
    )


def no_other_scheme(value: str) -> str:
    """Any text, but one that begins with a URI scheme must be a web address."""
    return web_address(value) if _SCHEME.match(value) else value


def email_address(value: str) -> str:
    """A mail address in the form in which it is stored: lower case, the domain in ASCII (RFC 5890).

    An address with a non-ASCII name before the @ (RFC 6531) is refused.
    """
    stripped = value.strip()
    if len(stripped) > 254 or "<" in stripped:
        raise fault(*EMAIL_ADDRESS)
    try:
        normal = validate_email(stripped)[1]
    except ValueError:  # pydantic's message would repeat the input
        raise fault(*EMAIL_ADDRESS) from None
    name, _, domain = normal.rpartition("@")
    if not name.isascii():
        raise fault("not_an_email_address", "Write the part before the @ without accents.")
    labels = [label if label.isascii() else f"xn--{label.encode('punycode').decode()}" for label in domain.split(".")]
    return f"{name}@{'.'.join(labels)}".lower()


def phone_number(value: str) -> str:
    """A telephone number as it was written, with 5 to 15 digits (ITU-T E.164, section 6.1)."""
    if not _PHONE.fullmatch(value) or not 5 <= sum(character.isdigit() for character in value) <= 15:
        raise fault(
            "not_a_phone_number", "Give a telephone number: 5 to 15 digits, with spaces and + ( ) - . as you like."
        )
    return value


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return len(host) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)
