"""What has to reach the other processes of this installation?"""

from datetime import datetime
from typing import Self

from django.db import models
from django.utils import timezone


class LiveSignalQuerySet(models.QuerySet["LiveSignal"]):
    def sent_before(self, at: datetime) -> Self:
        return self.filter(sent_at__lt=at)


class LiveSignal(models.Model):
    """A signal on SQLite, where its row is what a commit makes visible. PostgreSQL carries signals without a table."""

    topic = models.CharField(max_length=100)
    data = models.JSONField()
    sent_at = models.DateTimeField(default=timezone.now)

    objects = LiveSignalQuerySet.as_manager()

    def __str__(self) -> str:
        return f"{self.topic} {self.data}"
