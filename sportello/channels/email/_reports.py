"""What does a report of a mail server say: who was not reached, why, and which of our mails was it?"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from sportello.channels.email._headers import HeaderBlock, decode_header, read_headers, read_message_id
from sportello.channels.email._parsed import Attachment, Limits, ParsedMail
from sportello.channels.email.automatic_phrases import DELAYS
from sportello.kernel.addresses import normalise

_STATUS = re.compile(r"(?<![\d.])([45]\.\d{1,3}\.\d{1,3})(?![\d.])")
_REPLY_CODE = re.compile(r"(?<![\d.:/-])([45])\d\d(?=[ ,#-]|$)", re.MULTILINE)
_ADDRESS = re.compile(r"[^\s<>\"'(),;:\[\]]{1,64}@[^\s<>\"'(),;:\[\]@]{1,253}")
_MARKED = re.compile(
    r"(?:^|[\s>])<([^\s<>]{1,320}@[^\s<>]{1,253})>:|^\s*<?([^\s<>]{1,320}@[^\s<>:]{1,253})>?:?\s*$", re.MULTILINE
)
_COPY_BEGINS = re.compile(
    r"^.{0,40}(below this line is a copy|original message follows|returned message|original mail info"
    r"|-{2,} ?original message|original message:$|copy of (the|your) message|message headers? follow"
    r"|unsent message below|header of the (original )?message|--- message header).{0,80}$"
    r"|^received:[ \t]?(from|by)\b|^return-path:",
    re.IGNORECASE | re.MULTILINE,
)
_MESSAGE_ID = re.compile(r"^[ \t]*message-id:\s{0,80}<([^<>\s]{3,998})>", re.IGNORECASE | re.MULTILINE)
_COPIED_TO = re.compile(r"^[ \t]*To:(.{3,320})$", re.IGNORECASE | re.MULTILINE)
_READ_CHARS = 30_000
_MOST = 50


@dataclass(frozen=True, slots=True)
class Failure:
    """One recipient that was not (or not yet) reached; `status` is an enhanced status code (RFC 3463)."""

    recipient: str
    status: str
    diagnostic: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    failed: tuple[Failure, ...] = ()
    delayed: tuple[Failure, ...] = ()


def attached(mail: ParsedMail, *content_types: str) -> Attachment | None:
    return next((one for one in mail.attachments if one.content_type in content_types), None)


def read_delivery_status(part: Attachment) -> DeliveryReport:
    """The recipients of a message/delivery-status part, by what happened to them (RFC 3464)."""
    failed, delayed = [], []
    for block in _blocks(part.content):
        recipient = _typed(block, "final-recipient") or _typed(block, "original-recipient")
        action = decode_header(block.get("action")).lower()
        status = _STATUS.search(decode_header(block.get("status")))
        code = status[1] if status else ""
        diagnostic = _typed(block, "diagnostic-code")
        if not code or code.endswith(".0.0"):
            code = _status_in(diagnostic) if _STATUS.search(diagnostic) else code
        if not action and not code and not diagnostic:
            continue
        failure = Failure(recipient.strip("<> ")[:320], code or _status_in(diagnostic), diagnostic[:1000])
        if action.startswith("delayed"):
            delayed.append(failure)
        elif action.startswith("fail") or (not action and failure.status[:1] in "45"):
            failed.append(failure)
    return DeliveryReport(tuple(failed[:_MOST]), tuple(delayed[:_MOST]))


def _blocks(content: bytes) -> Iterator[HeaderBlock]:
    pos, limits = 0, Limits(header_fields=100)
    for _ in range(_MOST * 4):
        while content[pos : pos + 1] in (b"\r", b"\n"):
            pos += 1
        if pos >= len(content):
            return
        block = read_headers(content, pos, len(content), limits=limits)
        pos = max(block.body_start, pos + 1)
        yield block


def _typed(block: HeaderBlock, name: str) -> str:
    """The value behind "rfc822;" or "smtp;"."""
    return decode_header(block.get(name)).partition(";")[2].strip() or decode_header(block.get(name))


def read_failures(mail: ParsedMail) -> tuple[Failure, ...]:
    """What a report in plain words says: the addresses it names and the first status code."""
    told = told_text(mail)
    status = _status_in(told)
    found = _ADDRESS.findall(" ".join(mail.headers.get("x-failed-recipients", ())))
    found = found or _named(told, mail) or _copied_to(mail)
    return tuple(Failure(address, status, told[:500]) for address in dict.fromkeys(found[:_MOST] or [""]))


def told_text(mail: ParsedMail) -> str:
    """The words of the server, without the copy of the mail that was sent."""
    text = mail.text[:_READ_CHARS]
    copy = _COPY_BEGINS.search(text, 1)
    return text[: copy.start()] if copy else text


def _named(text: str, mail: ParsedMail) -> list[str]:
    ours = {normalise(box.address) for box in (*mail.to, *mail.cc)} | {normalise(mail.from_address)}
    marked = [one or two for one, two in _MARKED.findall(text)]
    for addresses in (marked, _ADDRESS.findall(text)):
        found = [address.strip(".") for address in addresses if normalise(address.strip("."))]
        if others := [address for address in found if normalise(address) not in ours]:
            return others
    return []


def _copied_to(mail: ParsedMail) -> list[str]:
    """The one recipient of the mail that came back, where the report names nobody."""
    copy = _COPIED_TO.search(mail.text[:_READ_CHARS])
    found = _ADDRESS.findall(copy[1]) if copy else []
    return found if len(found) == 1 else []


def _status_in(text: str) -> str:
    if found := _STATUS.search(text):
        return found[1]
    if reply := _REPLY_CODE.search(text):
        return f"{reply[1]}.0.0"
    return "4.0.0" if DELAYS.search(text) else "5.0.0"


def original_message_id(mail: ParsedMail) -> str | None:
    """The Message-ID of the mail that a report is about, from the copy that it carries."""
    if copy := attached(mail, "message/rfc822", "text/rfc822-headers", "message/global"):
        headers = read_headers(copy.content, 0, len(copy.content), limits=Limits(), is_mail=True)
        if found := read_message_id(headers.get("message-id")):
            return found
    reports = ("message/delivery-status", "message/disposition-notification")
    for part in (one for one in mail.attachments if one.content_type in reports):
        for block in _blocks(part.content):
            for name in ("original-message-id", "x-original-message-id"):
                if found := read_message_id(block.get(name)):
                    return found
    text = _MESSAGE_ID.search(mail.text[:_READ_CHARS])
    return text[1] if text else None
