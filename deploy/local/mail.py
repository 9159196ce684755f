"""A mail catcher: writes every mail to a folder, one file for each recipient, and forwards nothing.

Run as `python -m deploy.local.mail PORT FOLDER`.
"""

import asyncio
import re
import signal
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from aiosmtpd.smtp import SMTP, Envelope, Session


class MailFolder:
    """Writes mails as `<time>-<recipient>.eml`; times are in UTC, so that the names sort by age."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        folder.mkdir(parents=True, exist_ok=True)

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        """aiosmtpd's hook for a complete mail; it returns the SMTP reply (RFC 5321, section 4.2)."""
        content = envelope.content or b""
        raw = content if isinstance(content, bytes) else content.encode()
        at = datetime.now(UTC)
        for recipient in envelope.rcpt_tos:
            self.write(recipient, raw, at)
        return "250 OK"

    def write(self, recipient: str, content: bytes, at: datetime) -> Path:
        """Store one mail atomically under a unique name; return the path."""
        stamp = at.strftime("%Y%m%dT%H%M%S.%fZ")
        whom = re.sub(r"[^A-Za-z0-9@._+-]", "_", recipient).strip(".")[:100] or "nobody"
        path = self._folder / f"{stamp}-{whom}.eml"
        while path.exists():
            path = path.with_name(f"{path.stem}+.eml")
        half = path.with_suffix(".half")
        half.write_bytes(content)
        return half.rename(path)


@asynccontextmanager
async def catch_mail(folder: Path, port: int = 0) -> AsyncIterator[int]:
    """Catch mail on 127.0.0.1 while the block runs; yields the port. `port` 0: any free one."""
    catcher = MailFolder(folder)
    loop = asyncio.get_running_loop()
    conversations: set[SMTP] = set()

    def converse() -> SMTP:
        conversation = SMTP(catcher, hostname="localhost", enable_SMTPUTF8=True, loop=loop)
        conversations.add(conversation)
        return conversation

    server = await loop.create_server(converse, "127.0.0.1", port)
    try:
        yield server.sockets[0].getsockname()[1]
    finally:
        server.close()
        for conversation in conversations:
            if isinstance(conversation.transport, asyncio.WriteTransport):
                conversation.transport.abort()
        await server.wait_closed()


async def _serve(port: int, folder: Path) -> None:
    ending = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, ending.set)
    async with catch_mail(folder, port):
        await ending.wait()


if __name__ == "__main__":
    try:
        asyncio.run(_serve(int(sys.argv[1]), Path(sys.argv[2])))
    except OSError as refused:
        sys.exit(f"Mail cannot be caught on port {sys.argv[1]} in {sys.argv[2]}: {refused.strerror}")
