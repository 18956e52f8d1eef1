"""Where do the tags of a stranger's HTML begin and end? One linear pass that never raises, however broken it is."""

import re
from collections.abc import Iterator
from enum import Enum
from typing import NamedTuple

_START = re.compile(r"<[a-zA-Z/!?]")
_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,40})")
_SHORT_TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9:_-]{0,40}+)[^<>\"']*>")
_STOP = re.compile(r"(?P<value>=\s*)?(?P<quote>[\"'])|>")
_ATTRIBUTE = re.compile(r"([a-zA-Z][\w:-]{0,40})\s*=\s*(?:\"([^\"]*)\"|'([^']*)'|([^\s>\"']+))")
_HIDDEN = ("script", "style", "title", "template")


def names(spelled: str) -> frozenset[str]:
    """The names in a text, for long lists of them."""
    return frozenset(spelled.split())


class Kind(Enum):
    TEXT = "text"
    OPEN = "open"
    CLOSE = "close"
    HIDDEN = "hidden"


class Token(NamedTuple):  # made by the million, and a tuple is made five times as fast as a dataclass
    """A stretch of the markup; `name` is the tag in lower case."""

    kind: Kind
    start: int
    end: int
    name: str = ""


class _Source:
    """Searches forward only, and remembers what no longer occurs."""

    def __init__(self, html: str) -> None:
        self.html = html
        self.gone: set[str] = set()

    def find(self, what: str, start: int) -> int:
        if what in self.gone:
            return -1
        at = self.html.find(what, start)
        if at < 0:
            self.gone.add(what)
        return at

    def tag_end(self, start: int) -> int:
        """Behind the ">" of a tag; one within a quoted value does not count."""
        pos = start
        while stop := _STOP.search(self.html, pos):
            if stop[0] == ">":
                return stop.end()
            closing = self.find(stop["quote"], stop.end()) if stop["value"] else -1
            pos = closing + 1 if closing >= 0 else stop.end()
        return len(self.html)


def tokens(html: str) -> Iterator[Token]:
    source, pos, size = _Source(html), 0, len(html)
    while pos < size:
        start = _START.search(html, pos)
        at = start.start() if start else size
        if at > pos:
            yield Token(Kind.TEXT, pos, at)
        if at == size:
            return
        token = _markup(source, at)
        yield token
        pos = token.end
        if token.kind is Kind.OPEN and token.name in _HIDDEN and html[token.end - 2 : token.end] != "/>":
            closing = re.compile(rf"</{token.name}[\s>]", re.IGNORECASE).search(html, pos)
            pos_after = closing.start() if closing else size
            if pos_after > pos:
                yield Token(Kind.HIDDEN, pos, pos_after)
            pos = pos_after


def _markup(source: _Source, at: int) -> Token:
    html = source.html
    if tag := _SHORT_TAG.match(html, at):
        return Token(Kind.CLOSE if tag[1] else Kind.OPEN, at, tag.end(), tag[2].lower())
    if tag := _TAG.match(html, at):
        return Token(Kind.CLOSE if tag[1] else Kind.OPEN, at, source.tag_end(tag.end()), tag[2].lower())
    closing = "-->" if html.startswith("<!--", at) else ">"
    end = source.find(closing, at + 2)
    return Token(Kind.HIDDEN, at, end + len(closing) if end >= 0 else len(html))


def attributes(html: str, token: Token) -> dict[str, str]:
    """The attributes of a tag with lower-case names, entities left as they are."""
    found: dict[str, str] = {}
    if token.end - token.start <= len(token.name) + 4:  # no room for one
        return found
    inside = html[token.start + 1 + len(token.name) : min(token.end, token.start + 20_000)]
    for match in _ATTRIBUTE.finditer(inside):
        found.setdefault(match[1].lower(), match[2] or match[3] or match[4] or "")
    return found
