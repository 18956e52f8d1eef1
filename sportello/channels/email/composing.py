"""How does a letter become the bytes of a mail? Given plain data, it writes headers that nothing can break out of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage, MIMEPart
from email.policy import SMTP
from email.utils import format_datetime

from django.utils.translation import gettext_noop

from sportello.channels.email._filenames import safe_name
from sportello.channels.email._headers import clean_line
from sportello.channels.email._html_text import html_to_text
from sportello.channels.email.automatic_phrases import ANSWER_PREFIXES
from sportello.kernel.addresses import normalise

_POLICY = SMTP.clone(cte_type="7bit")
_ID = re.compile(r"[^\s<>\x00-\x1f\x7f-\uffff]{3,900}")
_TYPE = re.compile(r"(application|audio|font|image|model|text|video)/([a-z0-9.+-]{1,100})")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", re.IGNORECASE)
_PREFIXES = re.compile(
    rf"^(?:\s*(?:{ANSWER_PREFIXES})\s*(?:\[\d{{1,4}}\]|\(\d{{1,4}}\)|\d{{1,2}})?\s*[:：])+\s*", re.IGNORECASE
)
_MOST_REFERENCES = 20
_LONGEST_SUBJECT = 240


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that goes along; with a `content_id` it is shown where the HTML names `cid:` and that id."""

    filename: str
    content_type: str
    content: bytes
    content_id: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Letter:
    """What a mail says. Message-IDs are without brackets; `automatic` means that no person wrote it (RFC 3834)."""

    from_name: str
    from_address: str
    to: Sequence[str]
    subject: str
    text: str
    msgid: str
    cc: Sequence[str] = ()
    reply_to: str = ""
    html: str = ""
    in_reply_to: str = ""
    references: Sequence[str] = ()
    enclosures: Sequence[Enclosure] = ()
    automatic: bool = False
    language: str = ""


class Undeliverable(ValueError):
    """The mail cannot be written so that a server would take it."""


def compose(letter: Letter, *, now: datetime | None = None) -> bytes:
    """The mail with CRLF line ends, to those recipients that have a usable address. Raises Undeliverable."""
    to, cc = _usable(letter.to), _usable(letter.cc)
    if not to and not cc:
        raise Undeliverable(gettext_noop("None of the recipients has an address that a mail can be sent to"))
    mail = EmailMessage(policy=_POLICY if _is_ascii(letter) else _POLICY.clone(utf8=True))
    mail["From"] = _mailbox(letter.from_address, letter.from_name)
    for name, addresses in (("To", to), ("Cc", cc)):
        if addresses:
            mail[name] = [_address(address) for address in addresses]
    if letter.reply_to:
        mail["Reply-To"] = _mailbox(letter.reply_to, letter.from_name)
    mail["Subject"] = clean_line(letter.subject)
    mail["Date"] = format_datetime(now or datetime.now(UTC))
    if letter.automatic:
        mail["Auto-Submitted"] = "auto-replied" if letter.in_reply_to else "auto-generated"
        mail["X-Auto-Response-Suppress"] = "All"
    _fill(mail, letter)
    if _LANGUAGE.fullmatch(letter.language):
        mail["Content-Language"] = letter.language  # last, for each part that is added takes such headers with it
    return _ids(letter) + mail.as_bytes()


def _is_ascii(letter: Letter) -> bool:
    """Only a local part outside of ASCII needs SMTPUTF8; domains are written in ASCII (RFC 6531)."""
    addresses = (letter.from_address, letter.reply_to, *letter.to, *letter.cc)
    return all(address.rpartition("@")[0].isascii() for address in addresses)


def _usable(addresses: Sequence[str]) -> list[str]:
    return list(dict.fromkeys(found for address in addresses if (found := normalise(address))))


def _mailbox(address: str, name: str) -> Address:
    usable = normalise(address)
    if usable is None:
        raise Undeliverable(f"{address!r} is not an address that a mail can be sent from")
    return _address(usable, clean_line(name)[:200])


def _address(usable: str, name: str = "") -> Address:
    if usable.isascii():
        return Address(display_name=name, addr_spec=usable)
    local, _at, domain = usable.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)


def _ids(letter: Letter) -> bytes:
    """Written by hand: the standard library encodes long ids as if they were words, and no program knows them again."""
    if not _ID.fullmatch(letter.msgid):
        raise Undeliverable(f"{letter.msgid!r} is not a Message-ID")
    answered = [one for one in (letter.in_reply_to,) if _ID.fullmatch(one)]
    chain = list(dict.fromkeys(one for one in (*letter.references, *answered) if _ID.fullmatch(one)))
    if len(chain) > _MOST_REFERENCES:
        chain = [chain[0], *chain[-(_MOST_REFERENCES - 1) :]]
    lines = [f"Message-ID: <{letter.msgid}>", *(f"In-Reply-To: <{one}>" for one in answered)]
    if chain:
        lines.append("References: " + "\r\n ".join(f"<{one}>" for one in chain))
    return "".join(f"{line}\r\n" for line in lines).encode("ascii")


def _fill(mail: EmailMessage, letter: Letter) -> None:
    text = _without_nul(letter.text if letter.text.strip() else html_to_text(letter.html))
    mail.set_content(text if text.endswith("\n") else f"{text}\n", charset="utf-8")
    if letter.html:
        mail.add_alternative(_without_nul(letter.html), subtype="html", charset="utf-8")
    page = mail.get_body(("html",))
    shown = [one for one in letter.enclosures if one.content_id] if page and letter.html else []
    for one in shown:
        _show_in(page, one)
    for number, one in enumerate((one for one in letter.enclosures if one not in shown), start=1):
        mail.add_attachment(one.content, *_type(one), filename=_name(one, number))


def _show_in(page: MIMEPart | None, one: Enclosure) -> None:
    if page:
        cid = f"<{_content_id(one)}>"
        page.add_related(one.content, *_type(one), cid=cid, filename=_name(one, 1), disposition="inline")


def _without_nul(text: str) -> str:
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")


def _type(one: Enclosure) -> tuple[str, str]:
    """Mails and other containers go as plain files: their types may not be encoded (RFC 2046 5.2.1)."""
    found = _TYPE.fullmatch(one.content_type.lower())
    return (found[1], found[2]) if found else ("application", "octet-stream")


def _name(one: Enclosure, number: int) -> str:
    return safe_name(one.filename, one.content_type, number)


def _content_id(one: Enclosure) -> str:
    return re.sub(r"[^\w.@+-]", "", one.content_id, flags=re.ASCII)


def bare_subject(subject: str) -> str:
    """The subject without the marks of answers and forwards in any language ("Re[2]: AW: ")."""
    return _PREFIXES.sub("", clean_line(subject)).strip()


def answer_subject(subject: str, number: int) -> str:
    """`Re: subject [#number]`, the number once, whatever the subject already carries."""
    token = f"[#{number}]"
    text = re.sub(r"\s+", " ", bare_subject(subject).replace(token, " ")).strip()
    return f"Re: {text[: _LONGEST_SUBJECT - len(token) - 5].strip()} {token}" if text else f"Re: {token}"
