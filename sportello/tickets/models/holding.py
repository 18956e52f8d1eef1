"""Who answers? A ticket lies with a team, and in it with one person or nobody."""

from datetime import timedelta

from django.conf import settings
from django.db import models
from django.utils import timezone

from sportello.people.models import Team, User
from sportello.people.roles import Right
from sportello.tickets.events import TicketAssigned, TicketMoved, TicketSolved
from sportello.tickets.models.facts import Cause
from sportello.tickets.models.progress import InProgress
from sportello.tickets.words import Status, clean_text


class WithSomeone(InProgress):
    """What a team and perhaps one of its people has in hand."""

    # no index of their own for these two: those of the ticket begin with them
    team = models.ForeignKey(Team, models.PROTECT, related_name="tickets", db_index=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned", db_index=False
    )

    class Meta:
        abstract = True

    @property
    def needs_follow_up(self) -> bool:
        """Whether an answer now opens a new ticket, since the team's follow-up window has passed."""
        if self.status == Status.CLOSED:
            return True
        window = timedelta(days=self.team.follow_up_days)
        return self.solved_at is not None and timezone.now() - self.solved_at > window

    def _assign(self, assignee_id: int | None, by: User, cause: Cause | None) -> None:
        fact = TicketAssigned(self.pk, by.pk, assignee_id=assignee_id, previous_id=self.assignee_id)
        self.record(fact, by, cause=cause)

    def assign_to(self, assignee: User | None, *, by: User, cause: Cause | None = None) -> bool:
        """Make it this person's, or nobody's. A new ticket that is taken is open."""
        with self.held():
            if self.assignee_id == (assignee.pk if assignee else None):
                return False
            self._assign(assignee.pk if assignee else None, by, cause)
            if assignee and self.status == Status.NEW:
                self.start(by=by, cause=cause)
            return True

    def move_to(self, team: Team, *, by: User, cause: Cause | None = None) -> bool:
        """Hand it to another team. An assignee who cannot answer there is let go."""
        with self.held():
            if self.team_id == team.pk:
                return False
            self.record(TicketMoved(self.pk, by.pk, team_id=team.pk, previous_id=self.team_id), by, cause=cause)
            if self.assignee and not self.assignee.has_right(Right.REPLY, team.pk):
                self._assign(None, by, cause)
            return True

    def solve(self, *, by: User, note: str = "", told: bool = False, cause: Cause | None = None) -> bool:
        """Mark the request as answered, saying how. Whoever solves an unassigned ticket becomes its assignee.

        `told` is true when a reply of the same moment tells the customer.
        """
        with self.held():
            moved = self._move(TicketSolved, Status.SOLVED, by, cause, note=clean_text(note).strip()[:2000], told=told)
            if moved and self.assignee_id is None and by.has_right(Right.REPLY, self.team_id):
                self._assign(by.pk, by, cause)
            return moved
