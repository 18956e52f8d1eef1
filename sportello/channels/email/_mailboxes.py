"""Whom does an address header name? A forgiving reader of RFC 5322 lists, in one pass for any length and nesting."""

import re

from sportello.channels.email._headers import clean_line, decode_words
from sportello.channels.email._parsed import Mailbox
from sportello.kernel.addresses import normalise

_TOKEN = re.compile(
    r"=\?[^?\s]{1,80}\?[BbQq]\?[^?]{0,2000}\?="  # an encoded word, whatever it holds
    r"|\"(?:[^\"\\]|\\.)*\"|\\.|[(),:;<>\"]|[^(),:;<>\"\\=]+|.",
    re.DOTALL,
)
_LONGEST_GUESS = 20_000
_PLAIN = re.compile(r"[^\s<>\"',;:()\[\]]{1,128}@[^\s<>\"',;:()\[\]@]{1,253}")


class _Reader:
    """Collects one mailbox after the other while the marks go by."""

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.found: list[Mailbox] = []
        self.full = False
        self.carried = ""
        self._reset()

    def _reset(self) -> None:
        self.depth = 0
        self.inside = False
        self.words: list[str] = []
        self.angle: list[str] | None = None
        self.comment: list[str] = []

    def take(self, mark: str) -> None:
        if mark == "(":
            self.depth += 1
        elif mark == ")" and self.depth:
            self.depth -= 1
        elif self.depth:
            self.comment.append(mark)
        elif self.inside and mark not in ",;":
            self._take_inside(mark)
        else:
            self._take_outside(mark)

    def _take_inside(self, mark: str) -> None:
        if mark == ">":
            self.inside = False
        elif mark == ":":  # an obsolete route in front of the address
            self.angle = []
        elif mark != "<" and self.angle is not None:
            self.angle.append(mark)

    def _take_outside(self, mark: str) -> None:
        if mark in ",;":
            if self.inside and self.angle and "".join(self.angle).lstrip().startswith("@"):
                return
            self.finish(ends_list=mark == ";")
        elif mark == "<":
            self.inside, self.angle = True, []
        elif mark == ":" and not self._has_address():
            self.words, self.comment = [], []
        elif mark != ">":
            self.words.append(mark)

    def _has_address(self) -> bool:
        return self.angle is not None or any("@" in word for word in self.words)

    def finish(self, *, ends_list: bool = False) -> None:
        words, angle, comment = "".join(self.words), self.angle, "".join(self.comment)
        self._reset()
        name = self.carried + _name(words)
        if angle is None and "@" not in words:
            # The comma stood in a name without quotes, unless nothing follows.
            self.carried = f"{name}, " if name and not ends_list else ""
            return
        self.carried = ""
        if len(self.found) >= self.limit:
            self.full = True
            return
        if angle is not None:
            self.found.append(Mailbox(name, valid("".join(angle))))
        else:
            self.found.append(_without_brackets(words, comment))


def read_mailboxes(text: str, limit: int) -> tuple[list[Mailbox], bool]:
    """The mailboxes of a header value (encoded words still in it), and whether there were more than `limit`.

    A mailbox without a valid address keeps its name and has the address "".
    """
    reader = _Reader(limit)
    for match in _TOKEN.finditer(text):
        reader.take(match[0])
        if reader.full:
            return reader.found, True
    reader.finish()
    if reader.carried and not reader.found:
        return [Mailbox(reader.carried.removesuffix(", "), "")], False
    if not reader.found and "@" in text:
        return [
            Mailbox("", address) for address in map(valid, _PLAIN.findall(text[:_LONGEST_GUESS])[:limit]) if address
        ], False
    return reader.found, False


def valid(text: str) -> str:
    """The address as written if it is one; "" if not. White space around dots and "@" is obsolete, not wrong."""
    address = re.sub(r"\s*([.@])\s*", r"\1", text.strip().removeprefix("mailto:")).strip("'")
    return address if normalise(address) else ""


def _name(words: str) -> str:
    text = re.sub(r"\"((?:[^\"\\]|\\.)*)\"", lambda m: re.sub(r"\\(.)", r"\1", m[1]), words)
    return re.sub(r"\s+", " ", clean_line(decode_words(text))).strip().strip("'")


def _without_brackets(words: str, comment: str) -> Mailbox:
    """`user@host`, `user@host (Name)`, or `Name user@host`; two addresses in one place are none."""
    quoted = valid(words)
    if quoted:
        return Mailbox(_name(comment), quoted)
    holders = [word for word in words.split() if "@" in word]
    if len(holders) == 1 and (address := valid(holders[0])):
        return Mailbox(_name(words.replace(holders[0], " ")) or _name(comment), address)
    return Mailbox(_name(words), "")
