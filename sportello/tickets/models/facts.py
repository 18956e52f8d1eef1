"""How does a fact become part of a ticket? Its columns, its timeline and all who react, in one transaction."""

from datetime import datetime
from typing import Any, Self

from django.db import models
from django.utils import timezone

from sportello.kernel.events import publish
from sportello.people.models import User
from sportello.people.roles import Role
from sportello.tickets.events import TicketEvent
from sportello.tickets.models.entry import TimelineEntry

Cause = dict[str, Any]


class MadeOfFacts(models.Model):
    """A row that changes only by recorded facts, so that it can be replayed."""

    updated_at = models.DateTimeField()

    class Meta:
        abstract = True

    def locked(self) -> Self:
        """The row as it is now, kept from other writers until the transaction ends (SQLite: BEGIN IMMEDIATE)."""
        fresh = type(self)._default_manager.select_for_update().get(pk=self.pk)
        for column in self._meta.concrete_fields:
            setattr(self, column.attname, getattr(fresh, column.attname))
        return self

    def record(
        self, event: TicketEvent, by: User, *, cause: Cause | None = None, at: datetime | None = None
    ) -> TimelineEntry:
        """Write the fact, set the columns it names, tell everyone. What the system does says why."""
        if cause is None and by.role == Role.SYSTEM:
            raise ValueError(f"{event.kind} by the system needs a cause")
        at = at or timezone.now()
        columns = event.columns(at) | {"updated_at": at}
        for name, value in columns.items():
            setattr(self, name, value)
        type(self)._default_manager.filter(pk=self.pk).update(**columns)
        entry = TimelineEntry.objects.create(
            ticket_id=self.pk, kind=event.kind, data=event.as_json(), actor=by, at=at, cause=cause
        )
        publish(event)
        return entry
