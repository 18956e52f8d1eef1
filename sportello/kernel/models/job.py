"""Which work waits, runs, is done or has failed for good, and which recurring work was last begun for which moment?"""

from datetime import datetime
from typing import Self

from django.db import models
from django.db.models import Q
from django.utils import timezone


class State(models.TextChoices):
    READY = "ready"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class JobQuerySet(models.QuerySet["Job"]):
    def due(self, lane: str, at: datetime) -> Self:
        """What a worker of this lane may begin, the most urgent first."""
        return self.filter(state=State.READY, lane=lane, run_after__lte=at).order_by("-priority", "run_after", "id")

    def waiting(self) -> Self:
        return self.filter(state=State.READY)

    def running(self) -> Self:
        return self.filter(state=State.RUNNING)

    def failed(self) -> Self:
        return self.filter(state=State.FAILED).order_by("-finished_at", "-id")

    def abandoned(self, at: datetime) -> Self:
        """Running according to their row, but whoever ran them has stopped saying so."""
        return self.filter(state=State.RUNNING, lease_until__lt=at)

    def held_by(self, worker: str) -> Self:
        return self.filter(state=State.RUNNING, worker=worker)

    def finished_before(self, at: datetime, state: State) -> Self:
        return self.filter(state=state, finished_at__lt=at)


class Job(models.Model):
    """One call of a task. The row is written in the transaction of the fact that asks for it: that is the outbox."""

    task = models.CharField(max_length=200)
    args = models.JSONField(default=list)
    kwargs = models.JSONField(default=dict)
    lane = models.CharField(max_length=32)
    priority = models.SmallIntegerField(default=0)
    state = models.CharField(max_length=8, choices=State.choices, default=State.READY)
    attempts = models.PositiveSmallIntegerField(default=0)
    run_after = models.DateTimeField(default=timezone.now)
    lease_until = models.DateTimeField(null=True)
    worker = models.CharField(max_length=100, blank=True)
    dedupe_key = models.CharField(max_length=200, null=True)
    last_error = models.TextField(blank=True)
    created_at = models.DateTimeField(default=timezone.now)
    finished_at = models.DateTimeField(null=True)

    objects = JobQuerySet.as_manager()

    class Meta:
        indexes = [
            models.Index(
                models.F("state"),
                models.F("lane"),
                models.F("priority").desc(),
                models.F("run_after"),
                models.F("id"),
                name="job_next",
            ),
            models.Index(fields=["dedupe_key"], condition=Q(dedupe_key__isnull=False), name="job_dedupe_key"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(state__in=State.values), name="job_state_is_known"),
            models.CheckConstraint(
                condition=Q(state=State.RUNNING, lease_until__isnull=False)
                | (~Q(state=State.RUNNING) & Q(lease_until__isnull=True)),
                name="job_runs_exactly_while_leased",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.task} #{self.pk} ({self.state})"

    def retry(self) -> bool:
        """Let a failed job begin again with all its attempts. False when it has not failed (any more)."""
        fresh = {"state": State.READY, "attempts": 0, "run_after": timezone.now(), "finished_at": None}
        return Job.objects.failed().filter(pk=self.pk).update(**fresh) == 1

    def discard(self) -> bool:
        """Forget a failed job: what it was to do stays undone. False when it has not failed (any more)."""
        return Job.objects.failed().filter(pk=self.pk).delete()[0] == 1


class ScheduleRun(models.Model):
    """The last moment for which an entry of the recurring list was begun."""

    name = models.CharField(max_length=100, unique=True)
    due = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} at {self.due.isoformat()}"
