"""Where does a request stand, in the customer's words? Four steps, one of them now; fewer once it is solved."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from sportello.tickets.conversation import UNDO_SECONDS
from sportello.tickets.models import Message, Ticket
from sportello.tickets.words import Status

RECEIVED, IN_PROGRESS, WAITING, SOLVED = range(4)
STAGE_OF: dict[str, int] = {
    Status.NEW: RECEIVED,
    Status.OPEN: IN_PROGRESS,
    Status.ON_HOLD: IN_PROGRESS,
    Status.WAITING: WAITING,
    Status.SOLVED: SOLVED,
    Status.CLOSED: SOLVED,
}
NAMES: tuple[Promise, ...] = (
    pgettext_lazy("request", "Received"),
    gettext_lazy("In progress"),
    gettext_lazy("Waiting for you"),
    pgettext_lazy("request", "Solved"),
)
TONES = ("", "accent", "warn", "good")


@dataclass(frozen=True)
class Stage:
    name: str
    tone: str
    words: str


@dataclass(frozen=True)
class Step:
    name: str
    is_done: bool
    is_now: bool
    note: str = ""
    at: datetime | None = None


def stage_of(ticket: Ticket) -> Stage:
    number = STAGE_OF[ticket.status]
    return Stage(str(NAMES[number]), TONES[number], _words(ticket))


def solution_of(ticket: Ticket) -> str:
    """How it was solved, once that cannot be taken back any more."""
    released = timezone.now() - timedelta(seconds=UNDO_SECONDS)
    return ticket.solution if ticket.solved_at and ticket.solved_at <= released else ""


def _words(ticket: Ticket) -> str:
    """Whose turn it is, and what writing again will do."""
    if ticket.active:
        return {
            Status.NEW: _("We have it, and somebody will look at it."),
            Status.OPEN: _("We are working on it. We will write to you."),
            Status.ON_HOLD: _("We need something from somebody else first. You have nothing to do."),
            Status.WAITING: _("We asked you something. We wait for your answer."),
        }[Status(ticket.status)]
    if ticket.needs_follow_up:
        return _("It is finished. If you write again, a new request opens, linked to this one.")
    return _("It is solved. If you write again, it opens again.")


def steps_of(ticket: Ticket, messages: Sequence[Message]) -> list[Step]:
    now = STAGE_OF[ticket.status]
    ours = [message for message in messages if not message.incoming]
    turns: dict[int, tuple[str, datetime | None]] = {
        IN_PROGRESS: (_("nothing to do now"), None),
        WAITING: (_("your turn"), ours[-1].created_at if ours else None),
    }
    notes = [
        ("", ticket.created_at),
        (_("with %(name)s") % {"name": ticket.assignee.first_name} if ticket.assignee else "", None),
        turns.get(now, ("", None)),
        ("", ticket.solved_at) if now == SOLVED else ("", None),
    ]
    skipped = _never_gone_through(ticket, ours) if now == SOLVED else ()
    return [
        Step(str(NAMES[number]), number < now or now == SOLVED, number == now, note, at)
        for number, (note, at) in enumerate(notes)
        if number not in skipped
    ]


def _never_gone_through(ticket: Ticket, ours: Sequence[Message]) -> tuple[int, ...]:
    """Whether the customer was waited for does not matter any more; whether anybody worked on it does."""
    return (WAITING,) if ours or ticket.assignee else (IN_PROGRESS, WAITING)
