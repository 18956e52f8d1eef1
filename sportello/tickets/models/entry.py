"""What happened to this ticket, when, by whom, and why? One row a fact, never changed."""

from typing import cast

from django.conf import settings
from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from sportello.kernel.events import kind_named
from sportello.tickets.events import TicketEvent


class TimelineEntry(models.Model):
    ticket = models.ForeignKey("tickets.Ticket", models.CASCADE, related_name="timeline", db_index=False)
    kind = models.CharField(max_length=60)
    data = models.JSONField(encoder=DjangoJSONEncoder)
    actor = models.ForeignKey(settings.AUTH_USER_MODEL, models.PROTECT, related_name="+")
    at = models.DateTimeField()
    cause = models.JSONField(null=True, blank=True)

    class Meta:
        ordering = ["id"]
        indexes = [models.Index(fields=["ticket", "id"], name="entry_of_ticket")]

    def __str__(self) -> str:
        return f"{self.kind} of {self.ticket_id}"

    @property
    def event(self) -> TicketEvent:
        """The fact as it was recorded."""
        kind = cast(type[TicketEvent], kind_named(self.kind))
        return kind(**self.data)
