"""Who answers? A ticket lies with a team, and in it with one person or nobody."""

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext as _

from sportello.people.models import Team, User
from sportello.people.roles import Right
from sportello.tickets.events import TicketAssigned, TicketMoved
from sportello.tickets.models.facts import Cause, MadeOfFacts, along_with


class WithSomeone(MadeOfFacts):
    """What a team and perhaps one of its people has in hand."""

    # no index of their own for these two: those of the ticket begin with them
    team = models.ForeignKey(Team, models.PROTECT, related_name="tickets", db_index=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="assigned", db_index=False
    )

    class Meta:
        abstract = True

    def can_be_answered_by(self, person: User) -> bool:
        """Whether it can lie with this person: who may answer in its team."""
        return person.has_right(Right.REPLY, self.team_id)

    def check_assignee(self, person: User | None) -> None:
        """Raises ValidationError, by field, for one with whom it cannot lie. With nobody it always can."""
        if person and not self.can_be_answered_by(person):
            said = _("%(name)s does not answer in %(team)s.") % {"name": person, "team": self.team}
            raise ValidationError({"assignee": said})

    def assign_to(self, assignee: User | None, *, by: User, cause: Cause | None = None) -> bool:
        """Make it this person's, or nobody's. Whoever chooses the person asks `check_assignee` first."""
        with self.held():
            assignee_id = assignee.pk if assignee else None
            if self.assignee_id == assignee_id:
                return False
            fact = TicketAssigned(self.pk, by.pk, assignee_id=assignee_id, previous_id=self.assignee_id)
            self.record(fact, by, cause=cause)
            return True

    def move_to(self, team: Team, *, by: User, cause: Cause | None = None) -> bool:
        """Hand it to another team. An assignee who cannot answer there is let go."""
        with self.held():
            if self.team_id == team.pk:
                return False
            self.record(TicketMoved(self.pk, by.pk, team_id=team.pk, previous_id=self.team_id), by, cause=cause)
            if self.assignee and not self.can_be_answered_by(self.assignee):
                self.assign_to(None, by=by, cause=along_with(TicketMoved, cause))
            return True
