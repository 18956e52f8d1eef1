"""Which parts does a mail consist of? Splits it along its boundaries, outermost first, within limits.

The standard library's parser is not used for this: it needs a stack level per nesting and several copies of the mail.
"""

import re
from dataclasses import dataclass, field

from sportello.channels.email import _defects as known
from sportello.channels.email._decoding import codec_for, transfer_decode
from sportello.channels.email._headers import HeaderBlock, decode_header, read_headers, read_parameters
from sportello.channels.email._parsed import Limits

_TAIL = re.compile(rb"(--)?[ \t]*(?=[\r\n]|\Z)")
_GUESS = re.compile(rb"[\r\n]--([^\r\n]{1,200}?)[ \t]*\r?\n(?=[Cc]ontent-[A-Za-z-]+:)")
_MAX_WORK = 2 * 1024**3


@dataclass(slots=True)
class Part:
    """One node of the tree; `start` and `end` bound its body within the raw mail."""

    headers: HeaderBlock
    content_type: str
    parameters: dict[str, str]
    disposition: str
    declared_name: str
    name_in_disposition: bool
    start: int
    end: int
    children: list["Part"] = field(default_factory=list)

    @property
    def content_id(self) -> str:
        return decode_header(self.headers.get("content-id")).strip("<> ")[:500]

    @property
    def charset(self) -> str | None:
        return self.parameters.get("charset") or None

    def content(self, raw: bytes) -> tuple[bytes, bool]:
        """The decoded bytes, and whether the transfer encoding was kept."""
        encoding = decode_header(self.headers.get("content-transfer-encoding"))
        return transfer_decode(raw[self.start : self.end], encoding)


class PartReader:
    """Reads one mail; `defects` says what had to be left out or guessed."""

    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw = raw
        self.limits = limits
        self.defects: set[str] = set()
        self.count = 0
        self.work = 0

    def read(self) -> Part:
        return self._part(0, min(len(self.raw), self.limits.raw_bytes), "text/plain", 0)

    def _part(self, start: int, end: int, default_type: str, depth: int) -> Part:
        self.count += 1
        headers = read_headers(self.raw, start, end, limits=self.limits, is_mail=depth == 0)
        self.defects.update(headers.defects if depth == 0 else ())
        part = _described(headers, default_type, end)
        if part.content_type.startswith("multipart/"):
            self._split(part, depth)
        return part

    def _split(self, part: Part, depth: int) -> None:
        self.work += part.end - part.start
        if depth >= self.limits.depth or self.work > _MAX_WORK:
            self.defects.add(known.CUT_DEPTH)
            part.content_type, part.disposition = "application/octet-stream", "attachment"
            return
        spans = self._spans(part)
        if not spans and not self._ends_at_once(part):
            self.defects.add(known.NO_PARTS)
            part.content_type = "text/plain"
            return
        default = "message/rfc822" if part.content_type == "multipart/digest" else "text/plain"
        for start, end in spans:
            if self.count >= self.limits.parts:
                self.defects.add(known.CUT_PARTS)
                return
            part.children.append(self._part(start, end, default, depth + 1))

    def _ends_at_once(self, part: Part) -> bool:
        """A container without any part, which only says where it ends."""
        boundary = part.parameters.get("boundary", "").encode("utf-8", "replace")
        return bool(boundary) and self.raw.find(b"--" + boundary + b"--", part.start, part.end) >= 0

    def _spans(self, part: Part) -> list[tuple[int, int]]:
        declared = part.parameters.get("boundary", "")
        boundary = declared.encode("utf-8", "replace")
        spans = self._between(boundary, part) if declared else []
        if not spans and (guess := _GUESS.search(self.raw, max(part.start - 1, 0), part.end)):
            self.defects.add(known.NO_BOUNDARY)
            spans = self._between(guess[1].removesuffix(b"--"), part)
        return spans

    def _between(self, boundary: bytes, part: Part) -> list[tuple[int, int]]:
        """The stretches between the boundary lines, at most one more than may be kept."""
        marks: list[tuple[int, int]] = []
        pos = part.start
        closed = False
        while not closed and len(marks) <= self.limits.parts:
            at = self.raw.find(b"--" + boundary, pos, part.end)
            if at < 0:
                break
            pos = at + 2 + len(boundary)
            tail = _TAIL.match(self.raw, pos, part.end)
            if tail and (at == part.start or self.raw[at - 1] in b"\r\n"):
                closed = bool(tail[1])
                pos = tail.end()
                marks.append((at, self._next_line(pos, part.end)))
        return self._spans_of(marks, part.end, closed=closed)

    def _spans_of(self, marks: list[tuple[int, int]], end: int, *, closed: bool) -> list[tuple[int, int]]:
        ends = [self._line_before(at) for at, _after in marks[1:]]
        if not closed and marks:
            ends.append(end)
        return [(after, max(after, stop)) for (_at, after), stop in zip(marks, ends, strict=False)]

    def _next_line(self, pos: int, end: int) -> int:
        if self.raw[pos : pos + 2] == b"\r\n":
            return min(pos + 2, end)
        return min(pos + 1, end)

    def _line_before(self, at: int) -> int:
        """The line break in front of a boundary belongs to the boundary (RFC 2046 5.1.1)."""
        return at - 2 if self.raw[at - 2 : at] == b"\r\n" else at - 1


def _described(headers: HeaderBlock, default_type: str, end: int) -> Part:
    content_type, parameters = read_parameters(headers.get("content-type"))
    disposition, more = read_parameters(headers.get("content-disposition"))
    content_type = _sane_type(content_type, default_type)
    name = more.get("filename", "") or more.get("name", "")
    return Part(
        headers=headers,
        content_type=content_type,
        parameters=parameters,
        disposition=disposition,
        declared_name=name or parameters.get("name", "") or parameters.get("filename", ""),
        name_in_disposition=bool(name),
        start=headers.body_start,
        end=end,
    )


def _sane_type(declared: str, default_type: str) -> str:
    if not declared:
        return default_type
    if re.fullmatch(r"[a-z0-9!#$&^_.+-]{1,100}/[a-z0-9!#$&^_.+-]{1,100}", declared):
        return declared
    if declared.startswith("text"):
        return "text/html" if "html" in declared else "text/plain"
    if declared.startswith("multipart"):
        return "multipart/mixed"
    return "application/octet-stream" if "/" in declared else default_type


def body_charset(part: Part) -> str | None:
    """The first charset that the mail names for a text: the best hint for raw bytes in its headers."""
    queue = [part]
    while queue:
        node = queue.pop(0)
        if node.content_type.startswith("text/") and codec_for(node.charset):
            return node.charset
        queue += node.children
    return None
