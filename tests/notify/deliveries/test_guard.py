"""Where webhooks may not go: hostile URLs and answers, with a real listener that must never be reached."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from datetime import timedelta

import aiohttp
import pytest

from services.notify.deliveries.guard import (
    Guard,
    WebhookAddressRefused,
    WebhookHostUnknown,
    is_allowed,
    parse,
)
from services.notify.deliveries.lookups import LookUps, SystemLookUp
from services.notify.deliveries.sending import Sender
from tests.support.cells import cells

NEVER = timedelta(0)


@dataclass
class Listener:
    """Counts who connects to any address of this machine, and hangs up."""

    port: int = 0
    connections: int = 0


@pytest.fixture
async def listener() -> AsyncIterator[Listener]:
    listening = Listener()

    async def hang_up(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        listening.connections += 1
        writer.transport.abort()

    async with AsyncExitStack() as servers:
        server = await servers.enter_async_context(await asyncio.start_server(hang_up, "0.0.0.0", 0))
        listening.port = server.sockets[0].getsockname()[1]
        with suppress(OSError):  # a machine without IPv6
            await servers.enter_async_context(await asyncio.start_server(hang_up, "::", listening.port))
        yield listening


def answering(*answers: Sequence[str]) -> Callable[[str], Awaitable[Sequence[str]]]:
    """A resolver that gives these answers one after the other, and then the last one for ever."""
    left = list(answers)

    async def look_up(_: str) -> Sequence[str]:
        return left.pop(0) if len(left) > 1 else left[0]

    return look_up


NUMBERS_IN_DISGUISE = [
    "2130706433",  # decimal
    "017700000001",  # octal
    "0x7f000001",  # hexadecimal
    "0X7F000001",
    "127.1",
    "127.0.1",
    "0177.0.0.1",
    "0x7f.1",
    "0x7f.0.0.1",
    "0x7f.0x0.0x0.0x1",
    "127.0.0.01",
    "127.0.0.1.",
    "127.0.0.1..",
    "0",
    "0x",
    "127.0.0.256",
    "127.0.0.1.1",
    "4294967297",  # 2**32 + 1: wraps round in a careless parser
    "1.2.3.4.0x7f000001",
    "%31%32%37.0.0.1",
    "127%2e0%2e0%2e1",
    "１２７.０.０.１",  # full-width digits
    "127。0。0。1",  # ideographic full stops
    "①②⑦.⓪.⓪.①",
    "١٢٧.0.0.1",  # Arabic-Indic digits
    "[::ffff:127.0.0.1]",  # mapped
    "[::ffff:7f00:1]",
    "[0:0:0:0:0:ffff:127.0.0.1]",
    "[::127.0.0.1]",  # compatible
    "[::ffff:0:127.0.0.1]",  # translated
    "[64:ff9b::7f00:1]",  # NAT64
    "[64:ff9b:1::7f00:1]",
    "[2002:7f00:1::]",  # 6to4
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]",  # Teredo
    "[2a00:1450:4001:82b::5efe:127.0.0.1]",  # ISATAP
    "[::1%25lo]",  # zones
    "[::1%lo]",
    "[fe80::1%25eth0]",
    "[::1",
    "::1",
    "[v1.::1]",
]
"""Hosts that some parser or resolver takes for an address. Refused even where private networks are open."""

LOCAL = [
    "127.0.0.1",
    "127.0.0.2",
    "127.255.255.254",
    "[::1]",
    "[0:0:0:0:0:0:0:1]",
    "10.0.0.1",
    "172.16.0.1",
    "172.31.255.255",
    "192.168.1.1",
    "[fc00::1]",
    "[fd12:3456:789a::1]",
    "localhost",
    "LOCALHOST",
    "localhost.",
    "localhost.localdomain",
    "ip6-localhost",
    "ip6-loopback",
    "hook.localhost",
    "printer.local",
    "redis",
    "mongo.internal",
    "metadata.google.internal",
    "router.home.arpa",
]
NEVER_PUBLIC = [
    "0.0.0.0",
    "0.1.2.3",
    "100.64.0.1",
    "100.100.100.200",  # a cloud's metadata
    "100.127.255.255",
    "168.63.129.16",
    "169.254.169.254",
    "192.0.0.1",
    "192.0.0.192",
    "192.0.2.1",
    "192.88.99.1",
    "198.18.0.1",
    "198.19.255.255",
    "198.51.100.7",
    "203.0.113.9",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "[::]",
    "[100::1]",
    "[2001:2::1]",
    "[2001:10::1]",
    "[2001:20::1]",
    "[2001:db8::1]",
    "[3fff::1]",
    "[5f00::1]",
    "[fe80::1]",
    "[fec0::1]",
    "[ff02::1]",
    "[fd00:ec2::254]",
]
SHAPES = [
    "http://example.org:{port}/",
    "ftp://127.0.0.1:{port}/",
    "gopher://127.0.0.1:{port}/",
    "file:///etc/passwd",
    "unix:///var/run/docker.sock",
    "//127.0.0.1:{port}/",
    "127.0.0.1:{port}",
    "https:127.0.0.1:{port}",
    "https:/127.0.0.1:{port}/",
    "https:///127.0.0.1:{port}/",
    "https://",
    "https://:{port}/",
    "https://?@127.0.0.1:{port}/",
    "https://example.org@127.0.0.1:{port}/",
    "https://a:b@example.org/",
    "https://@example.org/",
    "https://example.org\\@127.0.0.1:{port}/",
    "https://127.0.0.1:{port}\\.example.org/",
    "https://example.org/#",
    "https://127.0.0.1:{port}#.example.org/",
    "https://127.0.0.1:{port}%23.example.org/",
    "https://exa mple.org/",
    "https://example.org/a b",
    "https://example.org/\r\nX-Injected: 1",
    "https://127.0.0.1\t:{port}/",
    " https://example.org/",
    "https://example.org/\x00",
    "https://exämple.org/",
    "https://ｅxample.org/",
    "https://example.org./",
    "https://.example.org/",
    "https://example..org/",
    "https://-example.org/",
    "https://" + "a" * 64 + ".org/",
    "https://" + "a." * 127 + "org/",
    "https://example.org/" + "a" * 2000,
    "https://example.org:0/",
    "https://example.org:65536/",
    "https://example.org:999999/",
    "https://example.org:-1/",
    "https://example.org:+443/",
    "https://example.org:/",
    "https://example.org:44３/",
    "https://example.org:22/",
    "https://example.org:25/",
    "https://example.org:80/",
    "https://example.org:6667/",
    "https://example.org:443:{port}/",
    "",
]
HOSTS = NUMBERS_IN_DISGUISE + LOCAL + NEVER_PUBLIC
HOSTILE = [f"https://{host}:{{port}}/hook" for host in HOSTS] + SHAPES


def test_there_are_enough_hostile_targets() -> None:
    assert len(set(HOSTILE)) == len(HOSTILE) >= 140


@cells("template", HOSTILE)
async def test_a_hostile_target_is_refused_and_nothing_connects(template: str, listener: Listener) -> None:
    url, before = template.replace("{port}", str(listener.port)), listener.connections
    guard = Guard()
    with pytest.raises(WebhookAddressRefused) as refused:
        await guard.vet(url)
    assert (refused.value.code, refused.value.path) == ("webhook_address_refused", ("url",))
    async with Sender(guard) as sender:
        outcome = await sender.post(url, {}, b"{}")
    assert (outcome.status, outcome.error) == (None, refused.value.message)
    assert listener.connections == before


@pytest.mark.parametrize(
    ("url", "advice"),
    [
        ("http://example.org/", "begins with `https://`"),
        ("https://a:b@example.org/", "without a name or password"),
        ("https://example.org/#part", "without a fragment"),
        ("https://bücher.example/", "plain ASCII"),
        ("https://2130706433/", "full public name"),
        ("https://localhost/", "full public name"),
        ("https://127.0.0.1/", "not on the public internet"),
        ("https://example.org:22/", "port 443"),
    ],
)
async def test_a_refusal_says_what_to_do(url: str, advice: str) -> None:
    with pytest.raises(WebhookAddressRefused, match=advice):
        await Guard().vet(url)


@pytest.mark.parametrize("scheme", ["http", "https"])
@cells("host", NUMBERS_IN_DISGUISE + NEVER_PUBLIC)
async def test_private_networks_being_open_opens_nothing_else(host: str, scheme: str, listener: Listener) -> None:
    guard, before = Guard(allow_private=True), listener.connections
    with pytest.raises(WebhookAddressRefused):
        await guard.vet(f"{scheme}://{host}:{listener.port}/")
    assert listener.connections == before


@pytest.mark.parametrize("host", [host for host in NUMBERS_IN_DISGUISE if not host.startswith("[")], ids=ascii)
def test_a_number_in_disguise_is_refused_before_anything_is_looked_up(host: str) -> None:
    with pytest.raises(WebhookAddressRefused):
        parse(f"https://{host}/", allow_private=True)


async def test_the_listener_hears_who_does_connect(listener: Listener) -> None:
    async with Sender(Guard(allow_private=True)) as sender:
        assert (await sender.post(f"http://127.0.0.1:{listener.port}/", {}, b"{}")).status is None
    assert listener.connections == 1
    async with aiohttp.ClientSession() as careless:
        with pytest.raises(aiohttp.ClientError):
            await careless.post(f"http://localhost:{listener.port}/")
    assert listener.connections >= 2


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.1"],
        ["93.184.216.34", "127.0.0.1"],
        ["93.184.216.34", "2606:2800:220:1:248:1893:25c8:1946", "::1"],
        ["10.0.0.1", "93.184.216.34"],
        ["::ffff:127.0.0.1"],
        ["::ffff:93.184.216.34"],
        ["64:ff9b::5db8:d822"],
        ["2002:5db8:d822::1"],
        ["169.254.169.254"],
        ["fe80::1%2"],
        ["2606:2800:220:1:248:1893:25c8:1946%2"],
        ["93.184.216.34", "not an address"],
        ["127.1"],
        [""],
    ],
)
async def test_one_bad_answer_among_a_names_addresses_refuses_it(addresses: list[str], listener: Listener) -> None:
    guard = Guard(look_up=answering(addresses), remember=NEVER)
    url = f"https://hooks.example.org:{listener.port}/"
    with pytest.raises(WebhookAddressRefused, match="not on the public internet") as refused:
        await guard.vet(url)
    assert not any(each in str(refused.value) for each in addresses if each)
    async with Sender(guard) as sender:
        assert (await sender.post(url, {}, b"{}")).status is None
    assert listener.connections == 0


async def test_a_name_that_turns_private_later_is_refused_at_send_time(listener: Listener) -> None:
    guard = Guard(look_up=answering(["93.184.216.34"], ["127.0.0.1"]), remember=NEVER)
    url = f"https://hooks.example.org:{listener.port}/"
    assert (await guard.vet(url)).addresses == ("93.184.216.34",)
    async with Sender(guard) as sender:
        outcome = await sender.post(url, {}, b"{}")
    assert outcome.error == "This host is not on the public internet."
    assert listener.connections == 0


async def test_vetted_addresses_are_remembered_for_a_while() -> None:
    guard = Guard(look_up=answering(["93.184.216.34"], ["127.0.0.1"]))
    first = await guard.vet("https://hooks.example.org/a")
    second = await guard.vet("https://hooks.example.org/b")
    assert first.addresses == second.addresses == ("93.184.216.34",)


async def test_a_name_without_an_address_says_so() -> None:
    with pytest.raises(WebhookHostUnknown) as unknown:
        await Guard(look_up=answering([])).vet("https://hooks.example.org/", path=("input", "url"))
    assert (unknown.value.code, unknown.value.path) == ("webhook_host_unknown", ("input", "url"))


async def test_a_lookup_that_fails_says_so() -> None:
    async def failing(_: str) -> Sequence[str]:
        raise OSError("name or service not known")

    with pytest.raises(WebhookHostUnknown):
        await Guard(look_up=failing).vet("https://hooks.example.org/")


async def test_the_system_looks_up_a_name_once_for_all_who_ask() -> None:
    lookups = LookUps(SystemLookUp())
    answers = await asyncio.gather(*(lookups.addresses("localhost", f"hub-{number}") for number in range(20)))
    assert all("127.0.0.1" in answer or "::1" in answer for answer in answers)
    assert len({id(answer) for answer in answers}) == 1


async def test_the_system_does_not_know_a_name_that_cannot_be() -> None:
    with pytest.raises(OSError, match=r"."):
        await SystemLookUp()("nothing.invalid")


@pytest.mark.parametrize(
    ("url", "host", "port", "path_and_query", "authority"),
    [
        ("https://example.org", "example.org", 443, "/", "example.org"),
        ("HTTPS://Example.ORG/Hook", "example.org", 443, "/Hook", "example.org"),
        ("https://example.org:443/", "example.org", 443, "/", "example.org"),
        ("https://example.org:8443/a?b=@c", "example.org", 8443, "/a?b=@c", "example.org:8443"),
        ("https://example.org?x=1", "example.org", 443, "/?x=1", "example.org"),
        ("https://xn--bcher-kva.example/%C3%A4", "xn--bcher-kva.example", 443, "/%C3%A4", "xn--bcher-kva.example"),
        ("https://93.184.216.34/", "93.184.216.34", 443, "/", "93.184.216.34"),
        ("https://[2606:2800:220::1946]:8443/", "2606:2800:220::1946", 8443, "/", "[2606:2800:220::1946]:8443"),
        ("https://127.0.0.1.nip.io/", "127.0.0.1.nip.io", 443, "/", "127.0.0.1.nip.io"),
        ("https://notlocalhost.org/", "notlocalhost.org", 443, "/", "notlocalhost.org"),
    ],
)
def test_an_ordinary_url_is_taken_apart(url: str, host: str, port: int, path_and_query: str, authority: str) -> None:
    parsed = parse(url)
    assert (parsed.host, parsed.port, parsed.path_and_query) == (host, port, path_and_query)
    assert parsed.authority == authority


@pytest.mark.parametrize(
    "address", ["1.1.1.1", "93.184.216.34", "172.32.0.1", "100.128.0.1", "2606:4700::1111", "2a00:1450:4001::200e"]
)
async def test_public_addresses_are_allowed(address: str) -> None:
    assert is_allowed(address)
    guard = Guard(look_up=answering([address, address]))
    assert (await guard.vet("https://hooks.example.org/")).addresses == (address,)


@pytest.mark.parametrize("host", ["127.0.0.1", "[::1]", "10.1.2.3", "172.17.0.1", "192.168.1.1", "[fd12::1]"])
async def test_an_operator_may_open_private_networks(host: str) -> None:
    target = await Guard(allow_private=True).vet(f"http://{host}:9/")
    assert target.addresses == (host.strip("[]"),)


@pytest.mark.parametrize("host", ["localhost", "receiver", "receiver.local"])
async def test_an_operator_may_open_local_names(host: str) -> None:
    guard = Guard(allow_private=True, look_up=answering(["127.0.0.1"]))
    assert (await guard.vet(f"http://{host}:9/")).addresses == ("127.0.0.1",)
