"""Where does a ticket stand? Each verb is one fact, and doing it twice is still one."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sportello.people.models import Team, User
from sportello.tickets.events import (
    StatusEvent,
    TicketAssigned,
    TicketClosed,
    TicketPutOnHold,
    TicketReopened,
    TicketSetWaiting,
    TicketSolved,
    TicketStarted,
    TicketStatusRestored,
)
from sportello.tickets.models.entry import TimelineEntry
from sportello.tickets.models.facts import Cause, along_with
from sportello.tickets.models.holding import WithSomeone
from sportello.tickets.words import ALLOWED_FROM, LONGEST_SOLUTION, SETTABLE, Status, clean_text


class TransitionRefused(ValueError):
    """The ticket cannot go from its status to the one asked for."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"A ticket that is {current} cannot become {wanted}")
        self.current, self.wanted = current, wanted


def closes_before(team: Team, at: datetime) -> datetime:
    """What this team solved before then is past its follow-up window `at` that moment."""
    return at - team.follow_up_window


class InProgress(WithSomeone):
    """What has a status. Who may go where is the table `ALLOWED_FROM`."""

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    # an integer beside the status: SQLite serves neither partial indexes with bound values nor bare booleans
    active = models.PositiveSmallIntegerField(default=1)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def needs_follow_up(self) -> bool:
        """Whether an answer now opens a new ticket, since the team's follow-up window has passed."""
        if self.status == Status.CLOSED:
            return True
        return self.solved_at is not None and self.solved_at < closes_before(self.team, timezone.now())

    def _move(self, fact: type[StatusEvent], wanted: str, by: User, cause: Cause | None, **more: Any) -> bool:
        with self.held():
            if self.status == wanted:
                return False
            if self.status not in ALLOWED_FROM[wanted]:
                raise TransitionRefused(self.status, wanted)
            self.record(fact(ticket_id=self.pk, actor_id=by.pk, previous=self.status, **more), by, cause=cause)
            return True

    def start(self, *, by: User, cause: Cause | None = None) -> bool:
        """Take a new or parked ticket up; a solved one is open again."""
        with self.held():
            solved = self.status == Status.SOLVED
            return self._move(TicketReopened if solved else TicketStarted, Status.OPEN, by, cause)

    def set_status(self, status: str, *, by: User, **how: Any) -> bool:
        """Whichever verb leads there, with what that one takes. Raises KeyError for a status that none leads to."""
        verb: Callable[..., bool] = getattr(self, SETTABLE[Status(status)])
        return verb(by=by, **how)

    def assign_to(self, assignee: User | None, *, by: User, cause: Cause | None = None) -> bool:
        """Make it this person's, or nobody's. A new ticket that is taken is open."""
        with self.held():
            changed = super().assign_to(assignee, by=by, cause=cause)
            if changed and assignee and self.status == Status.NEW:
                self.start(by=by, cause=along_with(TicketAssigned, cause))
            return changed

    def wait(self, *, by: User, cause: Cause | None = None) -> bool:
        """The next word is the customer's."""
        return self._move(TicketSetWaiting, Status.WAITING, by, cause)

    def hold(self, *, by: User, cause: Cause | None = None) -> bool:
        """Somebody else has to do something first."""
        return self._move(TicketPutOnHold, Status.ON_HOLD, by, cause)

    def solve(
        self,
        *,
        by: User,
        note: str = "",
        told: bool = False,
        tell_at: datetime | None = None,
        cause: Cause | None = None,
    ) -> bool:
        """Mark the request as answered, saying how. Whoever solves an unassigned ticket becomes its assignee.

        `told` is true when a reply of the same moment tells the customer. Until `tell_at` it may be taken back.
        """
        with self.held():
            said = {"note": clean_text(note).strip()[:LONGEST_SOLUTION], "told": told}
            later = tell_at.isoformat() if tell_at else None
            moved = self._move(TicketSolved, Status.SOLVED, by, cause, **said, tell_at=later)
            if moved and self.assignee_id is None and self.can_be_answered_by(by):
                self.assign_to(by, by=by, cause=along_with(TicketSolved, cause))
            return moved

    def close(self, *, by: User, cause: Cause | None = None) -> bool:
        """End a solved ticket for good; later answers open a linked new one."""
        return self._move(TicketClosed, Status.CLOSED, by, cause)

    def restore_status(self, status: str, *, by: User, cause: Cause | None = None) -> bool:
        """Take a status change back: the one way to be new again. A solved ticket keeps its moment."""
        with self.held():
            if self.status == status:
                return False
            solved_at = self._last_solved_at() if status == Status.SOLVED else None
            fact = TicketStatusRestored(self.pk, by.pk, previous=self.status, restored=status, solved_at=solved_at)
            self.record(fact, by, cause=cause)
            return True

    @property
    def solution(self) -> str:
        """How it was solved, as far as somebody said so."""
        solved = None if self.active else TimelineEntry.objects.filter(ticket_id=self.pk, kind=TicketSolved.kind).last()
        return str(solved.data.get("note", "")) if solved else ""

    def _last_solved_at(self) -> str | None:
        solved = TimelineEntry.objects.filter(ticket_id=self.pk, kind=TicketSolved.kind).last()
        return solved.at.isoformat() if solved else None
