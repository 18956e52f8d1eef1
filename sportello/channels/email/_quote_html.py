"""Which stretches of an HTML mail are lines, and which of them did the sender's program mark as quoted?"""

import re
from dataclasses import dataclass, field
from html import unescape

from sportello.kernel.html_tokens import Kind, Token, attributes, tokens

_PICTURE = "\ufffc"
_HEADINGS = {f"h{level}" for level in range(1, 7)}
_BLOCKS = {"div", "p", "tr", "li", "ul", "ol", "table", "blockquote", "pre", "hr", "dt", "dd", "section", "article"}
_BREAKS = {"br"} | _HEADINGS | _BLOCKS
_CLASSES = re.compile(
    r"(?:^|[\s_-])(?:x_)*(?:gmail_quote(?:_container)?|gmail_attr|yahoo_quoted|moz-cite-prefix|protonmail_quote"
    r"|tutanota_quote|zmail_extra|hey__quote|front-blockquote|mailspring-quote|spark_quote|moz-email-headers-table"
    r"|moz-forward-container|airmail_on|yahoo-quoted|outlookmessageheader|mailcontainer_quote|quoted-?(?:message|text)?)(?:$|\s)",
    re.IGNORECASE,
)
_BLOCKQUOTE_CLASSES = re.compile(r"quote|cite|clean_bq|iphone|reply", re.IGNORECASE)
# From such an element on, the whole rest is quoted.
_REST_IDS = re.compile(
    r"(?:x_)*(?:divrplyfwdmsg|appendonsend|olk_src_body_section|mail-editor-reference-message-container|zwchr"
    r"|replysplit|isreplycontent|isforwardcontent|stopspelling|yahoo_quoted_\d+|reply-intro|originalmessage)$",
    re.IGNORECASE,
)


@dataclass(slots=True)
class HtmlLines:
    """Lines of text with the offset in the markup where each begins; what lies before the first belongs to it."""

    lines: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    marked: list[bool] = field(default_factory=list)


class _Flattener:
    def __init__(self, html: str) -> None:
        self.html = html
        self.out = HtmlLines()
        self.words: list[str] = []
        self.start: int | None = None
        self.line_marked = self.filled = False
        self.depth: dict[str, int] = {}
        self.quotes: list[tuple[str, int]] = []
        self.rest = False

    def run(self) -> HtmlLines:
        for token in tokens(self.html):
            if token.kind is Kind.TEXT:
                self._text(token)
            elif token.kind is Kind.OPEN:
                self._open(token)
            elif token.kind is Kind.CLOSE:
                self._close(token)
        self._end_line(len(self.html))
        return self.out

    def _text(self, token: Token) -> None:
        self._see(unescape(self.html[token.start : token.end]).replace("\xa0", " "), token.start)

    def _see(self, text: str, at: int) -> None:
        if self.start is None:
            self.start = at
        if text.strip() and not self.filled:
            self.line_marked = self.rest or bool(self.quotes)
            self.filled = True
        self.words.append(text)

    def _open(self, token: Token) -> None:
        about = attributes(self.html, token)
        starts_quote = self._starts_quote(token.name, about)
        if token.name in _BREAKS or starts_quote:
            # A <br> ends the line that it stands on, any other element begins the next one.
            self._end_line(token.start, opening=token.name != "br")
        if self.start is None:
            self.start = token.start
        if token.name == "img":
            self._see(_PICTURE, token.start)
        if token.name in ("br", "hr", "img") or self.html[token.end - 2 : token.end] == "/>":
            return
        self.depth[token.name] = self.depth.get(token.name, 0) + 1
        if starts_quote:
            self.quotes.append((token.name, self.depth[token.name]))

    def _close(self, token: Token) -> None:
        name = token.name
        level = self.depth.get(name, 0)
        if level:
            self.depth[name] = level - 1
        if name in _BREAKS or (name, level) in self.quotes[-1:]:
            self._end_line(token.end)
        while self.quotes and self.quotes[-1] == (name, level):
            self.quotes.pop()

    def _starts_quote(self, name: str, about: dict[str, str]) -> bool:
        if _REST_IDS.match(about.get("id", "")):
            self.rest = True
            return False
        if name == "blockquote":
            return (
                about.get("type", "").lower() == "cite"
                or "cite" in about
                or bool(_BLOCKQUOTE_CLASSES.search(about.get("class", "")))
                or "border-left" in about.get("style", "").lower()
            )
        return bool(_CLASSES.search(about.get("class", ""))) or (name == "div" and about.get("name", "") == "quote")

    def _end_line(self, at: int, *, opening: bool = False) -> None:
        """The next line begins with the first element that opens behind this one, and takes its text with it."""
        if self.filled:
            self.out.lines.append(re.sub(r"\s+", " ", "".join(self.words)).strip())
            self.out.starts.append(self.start or 0)
            self.out.marked.append(self.line_marked)
        if self.filled or not opening:
            self.start = at if opening else None
        self.words, self.filled = [], False


def flatten(html: str) -> HtmlLines:
    """The visible lines; blank ones are left out."""
    return _Flattener(html).run()
