"""How is something said on a ticket? Our replies and notes, customers' answers, and taking a reply back."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, cast

from django.db.models import Q
from django.utils import timezone

from sportello.kernel.models import Blob
from sportello.people.models import User
from sportello.tickets.copies import keep_in_copy
from sportello.tickets.events import (
    MessageAdded,
    MessageWithdrawn,
    ParticipantAdded,
    StatusEvent,
    TicketAssigned,
    TicketSolved,
    TicketStatusRestored,
    ticket_events,
)
from sportello.tickets.files import NewFile, attach
from sportello.tickets.models import Message, Ticket, TicketSeen, TimelineEntry
from sportello.tickets.models.facts import Cause, along_with
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.words import SETTABLE, Channel, MessageKind, Status, clean_text

UNDO_SECONDS = 10
MOST_TEXT = 1_000_000
EXCERPT_LENGTH = 160
STATUS_KINDS = [event.kind for event in ticket_events() if issubclass(event, StatusEvent)]


class TooLate(Exception):
    """The reply has left, or was taken back already."""


class Overtaken(Exception):
    """Others have spoken since the writer looked: `said`, oldest first."""

    def __init__(self, said: Sequence[Message]) -> None:
        super().__init__(f"{len(said)} messages came meanwhile")
        self.said = said


@dataclass(frozen=True)
class Words:
    """What a message says. HTML must be sanitised already; `text` is always there too."""

    text: str
    html: str = ""
    quoted_text: str = ""
    quoted_html: str = ""
    remote_images: int = 0
    language: str = ""
    files: Sequence[NewFile] = ()
    raw: Blob | None = None
    recipients: dict[str, list[str]] = field(default_factory=dict)
    reasons: list[dict[str, Any]] = field(default_factory=list)
    at: datetime | None = None
    """When it was said, for what was said long ago: nobody is told of it."""


def excerpt_of(text: str) -> str:
    """The first line's worth of words, for lists."""
    words = " ".join(text[:1000].split())
    return words if len(words) <= EXCERPT_LENGTH else words[: EXCERPT_LENGTH - 1].rstrip() + "…"


def _add(ticket: Ticket, author: User, words: Words, cause: Cause | None = None, **columns: Any) -> Message:
    said_at = words.at or timezone.now()
    message = Message.objects.create(
        ticket=ticket,
        author=author,
        text=clean_text(words.text[:MOST_TEXT]),
        html=clean_text(words.html[:MOST_TEXT]),
        quoted_text=clean_text(words.quoted_text[:MOST_TEXT]),
        quoted_html=clean_text(words.quoted_html[:MOST_TEXT]),
        remote_images=words.remote_images,
        language=words.language,
        raw=words.raw,
        recipients=words.recipients,
        reasons=words.reasons,
        created_at=said_at,
        **columns,
    )
    message.new_files = attach(message, words.files)
    fact = MessageAdded(
        ticket.pk,
        author.pk,
        message_id=message.pk,
        message_kind=message.kind,
        incoming=bool(message.incoming),
        excerpt=excerpt_of(message.text) if message.kind == MessageKind.PUBLIC else "",
        past=words.at is not None,
    )
    with ticket.back_then(words.at):
        ticket.record(fact, author, cause=cause, at=None if words.at else said_at, about=message)
    return message


def note(ticket: Ticket, words: Words, *, by: User) -> Message:
    """Write what customers never see, and no channel carries. Whoever writes has read what stands there."""
    with ticket.held():
        TicketSeen.mark(ticket.pk, by.pk)
        return _add(ticket, by, words, kind=MessageKind.NOTE, channel="")


def reply(
    ticket: Ticket,
    words: Words,
    *,
    by: User,
    then: str = "",
    undo_seconds: int = UNDO_SECONDS,
    solution: str = "",
    seen: int | None = None,
) -> Message:
    """Answer the customer, having read what stands there. It leaves after `undo_seconds`; `then` is the next status.

    Whom it names in To and Cc takes part from now on. Without `then` the ticket is open, or stays solved. `solution`
    says how it was solved, when `then` is solved. `seen` is the last message that its writer saw: Overtaken is raised
    when others said more since. Raises TransitionRefused for a closed ticket.
    """
    with ticket.held():
        if seen is not None:
            _check_nobody_was_faster(ticket, by, seen)
        before = ticket.status
        if before == Status.CLOSED:
            raise TransitionRefused(before, then or Status.OPEN)
        after = then or (before if before == Status.SOLVED else Status.OPEN)
        if after not in SETTABLE:
            raise ValueError(f"A reply makes no ticket {after}")
        held = timezone.now() + timedelta(seconds=undo_seconds) if undo_seconds else None
        message = _add(ticket, by, words, kind=MessageKind.PUBLIC, channel=Channel.EMAIL, held_until=held)
        TicketSeen.mark(ticket.pk, by.pk)
        said = len(ticket.new_facts)
        along = along_with(MessageAdded)
        keep_in_copy(ticket, words.recipients, by=by, cause=along)
        how = {"note": solution, "told": True} if after == Status.SOLVED else {}
        ticket.set_status(after, by=by, cause=None if then else along, **how)
        if ticket.assignee_id is None:
            ticket.assign_to(by, by=by, cause=along)
        message.took_along = [fact.pk for fact in ticket.new_facts[said:]]
        if message.took_along:
            message.save(update_fields=["took_along"])
        return message


def _check_nobody_was_faster(ticket: Ticket, writer: User, seen: int) -> None:
    """What the customer or a colleague has said in public since, the writer reads first."""
    later = Message.objects.of_ticket(ticket).filter(pk__gt=seen, kind=MessageKind.PUBLIC, withdrawn_at=None)
    if said := list(later.exclude(author=writer).for_thread()):
        raise Overtaken(said)


def solve(ticket: Ticket, *, by: User, note: str = "", undo_seconds: int = UNDO_SECONDS) -> bool:
    """Solve it, and tell the customer once `undo_seconds` are over. False when it was solved already."""
    tell_at = timezone.now() + timedelta(seconds=undo_seconds) if undo_seconds else None
    return ticket.solve(by=by, note=note, tell_at=tell_at)


def take_solution_back(ticket: Ticket, *, by: User) -> None:
    """Undo the solving and what it brought along, while nobody was told and nothing newer happened. Raises TooLate."""
    with ticket.held():
        last = ticket.timeline.filter(kind__in=STATUS_KINDS).last()
        if last is None or last.kind != TicketSolved.kind or _is_told(cast(TicketSolved, last.event)):
            raise TooLate
        along = Q(pk__gt=last.pk, cause__fact=TicketSolved.kind)
        for fact in ticket.timeline.filter(Q(pk=last.pk) | along).order_by("-id"):
            _take_back(ticket, fact, by, None if fact == last else along_with(TicketStatusRestored))


def _is_told(solved: TicketSolved) -> bool:
    return solved.tell_at is None or datetime.fromisoformat(solved.tell_at) <= timezone.now()


def solution_by(message: Message) -> TicketSolved | None:
    """The fact by which this reply solved its ticket, if it did."""
    solved = message.ticket.timeline.filter(pk__in=message.took_along, kind=TicketSolved.kind).first()
    return cast(TicketSolved, solved.event) if solved else None


def receive(
    ticket: Ticket, words: Words, *, by: User, channel: str, wakes: bool = True, cause: Cause | None = None
) -> Message:
    """Take in what a customer, or a third party in copy, says. It opens a parked or solved ticket again.

    `wakes` is False for automatic mail: kept, but it changes no status. The caller asks `ticket.needs_follow_up` first.
    """
    with ticket.held():
        columns: dict[str, Any] = {"kind": MessageKind.PUBLIC, "channel": channel, "incoming": 1}
        message = _add(ticket, by, words, cause, third_party=by.pk != ticket.requester_id, **columns)
        if wakes and ticket.status in (Status.WAITING, Status.ON_HOLD, Status.SOLVED):
            ticket.start(by=by, cause=along_with(MessageAdded, cause))
        return message


def recall(ticket: Ticket, words: Words, *, by: User, cause: Cause) -> Message:
    """Take in what we said long ago, `words.at`. It goes to nobody and changes no status."""
    with ticket.held():
        return _add(ticket, by, words, cause, kind=MessageKind.PUBLIC, channel=Channel.EMAIL)


def withdraw(message: Message, *, by: User) -> Message:
    """Take a reply back before it leaves, and what went along with it if nothing newer happened. Raises TooLate."""
    with message.ticket.held() as ticket:
        now = timezone.now()
        taken = Message.objects.filter(pk=message.pk, held_until__gt=now, withdrawn_at=None).update(withdrawn_at=now)
        if not taken:
            raise TooLate
        last = Message.objects.filter(ticket=ticket, kind=MessageKind.PUBLIC, withdrawn_at=None).last()
        excerpt = excerpt_of(last.text) if last else ""
        ticket.record(MessageWithdrawn(ticket.pk, by.pk, message_id=message.pk, excerpt=excerpt), by, about=message)
        for fact in ticket.timeline.filter(pk__in=message.took_along).order_by("-id"):
            _take_back(ticket, fact, by, along_with(MessageWithdrawn))
        message.refresh_from_db()
        return message


def _take_back(ticket: Ticket, fact: TimelineEntry, by: User, cause: Cause | None) -> None:
    """What an act brought along, unless something newer has followed on it."""
    if fact.kind == TicketAssigned.kind:
        if not ticket.timeline.filter(kind=fact.kind, pk__gt=fact.pk).exists():
            ticket.assign_to(None, by=by, cause=cause)
    elif fact.kind == ParticipantAdded.kind:
        ticket.remove_participant(User.objects.get(pk=fact.data["user_id"]), by=by, cause=cause)
    elif not ticket.timeline.filter(kind__in=STATUS_KINDS, pk__gt=fact.pk).exists():
        ticket.restore_status(fact.data["previous"], by=by, cause=cause)
