"""What was this ticket at a moment in the past? The fold of its facts up to then, and nothing else."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils import timezone

from sportello.tickets.events import (
    ParticipantAdded,
    ParticipantRemoved,
    RequesterChanged,
    TicketEvent,
    TicketTagged,
)
from sportello.tickets.models import Ticket, TimelineEntry

State = dict[str, Any]
YEARS = range(1970, 2500)  # in which moments are asked for: what calendars and databases can say


def fold(entries: Iterable[TimelineEntry]) -> State:
    """Columns by name, plus `tags` (names) and `participants` (user ids), both sorted."""
    state: State = {}
    tags: set[str] = set()
    people: set[int] = set()
    for entry in entries:
        event = entry.event
        state |= event.columns(entry.at) | {"updated_at": entry.at}
        _fold_rows(event, tags, people)
    return state | {"tags": sorted(tags), "participants": sorted(people)}


def _fold_rows(event: TicketEvent, tags: set[str], people: set[int]) -> None:
    if isinstance(event, TicketTagged):
        tags |= set(event.added)
        tags -= set(event.removed)
    elif isinstance(event, ParticipantAdded):
        people.add(event.user_id)
    elif isinstance(event, ParticipantRemoved):
        people.discard(event.user_id)
    elif isinstance(event, RequesterChanged):
        people.discard(event.requester_id)


def as_it_was(ticket: Ticket, at: datetime) -> State:
    """The ticket's state at that moment; empty before it was opened, and as it is now in all the time to come."""
    if at < ticket.created_at:
        return {}
    # no database is asked about the ends of time, which some calendars cannot say
    return fold(ticket.timeline.all() if at > timezone.now() else ticket.timeline.filter(at__lte=at))


def as_it_is(ticket: Ticket) -> State:
    """The same shape, read from the row itself."""
    fresh = Ticket.objects.get(pk=ticket.pk)
    columns = {f.attname: getattr(fresh, f.attname) for f in Ticket._meta.concrete_fields if f.attname != "id"}
    return columns | {
        "tags": sorted(fresh.tags.values_list("name", flat=True)),
        "participants": sorted(fresh.participants.values_list("pk", flat=True)),
    }
