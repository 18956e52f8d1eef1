"""Whom does a reply name beside the requester? They take part from then on, so that their answers join the ticket."""

from collections.abc import Callable, Collection

from django.utils.translation import gettext_lazy as _

from sportello.people.models import User
from sportello.tickets.models import Ticket

OUR_OWN = _("That is one of our own addresses. Name the customer's.")
Ours = Callable[[Collection[str]], set[str]]
_ours: list[Ours] = []


def ours_are(which: Ours) -> None:
    """A channel registers how it tells our own addresses among others: those never take part."""
    _ours[:] = [which]


def is_ours(address: str) -> bool:
    """Whether mail to it comes to us: then nobody asks or takes part from there."""
    return any(which([address]) for which in _ours)


def keep_in_copy(ticket: Ticket, recipients: dict[str, list[str]], *, by: User) -> None:
    named = [*recipients.get("to", []), *recipients.get("cc", [])]
    ours = {address for which in _ours for address in which(named)}
    for address in dict.fromkeys(named):
        if address not in ours:
            ticket.add_participant(User.objects.at_address_or_new(address), by=by)
