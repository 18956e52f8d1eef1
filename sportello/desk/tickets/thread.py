"""In which lines does a conversation read? Messages, what happened between them, the days, and what is new."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from functools import cached_property
from math import ceil
from zlib import crc32

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import ngettext

from sportello.channels.delivery import Delivery
from sportello.channels.email.deliveries import Notice, states_in, with_mailbox
from sportello.desk.tickets.sentences import Sentence, sentences
from sportello.people.models import User
from sportello.tickets.events import MessageAdded, MessageWithdrawn, TicketSolved
from sportello.tickets.models import Attachment, Message, Ticket, TimelineEntry
from sportello.tickets.reading import TRAVELLING, OpenTicket, Stretch
from sportello.tickets.words import ALLOWED_FROM, MessageKind, Status

TOLD_IN_SUMMARY = 2
# what plain text cannot say: emphasis, headings, tables, colours, pictures within. Grey and black are no colours here
_SAYS_MORE = re.compile(
    r"<(?:b|strong|i|em|u|s|strike|del|ins|mark|big|center|h[1-6]|hr|table)[ >]|<img [^>]*data-cid=|src=\"data:"
    r"|(?:style=\"(?:[^\"]*;)?\s*+(?:background-)?color:\s*+|color=\")"
    r"(?!black|white|inherit|initial|transparent|windowtext|currentcolor|#([0-9a-f])\1+[\";]|rgb\((\d+),\s*\2,\s*\2\))",
    re.IGNORECASE,
)
QUIET = (MessageAdded.kind, MessageWithdrawn.kind)  # the message itself stands in the thread


class DeskTicket(OpenTicket):
    """A ticket with its facts in words, each put into words once."""

    @classmethod
    def readable(cls, reader: User) -> QuerySet[Ticket]:
        return with_mailbox(super().readable(reader))

    @property
    def mail_can_leave(self) -> bool:
        """Whether there is a mailbox to write from."""
        return bool(vars(self.ticket).get("mail_can_leave"))

    @cached_property
    def told(self) -> dict[int, Sentence]:
        return self.tell(self.newest.entries)

    @property
    def solution_taken_back(self) -> str:
        """How it was solved, as the reader wrote before they took that back; nothing while it is solved or closed."""
        if self.ticket.status not in ALLOWED_FROM[Status.SOLVED]:
            return ""
        solved = [entry for entry in self.newest.entries if entry.kind == TicketSolved.kind]
        return str(solved[-1].data["note"]) if solved and solved[-1].actor_id == self.reader.pk else ""

    def tell(self, entries: Iterable[TimelineEntry]) -> dict[int, Sentence]:
        facts = [entry for entry in entries if entry.kind not in QUIET]
        return sentences(facts, self.known_people(facts))

    def decisions(self, most: int) -> list[Sentence]:
        """The last things that programs did to it, with the reason that they gave; that mail came is no such thing."""
        caused = [entry for entry in self.telling_facts if entry.cause and entry.cause.get("by") != "mail"]
        facts = [entry for entry in caused if entry.kind not in QUIET]
        told = self.told if "told" in vars(self) and not self.newest.is_cut else self.tell(facts)
        return [told[entry.pk] for entry in facts if told[entry.pk].why][-most:]


@dataclass
class Line:
    """A message or a run of events. `day` and `new` say what is drawn above it.

    `fresh`: the reader has not seen it. What `stands` joins no run; of a solution `notice` is the mail that tells it.

    `facts_before` is the entry before which further facts happened, too many to draw.
    """

    message: Message | None = None
    delivery: Delivery | None = None
    notice: Notice | None = None
    events: list[Sentence] = field(default_factory=list)
    day: date | None = None
    new: bool = False
    fresh: bool = False
    stands: bool = False
    facts_before: TimelineEntry | None = None

    @property
    def files(self) -> list[Attachment]:
        """Those that the message does not show itself; what an agent writes has no picture in it."""
        if self.message is None:
            return []
        return self.message.files_beside if self.message.incoming else list(self.message.attachments.all())

    @property
    def reads_as_sent(self) -> bool:
        """Whether the mail's own look is what is read: its text would say less, or there is none."""
        if self.message is None or not (self.message.incoming and self.message.html):
            return False
        return not self.message.text or _SAYS_MORE.search(self.message.html) is not None

    @property
    def moment(self) -> datetime:
        if self.facts_before:
            return self.facts_before.at
        return self.message.created_at if self.message else self.events[0].at

    @property
    def undo_seconds(self) -> int:
        """For how long our reply can still be taken back; 0 when it cannot."""
        if self.message is None or self.message.withdrawn_at or self.message.held_until is None:
            return 0
        return max(0, ceil((self.message.held_until - timezone.now()).total_seconds()))

    @property
    def summary(self) -> str:
        """One sentence about a run of events."""
        first, last = (date_format(timezone.localtime(self.events[at].at), "H:i") for at in (0, -1))
        number = len(self.events)
        facts = [event.text for event in self.events[:TOLD_IN_SUMMARY]]
        if number > len(facts):
            rest = number - len(facts)
            facts.append(ngettext("%(n)s more", "%(n)s more", rest) % {"n": rest})
        told = {"n": number, "first": first, "last": last, "facts": ", ".join(facts)}
        if first == last:
            return (
                ngettext("%(n)s event at %(first)s: %(facts)s", "%(n)s events at %(first)s: %(facts)s", number) % told
            )
        return (
            ngettext(
                "%(n)s event from %(first)s to %(last)s: %(facts)s",
                "%(n)s events from %(first)s to %(last)s: %(facts)s",
                number,
            )
            % told
        )


def lines_of(opened: DeskTicket, stretch: Stretch, *, after: int = 0) -> list[Line]:
    """What is drawn, in the order in which it happened; of the entries only those after `after`."""
    deliveries, notices = states_in(opened.ticket, stretch.messages)
    since = stretch.messages[0].created_at if stretch.has_earlier else None
    entries = [entry for entry in stretch.entries if entry.pk > after and (since is None or entry.at >= since)]
    told = opened.told if stretch is vars(opened).get("newest") else opened.tell(entries)
    telling = _telling([entry for entry in entries if entry.kind == TicketSolved.kind], notices)
    lines: list[Line] = []
    for part in _woven(stretch.messages, entries):
        if isinstance(part, Message):
            lines.append(Line(message=part, delivery=deliveries.get(part.pk)))
            continue
        if stretch.is_cut and part is entries[0]:
            lines.append(Line(facts_before=part))
        if part.pk in told:
            stands = part.kind == TicketSolved.kind and bool(part.data["note"])
            if stands or not lines or not lines[-1].events or lines[-1].stands:
                lines.append(Line(stands=stands, notice=telling.get(part.pk) if stands else None))
            lines[-1].events.append(told[part.pk])
    return _dated(lines, _day_before(stretch, after))


def _telling(solutions: list[TimelineEntry], notices: Iterable[Notice]) -> dict[int, Notice]:
    """The mail that tells each solution, by the fact's id: it was written right after it, before another could be."""
    mails: dict[int, Notice] = {}
    for notice in notices:
        before = [solved.pk for solved in solutions if solved.at <= notice.at]
        if before:
            mails[before[-1]] = notice
    return mails


def _woven(messages: list[Message], entries: list[TimelineEntry]) -> Iterator[Message | TimelineEntry]:
    """Every message once, and the facts: where a message's own fact stands, or else by the clock."""
    waiting = {message.pk: message for message in messages}
    recorded = {entry.data["message_id"] for entry in entries if entry.kind == MessageAdded.kind}
    for entry in entries:
        own = entry.data["message_id"] if entry.kind == MessageAdded.kind else 0
        for pk, message in list(waiting.items()):
            if pk > own and (pk in recorded or message.created_at > entry.at):
                break
            yield waiting.pop(pk)
        yield entry
    yield from waiting.values()


def _day_before(stretch: Stretch, after: int) -> date:
    """The day that the reader takes for granted: of what stands above, or today."""
    if after and stretch.entries:
        return timezone.localtime(stretch.entries[0].at).date()
    return timezone.localdate()


def _dated(lines: Iterable[Line], last: date) -> list[Line]:
    dated = []
    for line in lines:
        day = timezone.localtime(line.moment).date()
        line.day = day if day != last else None
        last = day
        dated.append(line)
    return dated


def mark_new(lines: Iterable[Line], seen_at: datetime | None) -> None:
    """Each message from the customer's side that the reader has not seen; the line goes above the first."""
    theirs = [line for line in lines if line.message and line.message.incoming]
    fresh = [line for line in theirs if seen_at and line.moment > seen_at]
    for line in fresh:
        line.fresh = True
        line.new = line is fresh[0]


def is_ours(message: Message) -> bool:
    """Whether the message travels to the customer."""
    return not message.incoming and message.kind == MessageKind.PUBLIC


def travelling(messages: Iterable[Message], known: Mapping[int, Delivery]) -> list[Line]:
    """Our last messages with how far each is on its way."""
    ours = [message for message in messages if is_ours(message)][-TRAVELLING:]
    return [Line(message=message, delivery=known.get(message.pk)) for message in ours]


def on_their_way(ticket: Ticket, messages: list[Message]) -> tuple[list[Line], list[Notice]]:
    """How far our last messages are, and the mails that tell how it was solved. One query."""
    known, notices = states_in(ticket, messages)
    return travelling(messages, known), notices


def version_of(*parts: object) -> int:
    """A number that differs when what is shown differs."""
    return crc32(repr(parts).encode())


def deliveries_version(lines: Iterable[Line], notices: Iterable[Notice]) -> int:
    """Of how far our messages and solutions are, and which messages were taken back."""
    messages = [(line.message, line.delivery) for line in lines if line.message]
    states = [(message.pk, mail.state, mail.detail) for message, mail in messages if mail]
    told = [(notice.pk, notice.delivery.state) for notice in notices]
    return version_of(
        sorted(states), sorted(told), sorted(message.pk for message, _ in messages if message.withdrawn_at)
    )
