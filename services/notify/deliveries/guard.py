"""Says where a webhook may go: only to addresses of the public internet, looked up once and then pinned.

Whoever connects uses the addresses of a `Target` and never asks for the name again, so that a name which
answers differently the second time (DNS rebinding) gains nothing. What is not understood is refused.
"""

import re
import time
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta
from ipaddress import (
    AddressValueError,
    IPv4Address,
    IPv4Network,
    IPv6Address,
    IPv6Network,
    ip_address,
    ip_network,
)

from services.notify.deliveries.lookups import LookUp, LookupPutOff, LookUps, SystemLookUp
from shared.errors import Invalid, Path

LONGEST_URL = 2000
REMEMBERED_FOR = timedelta(seconds=30)
REMEMBERED_HOSTS = 4096


class WebhookAddressRefused(Invalid):
    """The URL is malformed, or leads to a place a webhook may not go."""

    code = "webhook_address_refused"
    message = "Webhooks are not sent to this address."


class WebhookHostUnknown(Invalid):
    """The host's name has no address now."""

    code = "webhook_host_unknown"
    message = "The host of this address could not be looked up."


@dataclass(frozen=True, slots=True)
class WebhookUrl:
    """A URL taken apart. `host` is a lower-case name, or an address in canonical text without brackets."""

    scheme: str
    host: str
    port: int
    path_and_query: str

    @property
    def is_literal(self) -> bool:
        """Whether the host is an address, not a name."""
        return ":" in self.host or _ends_in_a_number(self.host)

    @property
    def authority(self) -> str:
        """What the `Host` header says: the port is left out when it is the scheme's own."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return host if self.port == _PORTS[self.scheme] else f"{host}:{self.port}"


@dataclass(frozen=True, slots=True)
class Target:
    """A URL and the vetted addresses, in order of preference, that are the only ones to connect to."""

    url: WebhookUrl
    addresses: tuple[str, ...]


class Guard:
    """Vets webhook URLs. `allow_private` opens plain http, loopback and private networks, for development.

    `look_up` stands in for the system's resolver. Vetted addresses are remembered for `remember`, since a
    delivery is mostly followed by another one to the same host.
    """

    def __init__(
        self,
        *,
        allow_private: bool = False,
        look_up: LookUp | None = None,
        remember: timedelta = REMEMBERED_FOR,
    ) -> None:
        self._allow_private = allow_private
        self.lookups = LookUps(look_up or SystemLookUp())
        self._remember = remember.total_seconds()
        self._remembered: dict[str, tuple[float, tuple[str, ...]]] = {}

    async def vet(self, url: str, path: Path = ("url",), *, hub_id: str = "") -> Target:
        """Give the addresses a webhook to `url` may connect to; a lookup is counted as this hub's.

        Raises `WebhookAddressRefused` when the URL is malformed or any address of its host is not allowed,
        `WebhookHostUnknown` when the host has none, and `LookupPutOff` when it could not be looked up for want of our
        own means. All name the field `path`.
        """
        parsed = parse(url, allow_private=self._allow_private, path=path)
        until, addresses = self._remembered.get(parsed.host, (0.0, ()))
        if until <= time.monotonic():
            addresses = await self._vetted_addresses(parsed, path, hub_id)
            self._keep(parsed.host, addresses)
        return Target(parsed, addresses)

    async def _vetted_addresses(self, url: WebhookUrl, path: Path, hub_id: str) -> tuple[str, ...]:
        if url.is_literal:
            found: Sequence[str] = [url.host]
        else:
            try:
                found = await self.lookups.addresses(url.host, hub_id)
            except LookupPutOff as put_off:
                raise LookupPutOff(path=path) from put_off
            except OSError:  # TimeoutError is one
                found = []
        if not found:
            raise WebhookHostUnknown(path=path)
        # All must be good: a name server that gives one bad answer is not trusted with the others.
        if not all(is_allowed(each, allow_private=self._allow_private) for each in found):
            raise WebhookAddressRefused(message="This host is not on the public internet.", path=path)
        return tuple(dict.fromkeys(found))

    def forget(self) -> None:
        """Remember no addresses."""
        self._remembered.clear()

    def _keep(self, host: str, addresses: tuple[str, ...]) -> None:
        if self._remember <= 0:
            return
        self._remembered.pop(host, None)
        while len(self._remembered) >= REMEMBERED_HOSTS:
            del self._remembered[next(iter(self._remembered))]
        self._remembered[host] = (time.monotonic() + self._remember, addresses)


# --- the URL ---

_PORTS = {"https": 443, "http": 80}
_URL = re.compile(r"(?P<scheme>[a-z]+)://(?P<authority>[^/?]*)(?P<rest>[/?].*)?", re.IGNORECASE)
_AUTHORITY = re.compile(r"(?P<host>\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::(?P<port>[0-9]{1,5}))?", re.IGNORECASE)
_LABEL = re.compile(r"[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?")
_NUMBER = re.compile(r"[0-9]+|0x[0-9a-f]*")
# RFC 6761, 6762, 7686 and 8375, ICANN's `internal`, and what private networks call themselves.
_LOCAL = re.compile(
    r"(?:.*\.)?(?:localhost|local|localdomain|internal|intranet|private|corp|home|lan|home\.arpa|onion|test|invalid)"
)
# Ports from 1024 up on which other protocols than HTTP listen: the Fetch standard, "port blocking".
_OTHER_PROTOCOLS = frozenset(
    [1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060, 5061, 6000, 6566, *range(6665, 6670), 6679, 6697, 10080]
)


def parse(url: str, *, allow_private: bool = False, path: Path = ("url",)) -> WebhookUrl:
    """Take a webhook URL apart without looking anything up; raise `WebhookAddressRefused` for a bad one.

    Good is an absolute `https` URL in printable ASCII (RFC 3986), without credentials or fragment, to a full
    host name or an address in its one canonical form, on port 443 or an ordinary one from 1024 up.
    `allow_private` opens `http`, local names and all ports.
    """

    def refuse(message: str) -> WebhookAddressRefused:
        return WebhookAddressRefused(message=message, path=path)

    if len(url) > LONGEST_URL:
        raise refuse(f"Give a URL of at most {LONGEST_URL} characters.")
    if not all("!" <= character <= "~" for character in url) or "\\" in url:
        raise refuse("Write the URL in plain ASCII: names as `xn--…`, other characters percent-encoded.")
    if "#" in url:
        raise refuse("Give a URL without a fragment (`#…`).")
    parts = _URL.fullmatch(url)
    scheme = parts["scheme"].lower() if parts else ""
    if parts is None or scheme not in _PORTS or (scheme == "http" and not allow_private):
        raise refuse("Give a URL that begins with `https://`.")
    if "@" in parts["authority"]:
        raise refuse("Give a URL without a name or password in it.")
    authority = _AUTHORITY.fullmatch(parts["authority"])
    if authority is None:
        raise refuse("Give a URL with a plain host name, such as `https://example.org/hook`.")
    host = _canonical_host(authority["host"].lower(), allow_private)
    if host is None:
        raise refuse("Give the full public name of a host.")
    port = int(authority["port"] or _PORTS[scheme])
    if not 1 <= port <= 65535 or not (
        allow_private or port == _PORTS[scheme] or (port >= 1024 and port not in _OTHER_PROTOCOLS)
    ):
        raise refuse("Give port 443, or one from 1024 up that serves HTTPS.")
    rest = parts["rest"] or "/"
    return WebhookUrl(scheme, host, port, rest if rest.startswith("/") else f"/{rest}")


def _canonical_host(host: str, allow_private: bool) -> str | None:
    """The host as a name or as an address in canonical text, or `None` when it is neither."""
    if host.startswith("["):
        try:
            return str(IPv6Address(host[1:-1]))
        except AddressValueError:
            return None
    if _ends_in_a_number(host):
        try:
            # The strict form alone: four decimal numbers without leading zeros. The others (`127.1`,
            # `0177.0.0.1`, `0x7f000001`, `2130706433`) are understood by resolvers, and differently by each.
            return str(IPv4Address(host))
        except AddressValueError:
            return None
    labels = host.split(".")
    if len(host) > 253 or not all(_LABEL.fullmatch(label) for label in labels):
        return None  # an empty label too: a trailing dot, or two in a row
    is_local = len(labels) == 1 or _LOCAL.fullmatch(host) is not None
    return None if is_local and not allow_private else host


def _ends_in_a_number(host: str) -> bool:
    """Whether a resolver could take the host for an IPv4 address (WHATWG URL, "ends in a number")."""
    return _NUMBER.fullmatch(host.rsplit(".", 1)[-1]) is not None


# --- the address ---

# IANA's special-purpose address registries, whole blocks, without the exceptions inside them. Python's
# `is_global` is not used: what it says differs between its patch releases.
_NOT_PUBLIC_4 = tuple(
    IPv4Network(block)
    for block in (
        "0.0.0.0/8",  # this network, unspecified
        "10.0.0.0/8",
        "100.64.0.0/10",  # carrier-grade NAT; one cloud's metadata service
        "127.0.0.0/8",
        "168.63.129.16/32",  # Azure's own services in every virtual machine: public in name only
        "169.254.0.0/16",  # link-local; most clouds' metadata services
        "172.16.0.0/12",
        "192.0.0.0/24",  # protocol assignments
        "192.0.2.0/24",  # documentation
        "192.31.196.0/24",  # AS112
        "192.52.193.0/24",  # AMT
        "192.88.99.0/24",  # 6to4 relays
        "192.168.0.0/16",
        "192.175.48.0/24",  # AS112
        "198.18.0.0/15",  # benchmarking
        "198.51.100.0/24",  # documentation
        "203.0.113.0/24",  # documentation
        "224.0.0.0/4",  # multicast
        "240.0.0.0/4",  # reserved, broadcast
    )
)
# Only this is assigned as global unicast; outside it lie mapped, compatible, NAT64 and local addresses.
_GLOBAL_UNICAST_6 = IPv6Network("2000::/3")
_NOT_PUBLIC_6 = tuple(
    IPv6Network(block)
    for block in (
        "2001::/23",  # protocol assignments: Teredo, ORCHID, benchmarking
        "2001:db8::/32",  # documentation
        "2002::/16",  # 6to4
        "2620:4f:8000::/48",  # AS112
        "3ffe::/16",  # the 6bone, given back
        "3fff::/20",  # documentation
    )
)
_ISATAP = (0x00005EFE, 0x02005EFE)  # the middle of an address that holds an IPv4 one, RFC 5214 section 6.1
_PRIVATE = tuple(
    ip_network(block)
    for block in ("127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "::1/128", "fc00::/7")
)
_METADATA_6 = (IPv6Address("fd00:ec2::254"), IPv6Address("fd20:ce::254"))


def is_allowed(address: str, *, allow_private: bool = False) -> bool:
    """Whether a webhook may connect to this address, given as text. What does not parse is not allowed.

    Global unicast only. `allow_private` adds loopback and private networks, and nothing else: link-local,
    metadata services, multicast and addresses that carry another inside stay closed.
    """
    try:
        parsed = ip_address(address)
    except ValueError:
        return False
    if isinstance(parsed, IPv6Address) and parsed.scope_id is not None:
        return False
    if allow_private and parsed not in _METADATA_6 and any(parsed in network for network in _PRIVATE):
        return True
    if isinstance(parsed, IPv4Address):
        return not any(parsed in network for network in _NOT_PUBLIC_4)
    return (
        parsed in _GLOBAL_UNICAST_6
        and not any(parsed in network for network in _NOT_PUBLIC_6)
        and (int(parsed) >> 32) & 0xFFFFFFFF not in _ISATAP
    )
