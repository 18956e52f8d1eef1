"""What is asked, by whom, who answers, and where does it stand? The ticket and its verbs."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models, transaction
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from sportello.kernel.events import publish
from sportello.people.models import Organisation, Team, User
from sportello.people.roles import Role
from sportello.tickets.events import (
    ParticipantAdded,
    ParticipantRemoved,
    RequesterChanged,
    StatusEvent,
    TicketAssigned,
    TicketClosed,
    TicketEvent,
    TicketMoved,
    TicketPrioritised,
    TicketPutOnHold,
    TicketRenamed,
    TicketReopened,
    TicketRetyped,
    TicketSetWaiting,
    TicketSolved,
    TicketStarted,
    TicketStatusRestored,
    TicketTagged,
)
from sportello.tickets.models.entry import TimelineEntry
from sportello.tickets.models.tag import Participant, Tag, TicketTag
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.words import ACTIVE, ALLOWED_FROM, Channel, Priority, Status, TicketType

Cause = dict[str, Any]
StatusFact = type[StatusEvent]  # inside the class, `type` is a column


class TransitionRefused(ValueError):
    """The ticket cannot go from its status to the one asked for."""

    def __init__(self, current: str, wanted: str) -> None:
        super().__init__(f"A ticket that is {current} cannot become {wanted}")
        self.current, self.wanted = current, wanted


class Ticket(models.Model):
    """Its primary key is its number: fixed, never used twice."""

    subject = models.TextField(_("subject"))
    # no index of their own for these four: those below begin with them
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.SET_NULL, null=True, blank=True, related_name="tickets", db_index=False
    )
    team = models.ForeignKey(Team, models.PROTECT, related_name="tickets", db_index=False)
    assignee = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="assigned", db_index=False
    )
    status = models.CharField(_("status"), max_length=10, choices=Status.choices, default=Status.NEW)
    # an integer beside the status: SQLite serves neither partial indexes with bound values nor bare booleans
    active = models.PositiveSmallIntegerField(default=1)
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    type = models.CharField(_("type"), max_length=20, choices=TicketType.choices, default=TicketType.QUESTION)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=10, default="en")
    excerpt = models.CharField(max_length=160, blank=True)
    follow_up_of = models.ForeignKey("self", models.SET_NULL, null=True, blank=True, related_name="follow_ups")
    created_at = models.DateTimeField()
    updated_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    last_customer_at = models.DateTimeField(null=True, blank=True)
    solved_at = models.DateTimeField(null=True, blank=True)
    closed_at = models.DateTimeField(null=True, blank=True)
    tags = models.ManyToManyField(Tag, through=TicketTag, related_name="tickets")
    participants = models.ManyToManyField(
        settings.AUTH_USER_MODEL, through=Participant, related_name="participations", through_fields=("ticket", "user")
    )

    objects = TicketQuerySet.as_manager()

    class Meta:
        indexes = [
            # each begins with the order of a list and ends with the team, so that a list is a walk without a sort
            models.Index(fields=["-active", "updated_at", "id", "team"], name="ticket_by_update"),
            models.Index(fields=["-active", "created_at", "id", "team"], name="ticket_by_arrival"),
            models.Index(fields=["-active", "-priority", "created_at", "id", "team"], name="ticket_by_urgency"),
            models.Index(fields=["updated_at", "id", "team"], name="ticket_recent"),
            models.Index(fields=["active", "team", "assignee"], name="ticket_counts"),
            models.Index(fields=["assignee", "active", "updated_at", "id"], name="ticket_of_assignee"),
            models.Index(fields=["team", "active", "updated_at", "id"], name="ticket_of_team"),
            models.Index(fields=["requester", "-id"], name="ticket_of_requester"),
            models.Index(fields=["organisation", "-id"], name="ticket_of_organisation"),
            models.Index(fields=["status", "solved_at"], name="ticket_to_close"),
        ]
        constraints = [
            models.CheckConstraint(
                condition=Q(status__in=ACTIVE, active=1) | (~Q(status__in=ACTIVE) & Q(active=0)),
                name="ticket_active_is_its_status",
            ),
            models.CheckConstraint(condition=Q(priority__range=(1, 4)), name="ticket_priority_known"),
            models.CheckConstraint(
                condition=Q(follow_up_of=None) | ~Q(follow_up_of=F("id")), name="ticket_not_its_own_follow_up"
            ),
        ]

    def __str__(self) -> str:
        return f"#{self.pk} {self.subject}"

    @property
    def number(self) -> int:
        return self.pk

    @property
    def needs_follow_up(self) -> bool:
        """Whether an answer now opens a new ticket, since the team's follow-up window has passed."""
        if self.status == Status.CLOSED:
            return True
        window = timedelta(days=self.team.follow_up_days)
        return self.solved_at is not None and timezone.now() - self.solved_at > window

    # facts

    def locked(self) -> Self:
        """The row as it is now, kept from other writers until the transaction ends (SQLite: BEGIN IMMEDIATE)."""
        fresh = type(self).objects.select_for_update().get(pk=self.pk)
        for column in self._meta.concrete_fields:
            setattr(self, column.attname, getattr(fresh, column.attname))
        return self

    def record(self, event: TicketEvent, *, cause: Cause | None = None, at: datetime | None = None) -> TimelineEntry:
        """Write the fact, set the columns it names, tell everyone. What the system does says why."""
        at = at or timezone.now()
        if cause is None and User.objects.filter(pk=event.actor_id, role=Role.SYSTEM).exists():
            raise ValueError(f"{event.kind} by the system needs a cause")
        columns = event.columns(at) | {"updated_at": at}
        for name, value in columns.items():
            setattr(self, name, value)
        type(self).objects.filter(pk=self.pk).update(**columns)
        entry = TimelineEntry.objects.create(
            ticket_id=self.pk, kind=event.kind, data=event.as_json(), actor_id=event.actor_id, at=at, cause=cause
        )
        publish(event)
        return entry

    # status: each verb is one fact, and doing it twice is still one

    def _move(self, event: StatusFact, wanted: str, by: User, cause: Cause | None, **more: Any) -> bool:
        with transaction.atomic():
            self.locked()
            if self.status == wanted:
                return False
            if self.status not in ALLOWED_FROM[wanted]:
                raise TransitionRefused(self.status, wanted)
            self.record(event(ticket_id=self.pk, actor_id=by.pk, previous=self.status, **more), cause=cause)
            return True

    def start(self, *, by: User, cause: Cause | None = None) -> bool:
        """Take a new or parked ticket up again."""
        kind: StatusFact = TicketReopened if self.status == Status.SOLVED else TicketStarted
        return self._move(kind, Status.OPEN, by, cause)

    def wait(self, *, by: User, cause: Cause | None = None) -> bool:
        """The next word is the customer's."""
        return self._move(TicketSetWaiting, Status.WAITING, by, cause)

    def hold(self, *, by: User, cause: Cause | None = None) -> bool:
        """Somebody else has to do something first."""
        return self._move(TicketPutOnHold, Status.ON_HOLD, by, cause)

    @transaction.atomic
    def solve(self, *, by: User, note: str = "", told: bool = False, cause: Cause | None = None) -> bool:
        """Mark the request as answered, saying how. Whoever solves an unassigned ticket becomes its assignee.

        `told` is true when a reply of the same moment tells the customer.
        """
        moved = self._move(TicketSolved, Status.SOLVED, by, cause, note=note.strip()[:2000], told=told)
        if moved and self.assignee_id is None and by.is_staff:
            self._assign(by.pk, by, cause)
        return moved

    def reopen(self, *, by: User, cause: Cause | None = None) -> bool:
        return self._move(TicketReopened, Status.OPEN, by, cause)

    def close(self, *, by: User, cause: Cause | None = None) -> bool:
        """End a solved ticket for good; later answers open a linked new one."""
        return self._move(TicketClosed, Status.CLOSED, by, cause)

    def restore_status(self, status: str, *, by: User) -> bool:
        """Take a status change back: the one way to be new again."""
        self.locked()
        if self.status == status:
            return False
        self.record(TicketStatusRestored(self.pk, by.pk, previous=self.status, restored=status))
        return True

    # who and what

    def _assign(self, assignee_id: int | None, by: User, cause: Cause | None) -> None:
        self.record(TicketAssigned(self.pk, by.pk, assignee_id=assignee_id, previous_id=self.assignee_id), cause=cause)

    @transaction.atomic
    def assign_to(self, assignee: User | None, *, by: User, cause: Cause | None = None) -> bool:
        """Make it this person's, or nobody's. A new ticket that is taken is open."""
        self.locked()
        if self.assignee_id == (assignee.pk if assignee else None):
            return False
        self._assign(assignee.pk if assignee else None, by, cause)
        if assignee and self.status == Status.NEW:
            self.start(by=by, cause=cause)
        return True

    @transaction.atomic
    def move_to(self, team: Team, *, by: User, cause: Cause | None = None) -> bool:
        """Hand it to another team. An assignee who is not in that team is let go."""
        self.locked()
        if self.team_id == team.pk:
            return False
        self.record(TicketMoved(self.pk, by.pk, team_id=team.pk, previous_id=self.team_id), cause=cause)
        assignee = self.assignee
        if assignee and not assignee.is_administrator and not team.memberships.filter(user=assignee).exists():
            self._assign(None, by, cause)
        return True

    @transaction.atomic
    def prioritise(self, priority: int, *, by: User, cause: Cause | None = None) -> bool:
        self.locked()
        if self.priority == priority:
            return False
        value = Priority(priority).value
        self.record(TicketPrioritised(self.pk, by.pk, priority=value, previous=self.priority), cause=cause)
        return True

    @transaction.atomic
    def retype(self, kind: str, *, by: User, cause: Cause | None = None) -> bool:
        self.locked()
        if self.type == kind:
            return False
        self.record(TicketRetyped(self.pk, by.pk, type=TicketType(kind).value, previous=self.type), cause=cause)
        return True

    @transaction.atomic
    def rename(self, subject: str, *, by: User, cause: Cause | None = None) -> bool:
        self.locked()
        if self.subject == subject or not subject.strip():
            return False
        self.record(TicketRenamed(self.pk, by.pk, subject=subject.strip(), previous=self.subject), cause=cause)
        return True

    @transaction.atomic
    def tag(self, *, by: User, add: Iterable[str] = (), remove: Iterable[str] = (), cause: Cause | None = None) -> bool:
        """Put tags on and take tags off, by name."""
        self.locked()
        present = set(self.tags.values_list("name", flat=True))
        added = sorted({Tag.clean_name(name) for name in add} - present - {""})
        removed = sorted({Tag.clean_name(name) for name in remove} & present)
        if not added and not removed:
            return False
        TicketTag.objects.bulk_create(TicketTag(ticket=self, tag=Tag.named(name)) for name in added)
        TicketTag.objects.filter(ticket=self, tag__name__in=removed).delete()
        self.record(TicketTagged(self.pk, by.pk, added=added, removed=removed), cause=cause)
        return True

    @transaction.atomic
    def add_participant(self, user: User, *, by: User, cause: Cause | None = None) -> bool:
        """Let a further person follow the ticket by copy."""
        self.locked()
        if user.pk == self.requester_id or Participant.objects.filter(ticket=self, user=user).exists():
            return False
        Participant.objects.create(ticket=self, user=user, added_by=by)
        self.record(ParticipantAdded(self.pk, by.pk, user_id=user.pk), cause=cause)
        return True

    @transaction.atomic
    def remove_participant(self, user: User, *, by: User, cause: Cause | None = None) -> bool:
        self.locked()
        removed, _rows = Participant.objects.filter(ticket=self, user=user).delete()
        if removed:
            self.record(ParticipantRemoved(self.pk, by.pk, user_id=user.pk), cause=cause)
        return bool(removed)

    @transaction.atomic
    def change_requester(self, user: User, *, by: User, cause: Cause | None = None) -> bool:
        self.locked()
        if self.requester_id == user.pk:
            return False
        Participant.objects.filter(ticket=self, user=user).delete()
        self.record(
            RequesterChanged(
                self.pk,
                by.pk,
                requester_id=user.pk,
                organisation_id=user.organisation_id,
                previous_id=self.requester_id,
            ),
            cause=cause,
        )
        return True

    def is_followed_by(self, user: User) -> bool:
        """Whether the person is the requester or a participant."""
        return self.requester_id == user.pk or Participant.objects.filter(ticket=self, user=user).exists()
