"""What did the writer of a mail add, and what only repeats an earlier mail? The parts together are all of the mail."""

import re
from dataclasses import dataclass

from sportello.channels.email._quote_html import flatten
from sportello.channels.email._quote_lines import MARKED, Label, Lines

_LONGEST_HTML = 2_000_000  # characters; a longer mail is not shown as HTML
_MOST_PARENT_CHARS = 200_000
_MOST_SEARCHES = 400
_LONG_LINE = 25
_NOT_LETTERS = re.compile(r"[\W_]+")


@dataclass(frozen=True, slots=True)
class Split:
    """Each line of the text is in exactly one of the parts, in its order."""

    new: str
    quoted: str
    signature: str = ""


def split(text: str, parent_text: str | None = None) -> Split:
    """Parts a plain text. With the text of the mail that it answers, quotes without any mark are found as well."""
    lines = text.split("\n")
    labels = Lines(lines, [bool(MARKED.match(line)) for line in lines], may_be_wrapped=True).label()
    if parent_text:
        _compare(lines, labels, parent_text)
    parts = {label: "\n".join(line for line, own in zip(lines, labels, strict=True) if own is label) for label in Label}
    return Split(parts[Label.NEW], parts[Label.QUOTED], parts[Label.SIGNATURE])


def split_html(html: str) -> tuple[str, str]:
    """The markup of the new part, and that of quotes and signature. Elements may end open: sanitise both afterwards."""
    if len(html) > _LONGEST_HTML:
        return html, ""
    flat = flatten(html)
    labels = Lines(flat.lines, flat.marked).label()
    bounds = [0, *flat.starts[1:], len(html)]
    new: list[str] = []
    quoted: list[str] = []
    for index, label in enumerate(labels):
        stretch = html[bounds[index] : bounds[index + 1]]
        (new if label is Label.NEW else quoted).append(stretch)
    return ("".join(new), "".join(quoted)) if labels else (html, "")


def _compare(lines: list[str], labels: list[Label], parent_text: str) -> None:
    """The tail of the new part is quoted where almost all of its lines stand in the parent."""
    parent = _Parent(parent_text)
    best, known, seen = len(lines), 0, 0
    for at in range(len(lines) - 1, -1, -1):
        line = _NOT_LETTERS.sub("", lines[at][:1000]).lower()
        if labels[at] is not Label.NEW or not line:
            continue
        seen += 1
        if parent.has(line):
            known += 1
            if known >= 0.8 * seen and (known >= 2 or len(line) >= _LONG_LINE):
                best = at
        elif seen - known > 3 + known // 4:
            break
    before = any(label is Label.NEW and line.strip() for line, label in zip(lines[:best], labels[:best], strict=True))
    if before:
        labels[best:] = [Label.QUOTED if label is Label.NEW else label for label in labels[best:]]


class _Parent:
    """Asks whether a line stands in the parent: as a line of its own, or within one that was wrapped otherwise."""

    def __init__(self, text: str) -> None:
        lines = text[:_MOST_PARENT_CHARS].split("\n")
        self.lines = {_NOT_LETTERS.sub("", line).lower() for line in lines}
        self.whole = "".join(_NOT_LETTERS.sub("", line).lower() for line in lines)
        self.searches = 0

    def has(self, line: str) -> bool:
        if line in self.lines:
            return True
        self.searches += 1
        return len(line) >= _LONG_LINE and self.searches <= _MOST_SEARCHES and line in self.whole
