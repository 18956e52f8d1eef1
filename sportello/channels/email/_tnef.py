"""What did Outlook pack into winmail.dat? Reads names, files and the body of a TNEF stream (MS-OXTNEF)."""

import struct
from dataclasses import dataclass, field

from sportello.channels.email._decoding import decode_text

_SIGNATURE = 0x223E9F78
_NEW_FILE, _TITLE, _DATA, _FILE_PROPS, _MAIL_PROPS, _CODEPAGE, _BODY = (
    0x00069002,
    0x00018010,
    0x0006800F,
    0x00069005,
    0x00069003,
    0x00069007,
    0x0002800C,
)
_FIXED = {2: 4, 3: 4, 4: 4, 5: 8, 6: 8, 7: 8, 0x0A: 4, 0x0B: 4, 0x14: 8, 0x40: 8, 0x48: 16}
_OBJECT, _STRING8, _UNICODE, _BINARY, _MANY = 0x0D, 0x1E, 0x1F, 0x102, 0x1000
_LONG_NAME, _SHORT_NAME, _CONTENT, _PLAIN, _HTML = 0x3707, 0x3704, 0x3701, 0x1000, 0x1013


class _DamagedError(Exception):
    pass


@dataclass(slots=True)
class Tnef:
    files: list[tuple[str, bytes]] = field(default_factory=list)
    text: str = ""
    html: str = ""
    damaged: bool = False


class _Bytes:
    """Reads little-endian values and refuses to run over the end."""

    def __init__(self, data: bytes) -> None:
        self.data = data
        self.pos = 0

    def take(self, size: int) -> bytes:
        if size > len(self.data) - self.pos:
            raise _DamagedError
        self.pos += size
        return self.data[self.pos - size : self.pos]

    def number(self, kind: str) -> int:
        value: int = struct.unpack(f"<{kind}", self.take(struct.calcsize(f"<{kind}")))[0]
        return value

    @property
    def more(self) -> bool:
        return self.pos < len(self.data)


def read_tnef(data: bytes, most_files: int) -> Tnef:
    """The content of the stream as far as it can be read; `damaged` where it breaks off."""
    stream = _Bytes(data)
    found = Tnef()
    charset = "cp1252"
    try:
        found.damaged = stream.number("I") != _SIGNATURE
        stream.take(2)
        while stream.more and not found.damaged and len(found.files) <= most_files:
            stream.take(1)
            kind, content = stream.number("I"), stream.take(stream.number("I"))
            stream.take(2)
            if kind == _CODEPAGE:
                charset = f"cp{int.from_bytes(content[:4], 'little')}"
            _take(found, kind, content, charset)
    except _DamagedError:
        found.damaged = True
    return found


def _take(found: Tnef, kind: int, content: bytes, charset: str) -> None:
    if kind == _NEW_FILE:
        found.files.append(("", b""))
    elif kind == _MAIL_PROPS:
        _take_body(found, _properties(content, charset))
    elif kind == _BODY and not found.text:
        found.text = decode_text(content, charset)[0]
    elif found.files:
        found.files[-1] = _amended(found.files[-1], kind, content, charset)


def _amended(file: tuple[str, bytes], kind: int, content: bytes, charset: str) -> tuple[str, bytes]:
    name, data = file
    if kind == _TITLE and not name:
        return decode_text(content, charset)[0].strip(), data
    if kind == _DATA:
        return name, content
    if kind == _FILE_PROPS:
        props = _properties(content, charset)
        inner = props.get(_CONTENT, b"")
        return _string(props, _LONG_NAME) or name or _string(props, _SHORT_NAME), data or (
            inner if isinstance(inner, bytes) else b""
        )
    return file


def _take_body(found: Tnef, props: dict[int, str | bytes]) -> None:
    found.text = _string(props, _PLAIN) or found.text
    html = props.get(_HTML, "")
    found.html = decode_text(html)[0] if isinstance(html, bytes) else html


def _string(props: dict[int, str | bytes], name: int) -> str:
    value = props.get(name, "")
    return value if isinstance(value, str) else ""


def _properties(data: bytes, charset: str) -> dict[int, str | bytes]:
    """The texts and byte strings of a property list, by property id."""
    stream = _Bytes(data)
    found: dict[int, str | bytes] = {}
    for _ in range(stream.number("I")):
        kind, name = stream.number("H"), stream.number("H")
        if name >= 0x8000:
            _skip_name(stream)
        if kind & ~_MANY in (_OBJECT, _STRING8, _UNICODE, _BINARY):
            values = [_padded(stream) for _ in range(stream.number("I"))]
            if values:
                found[name] = _value(kind & ~_MANY, values[0], charset)
        else:
            size = _FIXED.get(kind & ~_MANY)
            if size is None:
                raise _DamagedError
            stream.take(size * stream.number("I") if kind & _MANY else size)
    return found


def _skip_name(stream: _Bytes) -> None:
    stream.take(16)
    if stream.number("I"):
        _padded(stream)
    else:
        stream.take(4)


def _padded(stream: _Bytes) -> bytes:
    size = stream.number("I")
    value = stream.take(size)
    stream.take(min(-size % 4, len(stream.data) - stream.pos))
    return value


def _value(kind: int, raw: bytes, charset: str) -> str | bytes:
    if kind in (_UNICODE, _STRING8):
        return decode_text(raw, "utf-16-le" if kind == _UNICODE else charset)[0]
    return raw[16:] if kind == _OBJECT else raw
