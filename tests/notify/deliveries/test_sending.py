"""One attempt, against real receivers, well and badly behaved."""

import asyncio
import gzip
import socket
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from services.notify.deliveries.guard import Guard
from services.notify.deliveries.sending import REPLY_LIMIT, Sender
from tests.support.receiver import Receiver, Reply
from tests.support.waiting import eventually

Handler = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]
NEVER = timedelta(0)
HEADERS = {"Content-Type": "application/cloudevents+json", "webhook-id": "msg_1"}


@pytest.fixture
async def sender() -> AsyncIterator[Sender]:
    async with Sender(Guard(allow_private=True)) as made:
        yield made


@asynccontextmanager
async def a_server(
    handler: Handler, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
) -> AsyncIterator[int]:
    """A TCP server that speaks whatever `handler` does; gives its port."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await handler(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass  # the other side has gone
        finally:
            writer.transport.abort()

    server = await asyncio.start_server(handle, host, port, ssl=tls)
    async with server:
        yield server.sockets[0].getsockname()[1]


async def read_request(reader: asyncio.StreamReader) -> bytes:
    """The head of one request; its body is read and dropped."""
    head = await reader.readuntil(b"\r\n\r\n")
    length = next(
        int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length")
    )
    await reader.readexactly(length)
    return head


class Counting:
    """A handler that keeps connections alive and answers 204, counting both."""

    def __init__(self) -> None:
        self.connections = 0
        self.heads: list[bytes] = []

    async def __call__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        while True:
            self.heads.append(await read_request(reader))
            writer.write(b"HTTP/1.1 204 No Content\r\nSet-Cookie: seen=yes; Path=/\r\n\r\n")


def answering(raw: bytes) -> Handler:
    """A handler that reads a request, writes `raw` and hangs up."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(raw)
        await writer.drain()
        writer.write_eof()

    return handle


def looking_up(*answers: Sequence[str]) -> tuple[Callable[[str], Awaitable[Sequence[str]]], list[str]]:
    """A resolver that gives one answer after the other (the last one for ever), and what it was asked."""
    left, asked = list(answers), list[str]()

    async def look_up(host: str) -> Sequence[str]:
        asked.append(host)
        return left.pop(0) if len(left) > 1 else left[0]

    return look_up, asked


async def test_the_body_arrives_as_given_and_the_answer_is_recorded(sender: Sender, receiver: Receiver) -> None:
    receiver.then(Reply(201, body="gewürdigt".encode()))
    body = '{"a": "ü",  "b":1}\n'.encode()
    outcome = await sender.post(f"{receiver.url}/hook/a%2Fb?x=1&y=%20", HEADERS, body)
    assert (outcome.status, outcome.reason, outcome.error) == (201, "Created", None)
    assert outcome.reply_text == "gewürdigt"
    [received] = receiver.received
    assert (received.method, received.body, received.query) == ("POST", body, "x=1&y= ")
    assert received.headers["content-type"] == "application/cloudevents+json"
    assert received.headers["webhook-id"] == "msg_1"
    assert received.headers["host"] == receiver.url.removeprefix("http://")
    assert received.headers["accept-encoding"] == "identity"


async def test_the_host_header_is_ours_alone(sender: Sender) -> None:
    counting = Counting()
    async with a_server(counting) as port:
        await sender.post(f"http://127.0.0.1:{port}/", {"host": "admin.internal", "HOST": "other"}, b"{}")
    lines = counting.heads[0].split(b"\r\n")
    assert [line for line in lines if line.lower().startswith(b"host:")] == [f"Host: 127.0.0.1:{port}".encode()]


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
async def test_a_redirect_is_not_followed(status: int, sender: Sender, receiver: Receiver) -> None:
    receiver.then(Reply(status, {"Location": f"{receiver.url}/elsewhere"}))
    outcome = await sender.post(f"{receiver.url}/hook", HEADERS, b"{}")
    assert outcome.status == status
    assert [received.path for received in receiver.received] == ["/hook"]


async def test_retry_after_is_handed_on(sender: Sender, receiver: Receiver) -> None:
    receiver.then(Reply(429, {"Retry-After": "120"}), Reply(503))
    assert (await sender.post(receiver.url, HEADERS, b"{}")).retry_after == "120"
    assert (await sender.post(receiver.url, HEADERS, b"{}")).retry_after is None


async def test_a_receiver_that_stalls_is_given_up(receiver: Receiver) -> None:
    receiver.then(Reply(stall=60))
    async with Sender(Guard(allow_private=True), total_limit=timedelta(seconds=0.2)) as sender:
        outcome = await sender.post(receiver.url, HEADERS, b"{}")
    assert (outcome.status, outcome.error) == (None, "No full answer within 0.2 seconds.")
    assert 190 <= outcome.milliseconds < 5000


async def test_a_reply_that_dribbles_keeps_its_status_and_what_came() -> None:
    async def dribble(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 10000\r\n\r\nsome")
        await reader.read()

    guard, limit = Guard(allow_private=True), timedelta(seconds=0.3)
    async with a_server(dribble) as port, Sender(guard, total_limit=limit) as sender:
        outcome = await sender.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}")
    assert (outcome.status, outcome.reply) == (200, b"some")
    assert outcome.error == "No full answer within 0.3 seconds."


async def test_a_reset_is_an_outcome_and_one_request(sender: Sender, receiver: Receiver) -> None:
    receiver.then(Reply(), Reply(reset=True))
    assert (await sender.post(receiver.url, HEADERS, b"{}")).status == 204
    outcome = await sender.post(receiver.url, HEADERS, b"{}")
    assert (outcome.status, outcome.error) == (None, "The connection was closed before an answer came.")
    assert len(receiver.received) == 2


async def test_a_closed_port_is_an_outcome(sender: Sender) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        outcome = await sender.post(f"http://127.0.0.1:{taken.getsockname()[1]}/", HEADERS, b"{}")
    assert (outcome.status, outcome.error) == (None, "The connection was refused.")


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc OK\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nno colon\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -1\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab",
        b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nabcde\r\n0\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"a" * 100_000 + b"\r\n\r\n",
        b"HTTP/1.1 200 OK\r\n" + b"X: a\r\n" * 5_000 + b"\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort\r\nzz\r\n",
        b"HTTP/1.1 200 OK\r\nX: \x00\xff\r\n\r\n",
        b"\x16\x03\x01\x02\x00\x01" + bytes(range(256)),
        b"HTTP/1.1 100 Continue\r\n\r\n" * 50,
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n\x81\x05hello",
    ],
    ids=lambda raw: ascii(raw[:40]),
)
async def test_nonsense_is_an_outcome(raw: bytes, sender: Sender) -> None:
    async with a_server(answering(raw)) as port:
        outcome = await sender.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}")
    assert outcome.status is None or outcome.status in {101, 200}
    assert outcome.status is not None or outcome.error


@pytest.mark.parametrize(
    "raw",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nshort",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nshort",
    ],
    ids=["length", "no last chunk"],
)
async def test_a_reply_that_breaks_off_keeps_its_status(raw: bytes, sender: Sender) -> None:
    async with a_server(answering(raw)) as port:
        outcome = await sender.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}")
    assert (outcome.status, outcome.error) == (200, "The answer broke off.")
    assert outcome.reply in {b"short", b""}


async def test_what_is_recorded_can_be_stored(sender: Sender) -> None:
    raw = b"HTTP/1.1 500 caf\xe9 " + b"x" * 300 + b"\r\nRetry-After: \xff\xfe\r\nContent-Length: 2\r\n\r\n\xff\xfe"
    async with a_server(answering(raw)) as port:
        outcome = await sender.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}")
    assert outcome.status == 500
    assert len(outcome.reason) <= 200
    f"{outcome.reason}{outcome.retry_after}{outcome.reply_text}".encode()


async def test_no_more_than_16_kb_of_a_reply_is_taken(sender: Sender) -> None:
    written, ended = 0, asyncio.Event()

    async def pour(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal written
        await read_request(reader)
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        try:
            while True:
                writer.write(b"a" * 65536)
                await writer.drain()
                written += 65536
        finally:
            ended.set()

    async with a_server(pour) as port:
        outcome = await sender.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}")
        await asyncio.wait_for(ended.wait(), 5)
    assert (outcome.status, outcome.reply, outcome.error) == (200, b"a" * REPLY_LIMIT, None)
    assert written < 32 * 1024 * 1024  # what the kernel's buffers took before the connection was closed


async def test_a_reply_is_not_unpacked(sender: Sender, receiver: Receiver) -> None:
    bomb = gzip.compress(b"\0" * 20_000_000)
    assert len(bomb) > REPLY_LIMIT
    receiver.then(Reply(200, {"Content-Encoding": "gzip"}, bomb))
    outcome = await sender.post(receiver.url, HEADERS, b"{}")
    assert outcome.reply == bomb[:REPLY_LIMIT]


async def test_connections_are_kept_and_cookies_are_not(sender: Sender) -> None:
    counting = Counting()
    async with a_server(counting) as port:
        for _ in range(20):
            assert (await sender.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}")).status == 204
    assert (counting.connections, len(counting.heads)) == (1, 20)
    assert not any(b"cookie:" in head.lower() for head in counting.heads)


async def test_two_names_at_one_address_do_not_share_a_connection() -> None:
    counting = Counting()
    look_up, _ = looking_up(["127.0.0.1"])
    async with a_server(counting) as port, Sender(Guard(allow_private=True, look_up=look_up)) as sender:
        for name in ("one.example.org", "two.example.org", "one.example.org"):
            assert (await sender.post(f"http://{name}:{port}/", HEADERS, b"{}")).status == 204
    assert counting.connections == 2
    hosts = [next(line for line in head.split(b"\r\n") if line.startswith(b"Host:")) for head in counting.heads]
    assert hosts == [f"Host: {name}.example.org:{port}".encode() for name in ("one", "two", "one")]


async def test_the_environments_proxies_and_passwords_are_not_used(
    sender: Sender, receiver: Receiver, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    for name in ("HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    (tmp_path / "netrc").write_text("machine 127.0.0.1 login somebody password secret\n")
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))
    assert (await sender.post(receiver.url, HEADERS, b"{}")).status == 204
    assert "authorization" not in receiver.received[0].headers


async def test_a_name_is_looked_up_once_and_that_address_is_used() -> None:
    good, rebound = Counting(), Counting()
    look_up, asked = looking_up(["127.0.0.2"], ["127.0.0.1"])
    guard = Guard(allow_private=True, look_up=look_up, remember=NEVER)
    async with a_server(good, "127.0.0.2") as port, a_server(rebound, "127.0.0.1", port), Sender(guard) as sender:
        outcome = await sender.post(f"http://rebind.example.org:{port}/", HEADERS, b"{}")
    assert outcome.status == 204
    assert asked == ["rebind.example.org"]
    assert (good.connections, rebound.connections) == (1, 0)


async def test_a_kept_connection_is_not_used_for_another_address_of_the_name() -> None:
    old, new = Counting(), Counting()
    look_up, _ = looking_up(["127.0.0.2"], ["127.0.0.1"])
    guard = Guard(allow_private=True, look_up=look_up, remember=NEVER)
    async with a_server(old, "127.0.0.2") as port, a_server(new, "127.0.0.1", port), Sender(guard) as sender:
        for _ in range(3):
            assert (await sender.post(f"http://moved.example.org:{port}/", HEADERS, b"{}")).status == 204
    assert (len(old.heads), len(new.heads)) == (1, 2)


async def test_the_next_address_is_tried_when_one_does_not_answer() -> None:
    counting = Counting()
    look_up, _ = looking_up(["127.0.0.3", "127.0.0.1"])
    async with a_server(counting) as port, Sender(Guard(allow_private=True, look_up=look_up)) as sender:
        assert (await sender.post(f"http://two.example.org:{port}/", HEADERS, b"{}")).status == 204


async def test_an_ipv6_address_is_reached(sender: Sender) -> None:
    counting = Counting()
    try:
        async with a_server(counting, "::1") as port:
            assert (await sender.post(f"http://[::1]:{port}/", HEADERS, b"{}")).status == 204
            assert f"Host: [::1]:{port}\r\n".encode() in counting.heads[0]
    except OSError:
        pytest.skip("this machine has no IPv6")


async def test_stalling_receivers_hold_up_nobody(sender: Sender, receiver: Receiver) -> None:
    counting = Counting()
    receiver.usually = Reply(stall=60)
    stalled = [asyncio.create_task(sender.post(receiver.url, HEADERS, b"{}")) for _ in range(150)]
    await eventually(lambda: len(receiver.received) == 150)
    async with a_server(counting) as port:
        outcome = await sender.post(f"http://127.0.0.1:{port}/", HEADERS, b"{}")
    assert (outcome.status, any(task.done() for task in stalled)) == (204, False)
    for task in stalled:
        task.cancel()
    results = await asyncio.gather(*stalled, return_exceptions=True)
    assert all(isinstance(result, asyncio.CancelledError) for result in results)


def a_certificate(folder: Path, name: str) -> tuple[ssl.SSLContext, ssl.SSLContext]:
    """Contexts for a server with a self-signed certificate for `name`, and for a client that trusts it."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number())
        .not_valid_before(datetime.now(UTC) - timedelta(days=1))
        .not_valid_after(datetime.now(UTC) + timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    pem.write_bytes(
        key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) + certificate.public_bytes(Encoding.PEM)
    )
    server = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    server.load_cert_chain(pem)
    return server, ssl.create_default_context(cafile=str(pem))


async def test_tls_is_checked_against_the_name_at_the_pinned_address(tmp_path: Path) -> None:
    server, trusting = a_certificate(tmp_path, "hooks.example.org")
    asked_for: list[str | None] = []
    server.sni_callback = lambda _socket, name, _context: asked_for.append(name)
    counting = Counting()
    guard = Guard(allow_private=True, look_up=looking_up(["127.0.0.2"])[0])
    async with a_server(counting, "127.0.0.2", tls=server) as port, Sender(guard, tls=trusting) as sender:
        for _ in range(2):
            right = await sender.post(f"https://hooks.example.org:{port}/", HEADERS, b"{}")
            assert (right.status, right.error) == (204, None)
        wrong = await sender.post(f"https://other.example.org:{port}/", HEADERS, b"{}")
        assert (wrong.status, wrong.error) == (None, "The receiver's certificate is not valid for this host.")
    assert asked_for == ["hooks.example.org", "other.example.org"]
    assert len(counting.heads) == 2
    assert f"Host: hooks.example.org:{port}\r\n".encode() in counting.heads[0]


async def test_a_certificate_nobody_vouches_for_is_not_accepted(tmp_path: Path) -> None:
    server, _ = a_certificate(tmp_path, "hooks.example.org")
    counting = Counting()
    look_up, _ = looking_up(["127.0.0.1"])
    guard = Guard(allow_private=True, look_up=look_up)
    async with a_server(counting, tls=server) as port, Sender(guard) as sender:
        outcome = await sender.post(f"https://hooks.example.org:{port}/", HEADERS, b"{}")
    assert outcome.error == "The receiver's certificate is not valid for this host."
    assert counting.heads == []


async def test_plain_http_where_https_was_meant_is_an_outcome(sender: Sender) -> None:
    async def speak_first(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\n\r\n")
        await reader.read()

    async with a_server(speak_first) as port:
        outcome = await sender.post(f"https://127.0.0.1:{port}/", HEADERS, b"{}")
    assert (outcome.status, outcome.error) == (None, "No secure connection could be made.")


async def test_a_name_without_an_address_is_an_outcome() -> None:
    look_up, _ = looking_up([])
    async with Sender(Guard(look_up=look_up)) as sender:
        outcome = await sender.post("https://hooks.example.org/", HEADERS, b"{}")
    assert (outcome.status, outcome.error) == (None, "The host of this address could not be looked up.")
