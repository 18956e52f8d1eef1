"""Which of the requests that a person follows say these words, in what that person may read?"""

from sportello.kernel.search import find
from sportello.people.models import User
from sportello.tickets.models import Message, Ticket
from sportello.tickets.querysets import TicketQuerySet

MOST_SEARCHED = 2_000
MOST_HITS = 500


def followed_saying(words: str, reader: User) -> TicketQuerySet:
    """A word that only an internal note says finds nothing."""
    followed = Ticket.objects.followed_by(reader)
    ids = list(followed.newest_first().values_list("pk", flat=True)[:MOST_SEARCHED])
    hits = find(words, scopes=None, containers=ids, limit=MOST_HITS)
    said = Message.objects.for_customers().filter(pk__in=[hit.ref for hit in hits if hit.kind == "message"])
    found = {hit.container for hit in hits if hit.kind == "ticket"} | set(said.values_list("ticket_id", flat=True))
    return followed.filter(pk__in=found)
