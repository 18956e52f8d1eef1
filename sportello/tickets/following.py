"""Which of the requests that a person follows say these words, in what that person may read?"""

from sportello.people.models import User
from sportello.tickets.models import Ticket
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.saying import says_to_customers


def followed_saying(words: str, reader: User) -> TicketQuerySet:
    """A word that only an internal note says finds nothing."""
    return Ticket.objects.followed_by(reader).filter(says_to_customers(words))
