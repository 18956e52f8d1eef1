"""How does a fact become part of a ticket? Its columns, its timeline and all who react, in one transaction."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any, Self

from django.db import models, transaction
from django.utils import timezone

from sportello.kernel.events import publish
from sportello.people.models import User
from sportello.people.roles import Role
from sportello.tickets.events import TicketChanged, TicketEvent, TicketMoved
from sportello.tickets.models.entry import TimelineEntry

Cause = dict[str, Any]


def along_with(fact: type[TicketEvent], cause: Cause | None = None) -> Cause:
    """The cause of what nobody asked for by itself: it follows from that fact, and from what caused that."""
    return {"by": "fact", **(cause or {}), "fact": fact.kind}


class MadeOfFacts(models.Model):
    """A row that changes only by recorded facts, so that it can be replayed."""

    updated_at = models.DateTimeField()
    _new_facts: list[TimelineEntry] | None = None  # while held
    _then: datetime | None = None  # while what happened long ago is told

    class Meta:
        abstract = True

    @contextmanager
    def held(self) -> Iterator[Self]:
        """The row as it is now, in a transaction and kept from other writers (SQLite: BEGIN IMMEDIATE).

        Verbs may hold within one another; whoever watches hears of the facts once, at the end of the outermost.
        """
        if self._new_facts is not None:
            yield self
            return
        with transaction.atomic():
            self._refresh()
            self._new_facts = []
            try:
                yield self
                self._tell(self._new_facts)
            finally:
                self._new_facts = None

    @contextmanager
    def back_then(self, at: datetime | None) -> Iterator[Self]:
        """Record what follows as of that moment, though never before what is recorded already. None is now."""
        before, self._then = self._then, at
        try:
            with self.held():
                yield self
        finally:
            self._then = before

    def _moment(self) -> datetime:
        return max(self._then, self.updated_at) if self._then else timezone.now()

    def _refresh(self) -> None:
        """All columns, and nothing that was loaded along with older ones."""
        fresh = type(self)._default_manager.select_for_update().get(pk=self.pk)
        for column in self._meta.concrete_fields:
            setattr(self, column.attname, getattr(fresh, column.attname))
        self._forget_relations()

    def _forget_relations(self) -> None:
        for name in ("_prefetched_objects_cache", "tag_names"):
            vars(self).pop(name, None)

    @property
    def new_facts(self) -> list[TimelineEntry]:
        """What was recorded since the outermost hold began."""
        return list(self._new_facts or [])

    def _tell(self, facts: list[TimelineEntry]) -> None:
        if facts:
            left = [fact.data["previous_id"] for fact in facts if fact.kind == TicketMoved.kind]
            kinds = [fact.kind for fact in facts]
            publish(TicketChanged(self.pk, [*left, vars(self)["team_id"]], kinds, facts[-1].actor_id), self)

    def record(
        self,
        event: TicketEvent,
        by: User,
        *,
        cause: Cause | None = None,
        at: datetime | None = None,
        about: models.Model | None = None,
    ) -> TimelineEntry:
        """Write the fact, set the columns it names, let others react: to this row, or to the part that it is `about`.

        What the system does says why.
        """
        at = at or self._moment()
        columns = event.columns(at) | {"updated_at": at}
        for name, value in columns.items():
            setattr(self, name, value)
        type(self)._default_manager.filter(pk=self.pk).update(**columns)
        return self.enter(event, by, cause=cause, at=at, about=about)

    def enter(
        self, event: TicketEvent, by: User, *, cause: Cause | None, at: datetime, about: models.Model | None = None
    ) -> TimelineEntry:
        """Write a fact whose columns are there already."""
        if cause is None and by.role == Role.SYSTEM:
            raise ValueError(f"{event.kind} by the system needs a cause")
        entry = TimelineEntry.objects.create(
            ticket_id=self.pk, kind=event.kind, data=event.as_json(), actor=by, at=at, cause=cause
        )
        publish(event, about or self)
        if self._new_facts is not None:
            self._new_facts.append(entry)
        return entry
