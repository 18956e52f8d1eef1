"""How is a mail put together, so that every client reads it and no name or subject can add a header?"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP, SMTPUTF8
from email.utils import format_datetime

from sportello.channels.email.addresses import normalise

LONGEST_NAME = 100
LONGEST_SUBJECT = 250
_LINE_OR_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")


@dataclass(frozen=True)
class Enclosure:
    """A file; with a `content_id` it is shown inside the HTML."""

    name: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True)
class Letter:
    """What one mail says. `automatic` marks it so that nothing answers it by itself (RFC 3834)."""

    from_name: str
    from_address: str
    to: Sequence[str]
    subject: str
    text: str
    html: str
    msgid: str
    cc: Sequence[str] = ()
    reply_to: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    enclosures: Sequence[Enclosure] = field(default=())
    automatic: bool = False
    language: str = ""


class Undeliverable(ValueError):
    """None of the recipients is a usable address."""


def compose(letter: Letter) -> bytes:
    """The mail as bytes with CRLF lines. Raises Undeliverable."""
    to, cc = _usable(letter.to), _usable(letter.cc)
    if not to and not cc:
        raise Undeliverable("There is no usable address among the recipients")
    wide = not all(address.isascii() for address in (*to, *cc, letter.from_address))
    mail = EmailMessage(policy=SMTPUTF8 if wide else SMTP)
    mail["From"] = Address(one_line(letter.from_name)[:LONGEST_NAME], addr_spec=letter.from_address)
    mail["To"] = ", ".join(to)
    if cc:
        mail["Cc"] = ", ".join(cc)
    if letter.reply_to:
        mail["Reply-To"] = letter.reply_to
    mail["Subject"] = one_line(letter.subject)[:LONGEST_SUBJECT]
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{letter.msgid}>"
    _thread(mail, letter)
    if letter.language:
        mail["Content-Language"] = letter.language
    if letter.automatic:
        mail["Auto-Submitted"] = "auto-replied"
        mail["X-Auto-Response-Suppress"] = "All"
    _fill(mail, letter)
    return mail.as_bytes()


def one_line(text: str) -> str:
    return _LINE_OR_CONTROL.sub(" ", text).strip()


def _usable(addresses: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(found for address in addresses if (found := normalise(address))))


def _thread(mail: EmailMessage, letter: Letter) -> None:
    ids = [one_line(msgid).replace(" ", "") for msgid in letter.references]
    if letter.in_reply_to:
        mail["In-Reply-To"] = f"<{one_line(letter.in_reply_to).replace(' ', '')}>"
    if ids:
        mail["References"] = " ".join(f"<{msgid}>" for msgid in ids if msgid)


def _fill(mail: EmailMessage, letter: Letter) -> None:
    mail.set_content(letter.text.replace("\0", "") or "\n", cte=_encoding(letter.text))
    mail.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    pictures = [file for file in letter.enclosures if file.content_id]
    html = mail.get_body(("html",))
    for file in pictures:
        main, _slash, sub = file.content_type.partition("/")
        if html is not None:
            html.add_related(
                file.content, main, sub, cid=f"<{one_line(file.content_id).strip('<>')}>", filename=one_line(file.name)
            )
    for file in letter.enclosures:
        if not file.content_id:
            main, _slash, sub = file.content_type.partition("/")
            mail.add_attachment(
                file.content, maintype=main, subtype=sub or "octet-stream", filename=one_line(file.name)
            )


def _encoding(text: str) -> str:
    return "quoted-printable" if len(text) < 100_000 else "base64"
