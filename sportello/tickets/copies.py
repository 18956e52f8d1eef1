"""Whom does a reply name beside the requester? They take part from then on, so that their answers join the ticket."""

from collections.abc import Callable, Collection
from typing import Any

from django.utils.translation import gettext_lazy as _

from sportello.kernel.slots import Slot
from sportello.people.models import User
from sportello.tickets.models import Ticket

OUR_OWN = _("That is one of our own addresses. Name the customer's.")
Ours = Callable[[Collection[str]], set[str]]
_ours: Slot[Ours] = Slot("which mail addresses are ours")


def ours_are(which: Ours) -> None:
    """E-mail says which of some addresses are our own: those never take part."""
    _ours.fill(which)


def is_ours(address: str) -> bool:
    """Whether mail to it comes to us: then nobody asks or takes part from there."""
    return bool(_ours.given([address]))


def keep_in_copy(
    ticket: Ticket, recipients: dict[str, list[str]], *, by: User, cause: dict[str, Any] | None = None
) -> None:
    named = [*recipients.get("to", []), *recipients.get("cc", [])]
    ours = _ours.given(named)
    others = [address for address in dict.fromkeys(named) if address not in ours]
    people = User.objects.at_addresses_or_new(dict.fromkeys(others, ""))
    for address in others:
        ticket.add_participant(people[address], by=by, cause=cause)
