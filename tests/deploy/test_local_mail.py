"""The mail catcher as its own process: what it takes becomes a file and leaves the machine never."""

import socket
import subprocess
import sys
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from pathlib import Path

import aiosmtplib
import pytest

from deploy.local.ports import answers, free_port
from deploy.local.processes import Process


@pytest.fixture
def port(tmp_path: Path) -> Iterator[int]:
    """The port of a catcher that writes to `tmp_path/mail`."""
    port = free_port()
    command = [sys.executable, "-m", "deploy.local.mail", str(port), str(tmp_path / "mail")]
    process = Process("mail", command, log=tmp_path / "mail.log")
    process.start()
    process.wait_until(lambda: answers(port), within=20)
    yield port
    process.stop()
    assert process.exit_code == 0


async def test_each_recipient_gets_a_file(port: int, tmp_path: Path) -> None:
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = "hub@example.org", "ada@example.org, Bo <bo@example.org>", "Grüße"
    mail.set_content("Your code is WXYZ.")
    await aiosmtplib.send(mail, hostname="127.0.0.1", port=port)
    files = {path.name.partition("Z-")[2]: path for path in (tmp_path / "mail").iterdir()}
    assert set(files) == {"ada@example.org.eml", "bo@example.org.eml"}
    caught = message_from_bytes(files["ada@example.org.eml"].read_bytes(), policy=default)
    assert caught["Subject"] == "Grüße"
    assert "WXYZ" in caught.get_content()


async def test_a_hostile_recipient_names_no_file_elsewhere(port: int, tmp_path: Path) -> None:
    await send_to(port, '"../../evil"@example.org')
    [path] = files_named("evil", tmp_path)
    assert path.parent == tmp_path / "mail"
    assert path.suffix == ".eml"


async def test_no_mail_takes_the_place_of_another(port: int, tmp_path: Path) -> None:
    for _ in range(5):
        await send_to(port, "c@d.org", "c@d.org")
    assert len(list((tmp_path / "mail").glob("*.eml"))) == 10


def files_named(word: str, folder: Path) -> list[Path]:
    """All files below a folder that have a word in their names."""
    return list(folder.rglob(f"*{word}*"))


async def send_to(port: int, *recipients: str) -> None:
    """Hand a short mail to the catcher."""
    text = "Subject: hello\r\n\r\nhello\r\n"
    whom = list(recipients)
    await aiosmtplib.send(text, sender="a@example.org", recipients=whom, hostname="127.0.0.1", port=port)


def test_a_port_that_is_taken_is_said_in_one_sentence(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "deploy.local.mail", port, str(tmp_path / "mail")]
        done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    assert done.returncode == 1
    assert done.stderr.startswith(f"Mail cannot be caught on port {port}")
    assert done.stderr.count("\n") == 1
