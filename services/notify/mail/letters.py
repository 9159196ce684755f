"""What letters say: text templates, and the headers around them."""

from datetime import UTC, datetime
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid, parseaddr
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from shared.contracts.membership.sign_in import CodeMailView

_templates = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    keep_trailing_newline=True,
)


def sign_in_letter(mail: CodeMailView, sender: str, now: datetime) -> EmailMessage:
    """The letter with a sign-in code, which stands on a line of its own. Nobody but us writes what it says: not even
    the person's name is in it, for others can make people, and a name may say anything. It leads nowhere: our address
    is one for programs, and a person who asked for a code has the site they asked on before them.
    """
    text = _templates.get_template("sign_in.txt").render(
        code=mail.code,
        until=mail.expires_at.astimezone(UTC),
    )
    return _letter("Your sign-in code", text, sender, mail.address, now)


def _letter(subject: str, text: str, sender: str, address: str, now: datetime) -> EmailMessage:
    letter = EmailMessage()
    letter["From"] = sender
    letter["To"] = address
    letter["Subject"] = subject
    letter["Date"] = format_datetime(now)
    letter["Message-ID"] = make_msgid(domain=parseaddr(sender)[1].rpartition("@")[2] or "localhost")
    letter["Auto-Submitted"] = "auto-generated"  # RFC 3834, section 5: nobody's holiday message answers it
    letter.set_content(text, cte="7bit")  # so that the code can be read in the source as well
    return letter
