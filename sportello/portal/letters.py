"""Which mails does a customer get because somebody asked the portal for a link?"""

from django.db import transaction

from sportello.channels.outgoing import send_account_mail
from sportello.people.models import Brand, User
from sportello.tickets.links import follow_link, read_whatever_its_age, reader_at
from sportello.tickets.models import Ticket
from sportello.ui.letters import letter


def send_link(number: int, address: str) -> None:
    """To the address that is known for this request; nothing happens for another one."""
    found = reader_at(number, address)
    if found:
        _send(*found, address)


def send_fresh_link(token: str) -> None:
    """To whom the old link was mailed."""
    found = read_whatever_its_age(token)
    if found:
        _send(*found, found[1].address)


@transaction.atomic
def _send(ticket: Ticket, reader: User, address: str) -> None:
    context = {"firm": Brand.current().name, "number": ticket.pk, "link": follow_link(ticket, reader)}
    written = letter("portal/mail/link.txt", context, reader.language)
    send_account_mail(address, written.subject, written.text, reader.language)
