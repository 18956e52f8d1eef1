"""What does the ticket page show? Gathered in few queries, the same number for one message as for fifty."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.conf import settings
from django.shortcuts import get_object_or_404
from django.utils import timezone

from sportello.channels.delivery import Delivery, states_of
from sportello.desk.http import DeskRequest
from sportello.desk.tickets.sentences import Sentence, sentences
from sportello.people.models import Team, User
from sportello.people.roles import Right
from sportello.tickets import policy
from sportello.tickets.models import Message, Presence, Ticket, TicketSeen, TimelineEntry
from sportello.tickets.words import ALLOWED_FROM, Priority, Status, TicketType

SHOWN = 30
EARLIER_TICKETS = 5


@dataclass
class Line:
    """One row of the thread: a message, or a run of events, or the line above what is new."""

    message: Message | None = None
    delivery: Delivery | None = None
    events: list[Sentence] = field(default_factory=list)
    day: date | None = None
    new: bool = False


def ticket_of(request: DeskRequest, number: int) -> Ticket:
    """Raises Http404 for one that does not exist or is not visible."""
    return get_object_or_404(Ticket.objects.visible_to(request.user).with_people(), pk=number)


def header_context(request: DeskRequest, ticket: Ticket) -> dict[str, Any]:
    user = request.user
    return {
        "ticket": ticket,
        "may": rights(user, ticket),
        "statuses": [s for s in Status if ticket.status in ALLOWED_FROM[s] and s != Status.CLOSED],
        "priorities": sorted(Priority, reverse=True),
        "types": list(TicketType),
        "teams": list(Team.objects.active()),
        "colleagues": list(User.objects.who_may(Right.REPLY, ticket.team_id).order_by("name")),
    }


def rights(user: User, ticket: Ticket) -> dict[str, bool]:
    return {
        "note": policy.can_note(user, ticket),
        "reply": policy.can_reply(user, ticket),
        "change": policy.can_change(user, ticket),
        "assign": policy.can_assign(user, ticket),
    }


def timeline_context(request: DeskRequest, ticket: Ticket) -> dict[str, Any]:
    everything = request.GET.get("all") == "1"
    visible = Message.objects.visible_to(request.user).of_ticket(ticket)
    messages = visible.newest(100_000 if everything else SHOWN + 1)
    earlier = not everything and len(messages) > SHOWN
    messages = messages[-SHOWN:] if earlier else messages
    entries = list(ticket.timeline.select_related("actor"))
    if earlier:
        entries = [entry for entry in entries if entry.at >= messages[0].created_at]
    seen = TicketSeen.objects.filter(ticket=ticket, user=request.user).values_list("at", flat=True).first()
    lines = _lines(messages, entries, states_of(messages), seen)
    return {
        "ticket": ticket,
        "lines": lines,
        "earlier": earlier,
        "now": timezone.now(),
        "may": rights(request.user, ticket),
    }


def _lines(
    messages: list[Message], entries: list[TimelineEntry], deliveries: dict[int, Delivery], seen: Any
) -> list[Line]:
    """Messages and runs of events in the order in which they happened."""
    by_id = {message.pk: message for message in messages}
    told = sentences([entry for entry in entries if entry.kind not in ("MessageAdded", "MessageWithdrawn")])
    lines: list[Line] = []
    marked = False
    for entry in entries:
        if entry.kind == "MessageAdded":
            message = by_id.get(entry.data["message_id"])
            if message is None:
                continue
            new = bool(seen and message.incoming and message.created_at > seen and not marked)
            marked = marked or new
            lines.append(Line(message=message, delivery=deliveries.get(message.pk), new=new))
        elif entry.pk in told:
            if not lines or lines[-1].message is not None:
                lines.append(Line())
            lines[-1].events.append(told[entry.pk])
    return _with_days(lines)


def _with_days(lines: Iterable[Line]) -> list[Line]:
    last = None
    dated = []
    for line in lines:
        moment = line.message.created_at if line.message else line.events[0].at
        day = timezone.localtime(moment).date()
        line.day = day if day != last else None
        last = day
        dated.append(line)
    return dated


def composer_context(request: DeskRequest, ticket: Ticket, **more: Any) -> dict[str, Any]:
    participants = list(ticket.participants.all())
    return {
        "ticket": ticket,
        "may": rights(request.user, ticket),
        "to": ticket.requester.address,
        "cc": ", ".join(person.address for person in participants),
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "then": request.session.get("then", Status.WAITING),
        "last_id": Message.objects.of_ticket(ticket).last_id(),
        **more,
    }


def context_context(request: DeskRequest, ticket: Ticket) -> dict[str, Any]:
    """The column about requester, participants, tags and why it is here."""
    others = Ticket.objects.visible_to(request.user).requested_by(ticket.requester).but(ticket).newest_first()
    return {
        "ticket": ticket,
        "may": rights(request.user, ticket),
        "participants": list(ticket.participants.all()),
        "tags": list(ticket.tags.all()),
        "others": list(others[:EARLIER_TICKETS]),
        "follow_ups": list(Ticket.objects.visible_to(request.user).follow_ups_of(ticket)),
        "causes": _causes(ticket),
    }


def _causes(ticket: Ticket) -> list[dict[str, Any]]:
    first = ticket.messages.order_by("id").first()
    return [reason for reason in (first.reasons if first else []) if reason.get("text")]


def presence_context(request: DeskRequest, ticket: Ticket) -> dict[str, Any]:
    now = timezone.now()
    present = list(Presence.objects.now_at(ticket.pk, but=request.user))
    typing = [p for p in present if p.typing_until and p.typing_until > now]
    return {"ticket": ticket, "present": present, "typing": typing}
