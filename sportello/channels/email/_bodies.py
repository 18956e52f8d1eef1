"""What is the body of a mail and what are its files? Walks the parts and keeps every text in its order."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from html import escape

from sportello.channels.email import _defects as known
from sportello.channels.email._calendar import event_in_words
from sportello.channels.email._decoding import decode_text
from sportello.channels.email._filenames import safe_name
from sportello.channels.email._flowed import unflow
from sportello.channels.email._headers import decode_header, read_headers
from sportello.channels.email._html_text import html_to_text
from sportello.channels.email._parsed import Attachment, Limits
from sportello.channels.email._parts import Part
from sportello.channels.email._tnef import read_tnef

_META_CHARSET = re.compile(rb"<meta[^>]{0,200}?charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.IGNORECASE)
_ENCRYPTED = {"application/pkcs7-mime", "application/x-pkcs7-mime", "multipart/encrypted"}
_TNEF = {"application/ms-tnef", "application/vnd.ms-tnef"}


@dataclass(slots=True)
class Segment:
    """A stretch of the body: as text, as HTML, or the same in both."""

    text: str | None = None
    html: str | None = None


@dataclass(slots=True)
class Body:
    segments: list[Segment] = field(default_factory=list)
    attachments: list[Attachment] = field(default_factory=list)
    left_out: list[str] = field(default_factory=list)
    defects: set[str] = field(default_factory=set)

    def text(self, limit: int) -> str:
        shown = (_text_of(segment, limit) for segment in self.segments)
        return self._cut("\n\n".join(text.strip("\n") for text in shown if text.strip()), limit)

    def html(self, limit: int) -> str | None:
        if not any(_filled(segment.html) for segment in self.segments):
            return None
        return self._cut("\n".join(_html_of(segment) for segment in self.segments), limit)

    def _cut(self, text: str, limit: int) -> str:
        if len(text) > limit:
            self.defects.add(known.CUT_TEXT)
        return text[:limit]


def _filled(text: str | None) -> bool:
    return bool(text and text.strip())


def _text_of(segment: Segment, limit: int) -> str:
    if _filled(segment.text) or not segment.html:
        return segment.text or ""
    return html_to_text(segment.html, limit)


def _html_of(segment: Segment) -> str:
    if _filled(segment.html) or not _filled(segment.text):
        return segment.html or ""
    return "<div>" + escape(segment.text or "", quote=False).strip("\n").replace("\n", "<br>\n") + "</div>"


class BodyReader:
    def __init__(self, raw: bytes, limits: Limits) -> None:
        self.raw = raw
        self.limits = limits
        self.body = Body()
        self.texts = 0

    def read(self, root: Part) -> Body:
        self.body.segments = self._walk(root)
        if not any(_filled(segment.text) or _filled(segment.html) for segment in self.body.segments):
            self.body.segments = [Segment(event_in_words(one.content)) for one in self._invitations()]
        if root.content_type in _ENCRYPTED and not _is_signed_only(root):
            self.body.defects.add(known.ENCRYPTED)
        return self.body

    def _invitations(self) -> list[Attachment]:
        return [one for one in self.body.attachments if one.content_type == "text/calendar"]

    def _walk(self, part: Part) -> list[Segment]:
        if part.children:
            return self._container(part)
        if part.content_type.startswith("multipart/"):
            return []
        if self._is_body(part):
            return [self._segment(part)]
        if part.content_type in _TNEF or part.declared_name.lower() == "winmail.dat":
            return self._winmail(part)
        self._attach(part)
        return []

    def _container(self, part: Part) -> list[Segment]:
        if part.content_type == "multipart/alternative":
            return self._alternative(part)
        if part.content_type == "multipart/related":
            return self._related(part)
        return self._all(part.children)

    def _related(self, part: Part) -> list[Segment]:
        """The first part is the text, the others are what it refers to (RFC 2387 3.2)."""
        segments: list[Segment] = []
        for child in part.children:
            if child.content_type.startswith("text/") and any(_filled(s.text) or _filled(s.html) for s in segments):
                self._attach(child)
            else:
                segments += self._walk(child)
        return segments

    def _all(self, parts: Iterable[Part]) -> list[Segment]:
        return [segment for part in parts for segment in self._walk(part)]

    def _alternative(self, part: Part) -> list[Segment]:
        """One segment: the texts of those branches that hold text alone, the HTML of those that hold HTML."""
        texts: list[str] = []
        htmls: list[str] = []
        for child in part.children:
            segments = self._walk(child)
            if any(_filled(segment.html) for segment in segments):
                htmls.append("\n".join(_html_of(segment) for segment in segments))
            else:
                texts += [segment.text for segment in segments if segment.text]
        return [Segment("\n\n".join(texts) if texts else None, "\n".join(htmls) if htmls else None)]

    def _is_body(self, part: Part) -> bool:
        if part.content_type not in ("text/plain", "text/html", "text/enriched", "text/richtext"):
            return False
        if part.disposition.startswith("attachment"):
            return False
        # A name on the first text is an oddity of the sender; on a later one it is a file shown inline.
        return not part.declared_name or (not part.name_in_disposition and not self.texts)

    def _segment(self, part: Part) -> Segment:
        self.texts += 1
        data, kept = part.content(self.raw)
        if not kept:
            self.body.defects.add(known.BAD_ENCODING)
        is_html = part.content_type == "text/html"
        text, right = decode_text(data, part.charset or (_meta_charset(data) if is_html else None))
        if not right:
            self.body.defects.add(known.BAD_CHARSET)
        if is_html:
            return Segment(html=text)
        if part.parameters.get("format", "").lower() == "flowed":
            text = unflow(text, delsp=part.parameters.get("delsp", "").lower() == "yes")
        return Segment(text=text)

    def _is_cut(self, part: Part) -> bool:
        """Whether a file goes on where reading stops; half a file is none."""
        cut = len(self.raw) > self.limits.raw_bytes <= part.end
        if cut:
            self.body.left_out.append(safe_name(part.declared_name, part.content_type, len(self.body.attachments) + 1))
        return cut

    def _attach(self, part: Part) -> None:
        if self._is_cut(part):
            return
        data, kept = part.content(self.raw)
        if not kept:
            self.body.defects.add(known.BAD_ENCODING)
        name = part.declared_name or self._inner_subject(part, data)
        self._keep(name, part.content_type, data, part)

    def _keep(self, name: str, content_type: str, data: bytes, part: Part) -> None:
        number = len(self.body.attachments) + 1
        inline = part.disposition.startswith("inline") and content_type.startswith("image/")
        self.body.attachments.append(
            Attachment(safe_name(name, content_type, number), content_type, data, part.content_id, inline)
        )

    def _inner_subject(self, part: Part, data: bytes) -> str:
        """An attached mail without a name is called by its subject."""
        if part.content_type != "message/rfc822":
            return ""
        headers = read_headers(data, 0, len(data), limits=self.limits, is_mail=True)
        subject = decode_header(headers.get("subject"))[:100].strip()
        return f"{subject}.eml" if subject else ""

    def _winmail(self, part: Part) -> list[Segment]:
        if self._is_cut(part):
            return []
        data, _kept = part.content(self.raw)
        found = read_tnef(data, self.limits.parts)
        if found.damaged:
            self.body.defects.add(known.BAD_TNEF)
            self._keep(part.declared_name or "winmail.dat", part.content_type, data, part)
        for name, content in found.files:
            self._keep(name, "application/octet-stream", content, part)
        if self.texts or not (found.text or found.html):
            return []
        return [Segment(found.text or None, found.html or None)]


def _meta_charset(data: bytes) -> str | None:
    found = _META_CHARSET.search(data, 0, 4096)
    return found[1].decode("ascii", "replace") if found else None


def _is_signed_only(part: Part) -> bool:
    return part.parameters.get("smime-type", "").lower() in ("signed-data", "certs-only")
