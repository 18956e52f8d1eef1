"""How does an HTML mail read as plain text? Quotes keep a "> ", lists their marks, links their addresses."""

import re
from html import unescape
from itertools import islice

from sportello.kernel.html_tokens import Kind, Token, attributes, tokens

_LINE = {"div", "tr", "li", "dt", "dd", "section", "article", "header", "footer", "center", "form", "address", "hr"}
_PARAGRAPH = {"p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "dl", "table", "pre", "blockquote"}
_SPACES = re.compile(r"[ \t\n\r\f\u00a0]+")
_MOST_TOKENS = 1_500_000
_DEEPEST_QUOTE = 20
_LINKS = ("http://", "https://", "mailto:")


class _Writer:
    """Lines of text under the white space rules of HTML."""

    def __init__(self, limit: int) -> None:
        self.lines: list[str] = []
        self.line: list[str] = []
        self.room = limit
        self.quotes = self.pre = self.blank = 0
        self.ends_with_space = True
        self.link: tuple[str, int] | None = None

    def text(self, raw: str) -> None:
        text = unescape(raw)
        if self.pre:
            first, *rest = text.replace("\r\n", "\n").split("\n")
            self._append(first)
            for line in rest:
                self.break_line()
                self._append(line)
            return
        text = _SPACES.sub(" ", text)
        self._append(text.lstrip(" ") if self.ends_with_space else text)

    def _append(self, text: str) -> None:
        if text:
            self.line.append(text)
            self.room -= len(text)
            self.ends_with_space = text.endswith(" ")

    def break_line(self) -> None:
        text = "".join(self.line).rstrip()
        self.line = []
        self.ends_with_space = True
        self.blank = 0 if text else self.blank + 1
        if self.blank <= 2:
            self.lines.append(("> " * min(self.quotes, _DEEPEST_QUOTE) + text).rstrip(" "))
            self.room -= 1 + 2 * min(self.quotes, _DEEPEST_QUOTE)

    def end_line(self) -> None:
        if "".join(self.line).strip():
            self.break_line()

    def end_paragraph(self) -> None:
        self.end_line()
        if self.lines and not self.blank:
            self.break_line()

    def end_quote(self) -> None:
        self.end_line()
        while self.lines and self.quotes and not self.lines[-1].strip("> "):
            self.lines.pop()
        self.quotes = max(self.quotes - 1, 0)
        self.break_line()

    def open_link(self, address: str) -> None:
        self.link = (address, len(self.line))

    def close_link(self) -> None:
        address, start = self.link or ("", 0)
        shown = "".join(self.line[start:]).strip()
        self.link = None
        bare = address.removeprefix("mailto:").removesuffix("/")
        if shown and bare and bare not in shown and shown not in bare:
            self._append(f" <{address}>")


def html_to_text(html: str, limit: int = 2_000_000) -> str:
    """The visible text, at most about `limit` characters of it, and of so many tags as are read within seconds."""
    writer = _Writer(limit)
    for token in islice(tokens(html), _MOST_TOKENS):
        if writer.room <= 0:
            break
        if token.kind is Kind.TEXT:
            writer.text(html[token.start : token.end])
        elif token.kind is not Kind.HIDDEN:
            _take_tag(writer, html, token)
    writer.end_line()
    return re.sub(r"\n{3,}", "\n\n", "\n".join(writer.lines)).strip("\n")


def _take_tag(writer: _Writer, html: str, token: Token) -> None:
    opening = token.kind is Kind.OPEN
    name = token.name
    if name == "br":
        writer.break_line()
    elif name == "blockquote" and not opening:
        writer.end_quote()
    elif name in _PARAGRAPH:
        writer.end_paragraph()
        _nest(writer, name, 1 if opening else -1)
    elif name in _LINE:
        writer.end_line()
        if name == "li" and opening:
            writer.text("* ")
    elif name in ("td", "th") and not opening and not writer.ends_with_space:
        writer.text(" ")
    elif name == "a":
        _take_link(writer, html, token)


def _nest(writer: _Writer, name: str, step: int) -> None:
    if name == "blockquote":
        writer.quotes += step
    elif name == "pre":
        writer.pre = max(writer.pre + step, 0)


def _take_link(writer: _Writer, html: str, token: Token) -> None:
    if token.kind is Kind.CLOSE:
        writer.close_link()
        return
    address = unescape(attributes(html, token).get("href", "")).strip()
    if address.lower().startswith(_LINKS) and len(address) <= 500:
        writer.open_link(address)
