"""Where does a ticket stand? Each verb is one fact, and doing it twice is still one."""

from typing import Any

from django.db import models
from django.utils.translation import gettext_lazy as _

from sportello.people.models import User
from sportello.tickets.events import (
    StatusEvent,
    TicketClosed,
    TicketPutOnHold,
    TicketReopened,
    TicketSetWaiting,
    TicketSolved,
    TicketStarted,
    TicketStatusRestored,
)
from sportello.tickets.models.entry import TimelineEntry
from sportello.tickets.models.facts import Cause, MadeOfFacts
from sportello.tickets.words import ALLOWED_FROM, Status


class TransitionRefused(ValueError):
    """The ticket cannot go from its status to the one asked for."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"A ticket that is {current} cannot become {wanted}")
        self.current, self.wanted = current, wanted


class InProgress(MadeOfFacts):
    """What has a status. Who may go where is the table `ALLOWED_FROM`."""

    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    # an integer beside the status: SQLite serves neither partial indexes with bound values nor bare booleans
    active = models.PositiveSmallIntegerField(default=1)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        abstract = True

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

    def wait(self, *, by: User, cause: Cause | None = None) -> bool:
        """The next word is the customer's."""
        return self._move(TicketSetWaiting, Status.WAITING, by, cause)

    def hold(self, *, by: User, cause: Cause | None = None) -> bool:
        """Somebody else has to do something first."""
        return self._move(TicketPutOnHold, Status.ON_HOLD, by, cause)

    def reopen(self, *, by: User, cause: Cause | None = None) -> bool:
        """It is not done after all."""
        return self.start(by=by, cause=cause)

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

    def _last_solved_at(self) -> str | None:
        solved = TimelineEntry.objects.filter(ticket_id=self.pk, kind=TicketSolved.kind).last()
        return solved.at.isoformat() if solved else None
