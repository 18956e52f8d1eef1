"""Which mails lie in a file or folder, and in which order are they told? By date, and no answer before its question."""

import mailbox as mailboxes
import re
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sportello.channels.email._headers import read_date, read_headers, read_ids, read_message_id
from sportello.channels.email._parsed import Limits

HEAD_BYTES = 256 * 1024
MOST_IDS = 100
SIGNS = {"from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "sender", "reply-to"}
SUFFIXES = (".eml", ".mbox", ".mbx", "")
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class OldMail:
    """`read` fetches its bytes; the rest says where it belongs among the others. Message-IDs are without brackets."""

    read: Callable[[], bytes]
    at: datetime
    msgid: str
    answers: tuple[str, ...]


class OldMails:
    """The mails of a source. `found` and `left_out`, the paths of files that are no mail, are there once it is entered.

    Only their beginnings are read here: mailboxes may be larger than the memory.
    """

    def __init__(self, source: Path) -> None:
        self.found: list[OldMail] = []
        self.left_out: list[Path] = []
        self._source = source
        self._now = datetime.now(UTC)
        self._open = ExitStack()

    def __enter__(self) -> "OldMails":
        with ExitStack() as stack:
            self._open = stack
            self._look_into(self._source)
            self._open = stack.pop_all()
        return self

    def __exit__(self, *_: object) -> None:
        self._open.close()

    def _look_into(self, place: Path) -> None:
        if place.is_dir() and (place / "cur").is_dir():
            self._add_all(mailboxes.Maildir(place, create=False))
        elif place.is_dir():
            for inner in sorted(place.iterdir()):
                if inner.is_dir() or inner.suffix.lower() in SUFFIXES:
                    self._look_into(inner)
        else:
            with place.open("rb") as file:
                head = file.read(HEAD_BYTES)
            if head.startswith(b"From "):
                self._add_all(self._open.enter_context(closing(mailboxes.mbox(place, create=False))))
            elif not self._add(head, place.read_bytes):
                self.left_out.append(place)

    def _add_all(self, box: "mailboxes.Maildir | mailboxes.mbox") -> None:
        for key in sorted(box.keys()):
            with closing(box.get_file(key)) as file:
                head = file.read(HEAD_BYTES)
            self._add(head, _reader(box, key))

    def _add(self, head: bytes, read: Callable[[], bytes]) -> bool:
        """Note a mail; False when it does not look like one."""
        block = read_headers(head, 0, len(head), limits=Limits(), is_mail=True)
        if len(SIGNS & {name for name, _value in block.fields}) < 2:
            return False
        stamps = [block.get("date"), *(line.rpartition(b";")[2] for line in block.all("received"))]
        dates = (date for stamp in stamps if (date := read_date(stamp, self._now)))
        answers = [*read_ids(block.get("in-reply-to"), MOST_IDS), *read_ids(block.get("references"), MOST_IDS)]
        at = min(next(dates, self._now), self._now)
        self.found.append(OldMail(read, at, read_message_id(block.get("message-id")) or "", tuple(answers)))
        return True


def _reader(box: "mailboxes.Maildir | mailboxes.mbox", key: str) -> Callable[[], bytes]:
    if isinstance(box, mailboxes.mbox):
        return lambda: _QUOTED_FROM.sub(rb"\1", box.get_bytes(key))
    return lambda: box.get_bytes(key)


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
