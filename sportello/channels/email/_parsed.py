"""What is left of a mail once it is read? Plain frozen data that travels between processes as JSON and bytes."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field, fields, replace
from datetime import datetime
from typing import Any

_MIB = 1024 * 1024


class Unparseable(Exception):
    """Nothing sensible can be shown of this mail; `reason` is a sentence for people, in English, to be translated."""

    def __init__(self, reason: str, detail: str = "") -> None:
        super().__init__(reason)
        self.reason = reason
        self.detail = detail


@dataclass(frozen=True, slots=True)
class Limits:
    """Where reading stops; what lies beyond is left out and a defect says so. Sizes in bytes or characters."""

    raw_bytes: int = 50 * _MIB
    header_bytes: int = 2 * _MIB
    header_fields: int = 1000
    field_bytes: int = _MIB
    parts: int = 500
    depth: int = 120
    addresses: int = 500
    references: int = 200
    text_chars: int = 2 * _MIB
    html_chars: int = 8 * _MIB


@dataclass(frozen=True, slots=True)
class Mailbox:
    """A name and an address as written; `address` is "" where none is valid."""

    name: str
    address: str


@dataclass(frozen=True, slots=True)
class Attachment:
    filename: str
    content_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """`headers` holds the values of those headers that later questions need, by lower-case name.

    `left_out` names the files that the limits cut off.
    """

    from_address: str = ""
    from_name: str = ""
    sender: Mailbox | None = None
    reply_to: tuple[Mailbox, ...] = ()
    to: tuple[Mailbox, ...] = ()
    cc: tuple[Mailbox, ...] = ()
    delivered_to: tuple[str, ...] = ()
    subject: str = ""
    date: datetime | None = None
    message_id: str | None = None
    in_reply_to: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    text: str = ""
    html: str | None = None
    attachments: tuple[Attachment, ...] = ()
    left_out: tuple[str, ...] = ()
    language: str | None = None
    guessed_language: str = ""
    headers: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    defects: tuple[str, ...] = ()

    def header(self, name: str) -> str:
        """The first value of a kept header, "" where there is none."""
        return next(iter(self.headers.get(name, ())), "")

    def as_json(self) -> dict[str, Any]:
        """Everything but the attachments' contents, which `from_json` takes beside it."""
        slim = replace(self, attachments=tuple(replace(a, content=b"") for a in self.attachments))
        data = asdict(slim)
        for attachment in data["attachments"]:
            del attachment["content"]
        data["date"] = self.date.isoformat() if self.date else None
        return data

    @classmethod
    def from_json(cls, data: Mapping[str, Any], contents: Sequence[bytes]) -> "ParsedMail":
        plain = {f.name: data[f.name] for f in fields(cls)}
        for name in ("reply_to", "to", "cc"):
            plain[name] = tuple(Mailbox(**box) for box in data[name])
        for name in ("delivered_to", "in_reply_to", "references", "left_out", "defects"):
            plain[name] = tuple(data[name])
        plain["sender"] = Mailbox(**data["sender"]) if data["sender"] else None
        plain["date"] = datetime.fromisoformat(data["date"]) if data["date"] else None
        plain["headers"] = {name: tuple(values) for name, values in data["headers"].items()}
        plain["attachments"] = tuple(
            Attachment(**about, content=content) for about, content in zip(data["attachments"], contents, strict=True)
        )
        return cls(**plain)
