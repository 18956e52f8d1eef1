"""Which mails lie in a file or folder, and in which order are they told? One conversation after the other.

What lies there and is no mail is named: nothing is left behind without a word.
"""

import re
import stat
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from sportello.channels.email._headers import HeaderBlock, read_date, read_headers, read_ids, read_message_id
from sportello.channels.email._parsed import Limits

HEAD_BYTES = 256 * 1024
PIECE = 64 * 1024
MOST_IDS = 100
SIGNS = {"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "sender", "reply-to"}
SUFFIXES = (".eml", ".mbox", ".mbx", "")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)  # as mboxrd quotes it; mboxo has one sign less to undo
# the line before each mail of an mbox (RFC 4155): who sent it, and when. A sentence may begin with the same word
_FROM_LINE = re.compile(
    rb"From (?=.*\b(?:19|20)\d\d\b)(?:.* )?"
    rb"(?:(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)\w*,? .*\b\d{1,2}:\d\d\b|\d{4}-\d\d-\d\d[T ]\d\d:\d\d)"
)


@dataclass(frozen=True, slots=True)
class OldMail:
    """`read` fetches its bytes from `place`; the rest says where it belongs. Message-IDs are without brackets."""

    place: Path
    read: Callable[[], bytes]
    at: datetime
    msgid: str
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PassedOver:
    """`reason` goes on where the name of the place ends: "is no mail"."""

    place: Path
    reason: str


class OldMails:
    """The mails of a source, and what lies there beside them.

    Only their beginnings are read here: mailboxes may be larger than the memory.
    """

    def __init__(self, source: Path) -> None:
        self.found: list[OldMail] = []
        self.passed_over: list[PassedOver] = []
        self._now = datetime.now(UTC)
        self._look_into(source)

    def _look_into(self, source: Path) -> None:
        todo = [(source, False)]
        while todo:
            place, holds_mail = todo.pop()
            try:
                mode = place.stat().st_mode
                if stat.S_ISDIR(mode) and place.is_symlink() and place != source:
                    self._pass_over(place, "is a link to a folder")  # it may lead back here, or anywhere
                elif stat.S_ISDIR(mode):
                    todo += reversed(_inside(place, holds_mail=holds_mail))
                elif not stat.S_ISREG(mode):
                    self._pass_over(place, "is neither a file nor a folder")
                elif holds_mail:
                    self._add(place, _head(place), place.read_bytes)
                elif place == source or place.suffix.lower() in SUFFIXES:
                    self._add_file(place)
                else:
                    self._pass_over(place, f"is called neither {', '.join(SUFFIXES[:-2])} nor {SUFFIXES[-2]}")
            except OSError as error:
                self._pass_over(place, f"cannot be read ({error.strerror or error})")

    def _pass_over(self, place: Path, reason: str) -> None:
        self.passed_over.append(PassedOver(place, reason))

    def _add_file(self, place: Path) -> None:
        head = _head(place)
        own_line = _FROM_LINE.match(head.lstrip(b"\r\n"))
        if own_line and place.suffix.lower() != ".eml":
            with place.open("rb") as file:
                for start, end in list(_pieces(file)):
                    file.seek(start)
                    self._add(place, file.read(min(end - start, HEAD_BYTES)), _reader(place, start, end))
        elif not own_line and len(SIGNS & {name for name, _value in _headers(head).fields}) < 2:
            self._pass_over(place, "is no mail")
        else:
            self._add(place, head, place.read_bytes)

    def _add(self, place: Path, head: bytes, read: Callable[[], bytes]) -> None:
        """What lies where mails lie is one, whatever it looks like: intake keeps in quarantine what cannot be read."""
        block = _headers(head)
        stamps = [block.get("date"), *(line.rpartition(b";")[2] for line in block.all("received"))]
        dates = (date for stamp in stamps if (date := read_date(stamp, self._now)))
        answers = [*read_ids(block.get("in-reply-to"), MOST_IDS), *read_ids(block.get("references"), MOST_IDS)]
        at = min(next(dates, self._now), self._now)
        msgid = read_message_id(block.get("message-id")) or ""
        self.found.append(OldMail(place, read, at, msgid, tuple(answers)))


def _inside(folder: Path, *, holds_mail: bool) -> list[tuple[Path, bool]]:
    """What lies in it, and whether that is mail, or holds it, by its place alone: in `cur` and `new` of a Maildir."""
    places = sorted(folder.iterdir())
    if holds_mail:
        return [(place, not place.is_dir() and not place.name.startswith(".")) for place in places]
    folders = {place.name for place in places if place.is_dir()}
    boxes = {"cur", "new"} if "cur" in folders or {"new", "tmp"} <= folders else set()
    return [(place, place.name in folders & boxes) for place in places]


def _head(place: Path) -> bytes:
    with place.open("rb") as file:
        return file.read(HEAD_BYTES)


def _headers(head: bytes) -> HeaderBlock:
    return read_headers(head, 0, len(head), limits=Limits(), is_mail=True)


def _pieces(file: BinaryIO) -> Iterator[tuple[int, int]]:
    """Where each mail of an mbox begins, behind its "From " line, and ends, before the empty line of the next.

    That empty line is what tells the "From " line from one of a text, beside its date.
    """
    start, at, blank, at_line = -1, 0, 0, True
    while piece := file.readline(PIECE):
        after = at + len(piece)
        if at_line and (start < 0 or blank) and _FROM_LINE.match(piece):
            if start >= 0:
                yield start, max(at - blank, start)
            start = after
        blank = len(piece) if at_line and piece in (b"\n", b"\r\n") else 0
        at_line = piece.endswith(b"\n")
        at = after
    yield start, max(at - blank, start)


def _reader(place: Path, start: int, end: int) -> Callable[[], bytes]:
    def read() -> bytes:
        with place.open("rb") as file:
            file.seek(start)
            return _QUOTED_FROM.sub(rb"\1", file.read(end - start))

    return read


def conversations(mails: Iterable[OldMail]) -> Iterator[list[OldMail]]:
    """Those that name each other, however far: one after the other, each in the order of `in_order`."""
    groups: list[list[OldMail]] = []
    of_name: dict[str, list[OldMail]] = {}
    for mail in in_order(mails):
        names = _names(mail)
        known = {id(of_name[name]): of_name[name] for name in names if name in of_name}
        largest, *others = sorted(known.values(), key=len, reverse=True) or [[]]
        if not largest:
            groups.append(largest)
        for other in others:
            of_name |= {name: largest for one in other for name in _names(one)}
            largest += other
            other.clear()
        largest.append(mail)
        of_name |= dict.fromkeys(names, largest)
    for group in groups:
        if group:
            yield list(in_order(group))


def _names(mail: OldMail) -> list[str]:
    return [name for name in (mail.msgid, *mail.answers) if name]


def in_order(mails: Iterable[OldMail]) -> Iterator[OldMail]:
    """By date, but what is answered before its answer, whatever their clocks said."""
    by_date = sorted(mails, key=lambda mail: mail.at)
    named = {mail.msgid: mail for mail in reversed(by_date) if mail.msgid}
    seen: set[int] = set()
    for mail in by_date:
        todo = [] if id(mail) in seen else [mail]
        while todo:
            seen.add(id(todo[-1]))
            earlier = (named[one] for one in todo[-1].answers if one in named)
            next_one = next((one for one in earlier if id(one) not in seen), None)
            if next_one:
                todo.append(next_one)
            else:
                yield todo.pop()
