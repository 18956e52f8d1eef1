"""What follows at once from a fact about a ticket: open screens are told, and the words can be found."""

from sportello.kernel.events import on
from sportello.kernel.live import publish as tell
from sportello.kernel.search import index, move
from sportello.tickets.events import (
    MessageAdded,
    RequesterChanged,
    TicketChanged,
    TicketEvent,
    TicketMoved,
    TicketOpened,
    TicketRenamed,
)
from sportello.tickets.models import Message, Ticket
from sportello.tickets.saying import HEADING, MESSAGE, NOTE
from sportello.tickets.words import MessageKind


@on(TicketChanged)
def tell_open_screens(event: TicketChanged, _ticket: Ticket) -> None:
    tell("ticket", ticket=event.ticket_id, teams=event.teams, kinds=event.kinds, actor=event.actor_id)


@on(TicketOpened, TicketRenamed, RequesterChanged)
def index_heading(_event: TicketEvent, ticket: Ticket) -> None:
    """Number, subject, and who asks, by name and address."""
    addresses = ticket.requester.addresses.values_list("address", flat=True)
    firm = ticket.organisation.name if ticket.organisation else ""
    text = " \n".join([str(ticket.pk), ticket.subject, ticket.requester.name, firm, *addresses])
    index(HEADING, ticket.pk, container=ticket.pk, scope=ticket.team_id, text=text)


@on(MessageAdded)
def index_message(_event: MessageAdded, message: Message) -> None:
    kind = NOTE if message.kind == MessageKind.NOTE else MESSAGE
    names = " ".join(file.name for file in message.new_files)
    text = " \n".join([message.text, message.quoted_text, names, message.author.name])
    index(kind, message.pk, container=message.ticket_id, scope=message.ticket.team_id, text=text)


@on(TicketMoved)
def move_index(event: TicketMoved, _ticket: Ticket) -> None:
    move(event.ticket_id, event.team_id)
