"""How does a request become a ticket, and where does a later answer go?"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone

from sportello.people.models import Team, User
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.events import FollowUpOpened, TicketOpened
from sportello.tickets.models import Message, Ticket
from sportello.tickets.models.ticket import Cause
from sportello.tickets.words import Channel, Priority, Status, TicketType, clean_subject


@dataclass(frozen=True)
class NewTicket:
    subject: str
    requester: User
    team: Team
    words: Words
    channel: str = Channel.EMAIL
    priority: int = Priority.NORMAL
    type: str = TicketType.QUESTION
    follow_up_of: Ticket | None = None


@transaction.atomic
def open_ticket(new: NewTicket, *, by: User | None = None, cause: Cause | None = None) -> Ticket:
    """Make the request a ticket with its first message. `by` is who enters it, by default the requester."""
    by = by or new.requester
    now = timezone.now()
    requester = new.requester
    ticket = Ticket(
        subject=clean_subject(new.subject),
        requester=requester,
        organisation_id=requester.organisation_id,
        team=new.team,
        priority=new.priority,
        type=new.type,
        channel=new.channel,
        language=new.words.language or requester.language,
        follow_up_of=new.follow_up_of,
        created_at=now,
        updated_at=now,
        last_message_at=now,
    )
    ticket.save(force_insert=True)
    opened = TicketOpened(
        ticket.pk,
        by.pk,
        subject=ticket.subject,
        requester_id=requester.pk,
        organisation_id=requester.organisation_id,
        team_id=new.team.pk,
        priority=int(new.priority),
        type=str(new.type),
        channel=str(new.channel),
        language=ticket.language,
        follow_up_of_id=new.follow_up_of.pk if new.follow_up_of else None,
    )
    ticket.record(opened, by, cause=cause, at=now)
    conversation.receive(ticket, new.words, by=requester, channel=new.channel, cause=cause)
    return ticket


@transaction.atomic
def answer(ticket: Ticket, words: Words, *, by: User, channel: str, **options: Any) -> Message:
    """A customer's answer: it joins the ticket, or opens a linked new one once the follow-up window has passed."""
    ticket.locked()
    if not ticket.needs_follow_up:
        return conversation.receive(ticket, words, by=by, channel=channel, **options)
    follow_up = open_ticket(
        NewTicket(
            subject=ticket.subject, requester=by, team=ticket.team, words=words, channel=channel, follow_up_of=ticket
        ),
        cause=options.get("cause"),
    )
    ticket.record(FollowUpOpened(ticket.pk, by.pk, follow_up_id=follow_up.pk), by, cause=options.get("cause"))
    return follow_up.messages.latest("id")


def close_finished(*, by: User) -> int:
    """Close what has been solved for longer than its team's follow-up window. Returns how many."""
    closed = 0
    for ticket in Ticket.objects.past_follow_up_window(timezone.now())[:500]:
        cause = {"by": "follow-up window", "days": ticket.team.follow_up_days}
        with transaction.atomic():
            if ticket.locked().status == Status.SOLVED:
                closed += ticket.close(by=by, cause=cause)
    return closed
