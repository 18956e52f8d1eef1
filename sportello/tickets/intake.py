"""How does a request become a ticket, and where does a later answer go?"""

from collections.abc import Collection
from dataclasses import dataclass, replace
from typing import Any

from django.db import transaction
from django.utils import timezone

from sportello.people.models import Team, User
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.copies import keep_in_copy
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


@dataclass(frozen=True)
class Entered:
    """A request as somebody enters it for a customer, or a program for its person.

    `requester` is an address, a new customer's where nobody has it; without, whoever enters it asks.
    """

    subject: str
    team: Team
    words: Words
    channel: str
    requester: str = ""
    requester_name: str = ""
    priority: int = Priority.NORMAL
    type: str = TicketType.QUESTION
    tags: Collection[str] = ()
    cc: Collection[str] = ()
    assignee: User | None = None
    note: str = ""
    """For the team alone."""


@transaction.atomic
def open_ticket(new: NewTicket, *, by: User | None = None, cause: Cause | None = None) -> Ticket:
    """Make the request a ticket with its first message. `by` is who enters it, by default the requester."""
    by = by or new.requester
    now = new.words.at or timezone.now()
    opened = _opened(new, by)
    ticket = Ticket(updated_at=now, **opened.columns(now))
    ticket.save(force_insert=True)
    with ticket.held():
        ticket.enter(replace(opened, ticket_id=ticket.pk), by, cause=cause, at=now)
        conversation.receive(ticket, new.words, by=new.requester, channel=new.channel, cause=cause)
    return ticket


@transaction.atomic
def open_for_customer(entered: Entered, *, by: User) -> Ticket:
    """Make it a ticket that is noted, tagged, copied and assigned as it is opened.

    Raises ValidationError, by field, for an assignee who does not answer in the team.
    """
    new = NewTicket(
        subject=entered.subject,
        requester=_requester_of(entered, by),
        team=entered.team,
        words=entered.words,
        channel=entered.channel,
        priority=entered.priority,
        type=entered.type,
    )
    with open_ticket(new, by=by).held() as ticket:
        if entered.note.strip():
            conversation.note(ticket, Words(text=entered.note), by=by)
        ticket.tag(by=by, add=entered.tags)
        keep_in_copy(ticket, {"cc": list(entered.cc)}, by=by)
        if entered.assignee:
            ticket.check_assignee(entered.assignee)
            ticket.assign_to(entered.assignee, by=by)
    return ticket


def _requester_of(entered: Entered, by: User) -> User:
    if not entered.requester:
        return by
    found: User = User.objects.at_address_or_new(entered.requester, entered.requester_name, by.language)
    return found


def _opened(new: NewTicket, by: User) -> TicketOpened:
    """The first fact, as long as the ticket has no number."""
    return TicketOpened(
        ticket_id=0,
        actor_id=by.pk,
        subject=clean_subject(new.subject),
        requester_id=new.requester.pk,
        organisation_id=new.requester.organisation_id,
        team_id=new.team.pk,
        priority=Priority(new.priority).value,
        type=TicketType(new.type).value,
        channel=Channel(new.channel).value,
        language=new.words.language or new.requester.language,
        follow_up_of_id=new.follow_up_of.pk if new.follow_up_of else None,
    )


def answer(ticket: Ticket, words: Words, *, by: User, channel: str, **options: Any) -> Message:
    """A customer's answer: it joins the ticket, or opens a linked new one once the follow-up window has passed."""
    with ticket.held():
        if not ticket.needs_follow_up:
            return conversation.receive(ticket, words, by=by, channel=channel, **options)
        new = NewTicket(ticket.subject, by, ticket.team, words, channel=channel, follow_up_of=ticket)
        follow_up = open_ticket(new, cause=options.get("cause"))
        fact = FollowUpOpened(ticket.pk, by.pk, follow_up_id=follow_up.pk)
        ticket.record(fact, by, cause=options.get("cause"))
        return follow_up.messages.latest("id")


def close_finished(*, by: User) -> int:
    """Close what has been solved for longer than its team's follow-up window. Returns how many."""
    closed = 0
    for late in Ticket.objects.past_follow_up_window(timezone.now()).select_related("team")[:500]:
        with late.held() as ticket:
            if ticket.status == Status.SOLVED and ticket.needs_follow_up:
                closed += ticket.close(by=by, cause={"by": "follow-up window", "days": ticket.team.follow_up_days})
    return closed
