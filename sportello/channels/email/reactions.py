"""Which facts about a ticket make a mail leave?"""

from datetime import datetime

from sportello.channels.email import outbox
from sportello.channels.email.gate import is_history
from sportello.channels.email.models import OutgoingMail
from sportello.channels.email.outbox import cancel, cancel_solved_notices, queue_notice, queue_reply
from sportello.kernel.events import on
from sportello.people.models import User
from sportello.tickets.events import (
    MessageAdded,
    MessageWithdrawn,
    ParticipantRemoved,
    StatusEvent,
    TicketOpened,
    TicketReopened,
    TicketSolved,
    TicketStatusRestored,
)
from sportello.tickets.models import Message, Ticket
from sportello.tickets.words import MessageKind


@on(TicketOpened)
def send_receipt_later(event: TicketOpened, _ticket: Ticket) -> None:
    """Once the mail that opened it is noted, so that the gate knows what it was."""
    from sportello.channels.email.jobs import send_receipt

    send_receipt.enqueue(event.ticket_id)


@on(MessageAdded)
def send_reply(event: MessageAdded, message: Message) -> None:
    if event.message_kind == MessageKind.PUBLIC and not event.incoming and not event.past:
        queue_reply(message)


@on(MessageWithdrawn)
def keep_back(_event: MessageWithdrawn, message: Message) -> None:
    cancel(message)


@on(ParticipantRemoved)
def leave_out(event: ParticipantRemoved, ticket: Ticket) -> None:
    """Whoever takes part no longer gets nothing that has not left."""
    outbox.leave_out(ticket, User.objects.get(pk=event.user_id))


@on(TicketSolved)
def tell_requester(event: TicketSolved, ticket: Ticket) -> None:
    """Say that it is solved, and how, unless a reply says so, the requester did it, or it is old and wordless."""
    if event.told or event.actor_id == ticket.requester_id:
        return
    if event.note or not is_history(ticket.messages.filter(incoming=1).last()):
        tell_at = datetime.fromisoformat(event.tell_at) if event.tell_at else None
        queue_notice(OutgoingMail.Purpose.SOLVED, ticket, text=event.note, not_before=tell_at)


@on(TicketReopened, TicketStatusRestored)
def say_nothing_of_it(event: StatusEvent, _ticket: Ticket) -> None:
    cancel_solved_notices(event.ticket_id)
