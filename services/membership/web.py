"""Addresses on the web. A site may well make links of them, so nothing passes that does more than lead to a page."""

import re
import unicodedata
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator

from services.membership.fields import Line

_LABEL = re.compile(r"[^\W_]([\w-]{0,61}[^\W_])?")
_UNSAFE = re.compile(r"[\s\\<>\"`{}|^]")
_NAME = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?")
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*:\S|(javascript|vbscript|data|file|blob|about)\s*:", re.IGNORECASE)


def web_address(value: str) -> str:
    """The address of a page (RFC 3986): http or https, a host with a dot in it, and nobody's name or password.

    Raises `ValueError`.
    """
    problem = "give a web address that begins with https://"
    if _UNSAFE.search(value) or any(unicodedata.category(c) in {"Cc", "Cf"} for c in value):
        raise ValueError(problem)
    try:
        parts = urlsplit(value)
        port = parts.port
    except ValueError:
        raise ValueError(problem) from None
    host = parts.hostname or ""
    is_only_host = parts.netloc.lower() in {host, f"{host}:{port}"}
    if parts.scheme not in {"http", "https"} or not is_only_host or port == 0 or not _is_host(host):
        raise ValueError(problem)
    return value


def fediverse_address(value: str) -> str:
    """`@name@host`, or the address of the page. Raises `ValueError`."""
    if value.startswith("@"):
        name, _, host = value[1:].partition("@")
        if _NAME.fullmatch(name) and _is_host(host):
            return value
    elif value.lower().startswith("https://"):
        return web_address(value)
    raise ValueError("write it as @name@example.org, or give a web address that begins with https://")


def no_other_scheme(value: str) -> str:
    """Any words; but what a browser would follow is the address of a page. Raises `ValueError`."""
    return web_address(value) if _SCHEME.match(value) else value


def _is_host(host: str) -> bool:
    labels = host.split(".")
    return len(host) <= 253 and len(labels) > 1 and all(_LABEL.fullmatch(label) for label in labels)


WebAddress = Annotated[Line, AfterValidator(web_address)]
