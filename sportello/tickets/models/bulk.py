"""How far is a change of many tickets at once?"""

from django.conf import settings
from django.db import models


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

    class Meta:
        ordering = ["-id"]

    def __str__(self) -> str:
        return f"bulk job {self.pk}: {self.done} of {self.total}"
