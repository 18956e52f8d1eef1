"""What is asked, and by whom? The ticket; where it stands and who has it in hand are `progress` and `holding`."""

from collections.abc import Iterable

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _

from sportello.people.models import Organisation, User
from sportello.tickets.events import (
    ParticipantAdded,
    ParticipantRemoved,
    RequesterChanged,
    TicketPrioritised,
    TicketRenamed,
    TicketRetyped,
    TicketTagged,
)
from sportello.tickets.models.facts import Cause
from sportello.tickets.models.progress import InProgress, TransitionRefused
from sportello.tickets.models.tag import Participant, Tag, TicketTag
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.words import ACTIVE, Channel, Priority, TicketType, clean_subject

__all__ = ["Cause", "Ticket", "TransitionRefused"]


class Ticket(InProgress):
    """Its primary key is its number: fixed, never used twice."""

    subject = models.TextField(_("subject"))
    # no index of their own for requester and organisation: those below begin with them
    requester = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="requests", db_index=False)
    organisation = models.ForeignKey(
        Organisation, models.PROTECT, null=True, blank=True, related_name="tickets", db_index=False
    )
    priority = models.PositiveSmallIntegerField(_("priority"), choices=Priority.choices, default=Priority.NORMAL)
    type = models.CharField(_("type"), max_length=20, choices=TicketType.choices, default=TicketType.QUESTION)
    channel = models.CharField(_("channel"), max_length=20, choices=Channel.choices, default=Channel.EMAIL)
    language = models.CharField(_("language"), max_length=10, default="en")
    excerpt = models.CharField(max_length=160, blank=True)
    follow_up_of = models.ForeignKey("self", models.PROTECT, null=True, blank=True, related_name="follow_ups")
    created_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    last_customer_at = models.DateTimeField(null=True, blank=True)
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

    @cached_property
    def tag_names(self) -> list[str]:
        """Sorted. Pages of a queue come with them."""
        return [tag.name for tag in self.tags.all()]

    def prioritise(self, priority: int, *, by: User, cause: Cause | None = None) -> bool:
        with self.held():
            if self.priority == priority:
                return False
            value = Priority(priority).value
            self.record(TicketPrioritised(self.pk, by.pk, priority=value, previous=self.priority), by, cause=cause)
            return True

    def retype(self, kind: str, *, by: User, cause: Cause | None = None) -> bool:
        with self.held():
            if self.type == kind:
                return False
            self.record(TicketRetyped(self.pk, by.pk, type=TicketType(kind).value, previous=self.type), by, cause=cause)
            return True

    def rename(self, subject: str, *, by: User, cause: Cause | None = None) -> bool:
        with self.held():
            subject = clean_subject(subject)
            if self.subject == subject:
                return False
            self.record(TicketRenamed(self.pk, by.pk, subject=subject, previous=self.subject), by, cause=cause)
            return True

    def tag(self, *, by: User, add: Iterable[str] = (), remove: Iterable[str] = (), cause: Cause | None = None) -> bool:
        """Put tags on and take tags off, by name."""
        with self.held():
            present = set(self.tags.values_list("name", flat=True))
            added = sorted({Tag.clean_name(name) for name in add} - present - {""})
            removed = sorted({Tag.clean_name(name) for name in remove} & present)
            if not added and not removed:
                return False
            TicketTag.objects.bulk_create(TicketTag(ticket=self, tag=Tag.named(name)) for name in added)
            TicketTag.objects.filter(ticket=self, tag__name__in=removed).delete()
            self._forget_relations()
            self.record(TicketTagged(self.pk, by.pk, added=added, removed=removed), by, cause=cause)
            return True

    def add_participant(self, user: User, *, by: User, cause: Cause | None = None) -> bool:
        """Let a further person follow the ticket by copy."""
        with self.held():
            if user.pk == self.requester_id or Participant.objects.filter(ticket=self, user=user).exists():
                return False
            Participant.objects.create(ticket=self, user=user, added_by=by)
            self.record(ParticipantAdded(self.pk, by.pk, user_id=user.pk), by, cause=cause)
            return True

    def remove_participant(self, user: User, *, by: User, cause: Cause | None = None) -> bool:
        with self.held():
            removed, _rows = Participant.objects.filter(ticket=self, user=user).delete()
            if removed:
                self.record(ParticipantRemoved(self.pk, by.pk, user_id=user.pk), by, cause=cause)
            return bool(removed)

    def change_requester(self, user: User, *, by: User, cause: Cause | None = None) -> bool:
        with self.held():
            if self.requester_id == user.pk:
                return False
            Participant.objects.filter(ticket=self, user=user).delete()
            fact = RequesterChanged(
                self.pk,
                by.pk,
                requester_id=user.pk,
                organisation_id=user.organisation_id,
                previous_id=self.requester_id,
            )
            self.record(fact, by, cause=cause)
            return True
