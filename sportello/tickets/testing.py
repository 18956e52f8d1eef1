"""Makers of tickets for tests, demo data and screenshots: the real verbs, with invented words."""

from typing import Any

from sportello.people.models import Team, User
from sportello.people.testing import make_customer, make_team
from sportello.tickets import conversation
from sportello.tickets.conversation import Words
from sportello.tickets.intake import NewTicket, open_ticket
from sportello.tickets.models import Message, Ticket


def make_ticket(
    *,
    subject: str = "Thermostats offline since the update",
    requester: User | None = None,
    team: Team | None = None,
    text: str = "Fourteen rooms have no heating.",
    **fields: Any,
) -> Ticket:
    return open_ticket(
        NewTicket(
            subject=subject,
            requester=requester or make_customer(),
            team=team or make_team(),
            words=Words(text=text),
            **fields,
        )
    )


def make_reply(
    ticket: Ticket, by: User, text: str = "We are on it.", *, undo_seconds: int = 0, **options: Any
) -> Message:
    return conversation.reply(ticket, Words(text=text), by=by, undo_seconds=undo_seconds, **options)


def make_note(ticket: Ticket, by: User, text: str = "The gateway is an old one.") -> Message:
    return conversation.note(ticket, Words(text=text), by=by)
