"""How far is a change of many tickets at once, and what did it do to each?"""

from datetime import timedelta
from typing import Any, Self

from django.conf import settings
from django.db import models
from django.utils import timezone

from sportello.people.models import User

SHOWN_FOR = timedelta(minutes=10)


class BulkJobQuerySet(models.QuerySet["BulkJob"]):
    def of(self, user: User) -> Self:
        return self.filter(owner=user)

    def shown_to(self, user: User) -> "BulkJob | None":
        """The person's newest, while it runs and for a while after, unless they put it away."""
        lately = timezone.now() - SHOWN_FOR
        shown = self.of(user).filter(created_at__gt=lately, put_away=False)
        return shown.exclude(state=BulkJob.State.UNDONE).first()


class BulkJob(models.Model):
    """One change for many tickets, done by a worker ticket by ticket."""

    class State(models.TextChoices):
        RUNNING = "running"
        DONE = "done"
        CANCELLED = "cancelled"
        UNDOING = "undoing"
        UNDONE = "undone"

    owner = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, related_name="bulk_jobs")
    # {"status": …, "assignee": id or null, "team": id, "priority": n, "type": …, "add_tags": […], "remove_tags": […]}
    change = models.JSONField()
    ticket_ids = models.JSONField()
    done = models.PositiveIntegerField(default=0)
    failed = models.PositiveIntegerField(default=0)
    total = models.PositiveIntegerField()
    state = models.CharField(max_length=10, choices=State.choices, default=State.RUNNING)
    # its owner has read how it ended, and wants it out of the way
    put_away = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects = BulkJobQuerySet.as_manager()

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"bulk job {self.pk}: {self.done} of {self.total}"

    @property
    def percent(self) -> int:
        return 100 * self.done // self.total if self.total else 100

    @property
    def is_over(self) -> bool:
        return self.state not in (self.State.RUNNING, self.State.UNDOING)

    @property
    def changed(self) -> int:
        return self.done - self.failed

    @property
    def failures(self) -> list[dict[str, Any]]:
        """`ticket` and `why`, of each ticket that was not changed; once undone, of each that was not put back."""
        failed = self.outcomes.exclude(why="").filter(undone=self.state == self.State.UNDONE).order_by("id")
        return [{"ticket": number, "why": why} for number, why in failed.values_list("ticket_id", "why")]


class BulkOutcome(models.Model):
    """What the change did to one ticket: how it was before and after, or why it was left alone."""

    job = models.ForeignKey(BulkJob, models.CASCADE, related_name="outcomes", db_index=False)
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="+")
    why = models.CharField(max_length=200, blank=True)
    before = models.JSONField(default=dict)
    after = models.JSONField(default=dict)
    undone = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["job", "ticket"], name="outcome_once_a_ticket")]

    def __str__(self) -> str:
        return f"{self.ticket_id} in {self.job_id}"
