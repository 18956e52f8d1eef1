"""How far is a change of many tickets at once?"""

from datetime import timedelta
from typing import Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from sportello.people.models import User

SHOWN_FOR = timedelta(minutes=10)


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    def of(self, user: User) -> Self:
        return self.filter(owner=user)

    def shown_to(self, user: User) -> "BulkJob | None":
        """The person's newest, while it runs and for a while after."""
        lately = timezone.now() - SHOWN_FOR
        return self.of(user).filter(created_at__gt=lately).exclude(state="undone").first()


class BulkJob(models.Model):
    """One change for many tickets, done by a worker ticket by ticket."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        UNDOING = "undoing"
        UNDONE = "undone"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bulk_jobs")
    # {"status": …, "assignee": id|null, "team": id, "priority": n, "add_tags": […], "remove_tags": […]}
    change = models.JSONField()
    ticket_ids = models.JSONField()
    # [{"ticket": id, "why": text}, …]
    failures = models.JSONField(default=list)
    # {ticket id: the columns and tags that were there before and what was set}, for undo
    before = models.JSONField(default=dict)
    done = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100

    @property
    def changed(self) -> int:
        return self.done - len(self.failures)

    def __str__(self) -> str:
        return f"bulk job {self.pk}: {self.done} of {self.total}"
