"""What do the header lines of a mail or of a part say? Reads raw header blocks and single values; never raises."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from urllib.parse import unquote_to_bytes

from sportello.channels.email import _defects as known
from sportello.channels.email._decoding import codec_for, decode_text, transfer_decode
from sportello.channels.email._parsed import Limits

_FIELD = re.compile(rb"([!-9;-~]{1,200})[ \t]*:")
_KNOWN = re.compile(
    rb"(?:^|[\r\n])(?:from|to|cc|bcc|subject|date|received|return-path|reply-to|sender|message-id|in-reply-to|references"
    rb"|mime-version|delivered-to|content-[a-z-]+|dkim-signature|arc-[a-z-]+|list-[a-z-]+|auto-submitted|precedence"
    rb"|x-[a-z0-9-]+)[ \t]*:",
    re.IGNORECASE,
)
_ENCODED_WORD = re.compile(r"=\?([^?\s]{1,80})\?([bBqQ])\?")
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_ID = re.compile(r"<([^<>]{1,998})>")
_PARAMETER = re.compile(r";\s*([^\s=;\"]{1,100})\s*=\s*(\"(?:[^\"\\]|\\.)*\"|[^;]*)", re.DOTALL)
_YEAR_ZERO = re.compile(r"\b0\d{3}\s+\d{1,2}:")
_EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
_LONGEST_ID = 998
_LOOK_AHEAD = 2000
_MOST_BROKEN_LINES = 100


@dataclass(frozen=True, slots=True)
class HeaderBlock:
    """Unfolded fields in their order, by lower-case name, and where the body begins."""

    fields: tuple[tuple[str, bytes], ...]
    body_start: int
    defects: tuple[str, ...] = ()

    def all(self, name: str) -> list[bytes]:
        return [value for key, value in self.fields if key == name]

    def get(self, name: str) -> bytes:
        return next((value for key, value in self.fields if key == name), b"")


class _Collector:
    """Takes header lines one at a time and keeps what the limits allow."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.fields: list[tuple[str, list[bytes]]] = []
        self.defects: set[str] = set()
        self.kept = self.in_field = 0
        self.open = False
        self.broken = 0

    def skips(self, data: bytes, start: int, end: int) -> bool:
        """Is this line rubbish between headers? Only if a well-known header follows before the next empty line."""
        self.defects.add(known.BAD_HEADERS)
        self.broken += 1
        ahead = data[start : min(end, start + _LOOK_AHEAD)]
        ahead = re.split(rb"\n\r?\n|\r\r", ahead, maxsplit=1)[0]
        return self.broken <= _MOST_BROKEN_LINES and bool(_KNOWN.search(ahead))

    def begin(self, name: bytes, value: bytes) -> None:
        self.open = len(self.fields) < self.limits.header_fields
        if not self.open:
            self.defects.add(known.CUT_HEADERS)
            return
        self.in_field = 0
        self.fields.append((name.decode("ascii").lower(), []))
        self.add(value)

    def add(self, line: bytes) -> None:
        room = min(self.limits.field_bytes - self.in_field, self.limits.header_bytes - self.kept)
        if len(line) > room:
            self.defects.add(known.CUT_HEADERS)
        if self.open and room > 0:
            self.fields[-1][1].append(line[:room])
            self.in_field += len(line)
            self.kept += len(line)


def read_headers(data: bytes, start: int, end: int, *, limits: Limits, is_mail: bool = False) -> HeaderBlock:
    """Reads fields up to the first empty line. A mail may begin with empty lines or an mbox line, a part may not."""
    newline = b"\n" if data.find(b"\n", start, end) >= 0 else b"\r"
    taken = _Collector(limits)
    pos = _first_line(data, start, end) if is_mail else start
    while pos < end:
        stop = data.find(newline, pos, end)
        following = end if stop < 0 else stop + 1
        line = data[pos : end if stop < 0 else stop].rstrip(b"\r")
        if not line:
            pos = following
            break
        if field := _FIELD.match(line):
            taken.begin(field[1], line[field.end() :])
        elif line[:1] in b" \t" and taken.fields:
            taken.add(line)
        elif not taken.skips(data, following, end):
            break
        pos = following
    fields = tuple((name, b"".join(lines).strip()) for name, lines in taken.fields)
    return HeaderBlock(fields, pos, tuple(sorted(taken.defects)))


def _first_line(data: bytes, start: int, end: int) -> int:
    """Skips empty lines in front of the first field, and the "From " line of an mbox."""
    blank = re.compile(rb"[\r\n \t]*").match(data, start, end)
    pos = blank.end() if blank and _FIELD.match(data, blank.end(), end) else start
    if mbox := re.compile(rb">?From [^\r\n]*(\r\n|\r|\n)").match(data, pos, end):
        return mbox.end()
    return pos


def decode_header(raw: bytes, charset: str | None = None) -> str:
    """One line of text: RFC 2047 words decoded, raw 8-bit bytes by guess with `charset` as a hint."""
    return clean_line(decode_words(raw_text(raw, charset)))


def raw_text(raw: bytes, charset: str | None = None) -> str:
    """The characters of a header value with its encoded words left alone."""
    text, right = decode_text(raw)
    high = len(raw.translate(None, bytes(range(128))))
    # Western charsets write most letters in ASCII: where most bytes are not, the hint is wrong.
    if right or not charset or high > len(raw) / 2:
        return text
    return decode_text(raw, charset)[0]


def clean_line(text: str) -> str:
    return _CONTROLS.sub(" ", text).strip()


def decode_words(text: str) -> str:
    """Decodes RFC 2047 words; neighbours in one charset are joined as bytes, so that a split character survives."""
    out: list[str] = []
    pending: list[tuple[str, bytes]] = []
    pos = 0
    while start := _next_word(text, pos):
        word, stop = start
        between = text[pos : word.start()]
        if between.strip() or not pending:
            out += [_joined(pending), between]
            pending = []
        pending.append((word[1].split("*")[0].lower(), _word_bytes(word[2], text[word.end() : stop])))
        pos = stop + 2
    out += [_joined(pending), text[pos:]]
    return "".join(out)


def _next_word(text: str, pos: int) -> tuple[re.Match[str], int] | None:
    """The next encoded word and where its end mark stands; an unfinished one is passed over."""
    while word := _ENCODED_WORD.search(text, pos):
        stop = text.find("?=", word.end())
        if stop < 0:
            return None
        again = text.find("=?", word.end(), stop)
        if again < 0 or not _ENCODED_WORD.match(text, again):
            return word, stop
        pos = again
    return None


def _word_bytes(kind: str, text: str) -> bytes:
    raw = text.encode("utf-8", "replace")
    if kind in "bB":
        return transfer_decode(raw, "base64")[0]
    return re.sub(rb"=([0-9a-fA-F]{2})", lambda m: bytes([int(m[1], 16)]), raw.replace(b"_", b" "))


def _joined(words: list[tuple[str, bytes]]) -> str:
    out: list[str] = []
    run: list[bytes] = []
    for index, (charset, data) in enumerate(words):
        run.append(data)
        if index + 1 == len(words) or words[index + 1][0] != charset:
            out.append(decode_text(b"".join(run), charset if codec_for(charset) else None)[0])
            run = []
    return "".join(out)


def read_date(raw: bytes, now: datetime) -> datetime | None:
    """The moment in UTC; None where it is missing, impossible, before 1990 or more than a day ahead of `now`."""
    text = clean_line(raw_text(raw))[:200]
    if _YEAR_ZERO.search(text):  # which the library takes for a year of two digits
        return None
    try:
        when: datetime | None = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        when = _iso_date(text)
    try:
        moment = when.replace(tzinfo=when.tzinfo or UTC).astimezone(UTC) if when else None
    except (ValueError, OverflowError):
        return None
    return moment if moment and _EARLIEST <= moment <= now + timedelta(days=1) else None


def _iso_date(text: str) -> datetime | None:
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def read_ids(raw: bytes, limit: int) -> list[str]:
    """Message-IDs without brackets, each once, in order; of too many the first and the newest are kept."""
    text = raw_text(raw)
    found = [re.sub(r"\s+", "", match) for match in _ID.findall(text)]
    if not found:
        found = [word.strip("<>,;") for word in text.split() if "@" in word and len(word) <= _LONGEST_ID]
    ids = list(dict.fromkeys(one for one in map(clean_line, found) if one))
    return ids if len(ids) <= limit else [ids[0], *ids[-(limit - 1) :]]


def read_message_id(raw: bytes) -> str | None:
    """The id without brackets; None where it could not name one mail among all (RFC 5322 3.6.4)."""
    ids = read_ids(raw, 10)
    if not ids:
        text = clean_line(raw_text(raw)).strip("<>")
        ids = [re.sub(r"\s+", "", text)] if 8 <= len(text) <= _LONGEST_ID else []
    return ids[0] if ids and len(ids[0]) >= 3 and len(ids[0]) <= _LONGEST_ID else None


def read_parameters(raw: bytes) -> tuple[str, dict[str, str]]:
    """The value of Content-Type or Content-Disposition in lower case, and its parameters (RFC 2231, 2047, neither)."""
    text = raw_text(raw)
    value = text.split(";", 1)[0]
    plain: dict[str, str] = {}
    pieces: dict[str, dict[int, tuple[bool, str]]] = {}
    for match in _PARAMETER.finditer(text, len(value)):
        name, content = match[1].lower(), _unquoted(match[2])
        star = re.fullmatch(r"([^*]+)\*(?:(\d{1,9})(\*?))?", name)
        if star:
            encoded = star[2] is None or bool(star[3])
            pieces.setdefault(star[1], {}).setdefault(int(star[2] or 0), (encoded, content))
        else:
            plain.setdefault(name, clean_line(decode_words(content)))
    plain.update({name: _rfc2231(parts) for name, parts in pieces.items()})
    return re.sub(r"\s+", "", clean_line(value)).lower(), plain


def _unquoted(text: str) -> str:
    text = text.strip()
    if len(text) >= 2 and text[0] == text[-1] == '"':
        return re.sub(r"\\([\"\\])", r"\1", text[1:-1])
    return text.strip('"')


def _rfc2231(parts: dict[int, tuple[bool, str]]) -> str:
    charset = None
    out: list[bytes] = []
    for index in sorted(parts):
        encoded, text = parts[index]
        if encoded and not out and text.count("'") >= 2:
            charset, _language, text = text.split("'", 2)
        raw = text.encode("utf-8", "replace")
        out.append(unquote_to_bytes(raw) if encoded else raw)
    return clean_line(decode_words(decode_text(b"".join(out), charset)[0]))
