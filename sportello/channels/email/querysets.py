"""Which mailboxes and mails? An address finds its mailbox; administrators see what waits, failed or is held."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db.models import Q, QuerySet

from sportello.people.models import User
from sportello.people.policy import can_administer
from sportello.people.roles import Right

if TYPE_CHECKING:
    from sportello.channels.email.models import InboundMail, Mailbox, OutgoingMail  # noqa: F401  named in strings
    from sportello.tickets.models import Ticket

LEFT_OUT = Q(source="import", state="done", message=None)


def plain(address: str) -> str:
    """The address without its +tag, in lower case."""
    local, _at, domain = address.strip().strip("<>").lower().rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


class MailboxQuerySet(QuerySet["Mailbox"]):
    def visible_to(self, user: User) -> Self:
        return self if can_administer(user) else self.none()

    def active(self) -> Self:
        return self.filter(is_active=True)

    def at(self, addresses: list[str]) -> Self:
        """Ours among these addresses, whatever their +tag."""
        return self.active().filter(address__in={plain(address) for address in addresses})

    def among(self, addresses: Collection[str]) -> set[str]:
        """Those of the addresses that come to us, whatever their +tag."""
        ours = set(self.at(list(addresses)).order_by().values_list("address", flat=True)) if addresses else set()
        return {address for address in addresses if plain(address) in ours}

    def read_by_imap(self) -> Self:
        return self.active().exclude(imap_host="")

    def for_ticket(self, ticket: "Ticket") -> "Mailbox | None":
        """The mailbox of its team that its first mail came to, or else the team's oldest, or else the oldest of all."""
        mailboxes = list(self.active().order_by("id"))
        own = [mailbox for mailbox in mailboxes if mailbox.team_id == ticket.team_id]
        came_to = self._that_it_came_to(ticket, own) if len(own) > 1 else None
        return came_to or next(iter([*own, *mailboxes]), None)

    def _that_it_came_to(self, ticket: "Ticket", own: "list[Mailbox]") -> "Mailbox | None":
        asked = self.filter(pk__in=[mailbox.pk for mailbox in own], inbound__message__ticket=ticket)
        return asked.order_by("inbound__message_id").first()

    def oldest(self) -> "Mailbox | None":
        """The one that whatever belongs to no team is written from."""
        return self.active().order_by("id").first()


class InboundMailQuerySet(QuerySet["InboundMail"]):
    def quarantined(self) -> Self:
        return self.filter(state=self.model.State.QUARANTINED)

    def left_out(self) -> Self:
        """Old mail that fitted no request when it was read. It is tried again whenever it is given again."""
        return self.filter(LEFT_OUT)


class OutgoingMailQuerySet(QuerySet["OutgoingMail"]):
    def visible_to(self, user: User) -> Self:
        """Mails of a ticket: whoever sees the ticket at the desk. Account mails: administrators."""
        teams = user.teams_with(Right.VIEW)
        return self if teams is None else self.filter(ticket__team_id__in=teams)

    def stuck(self) -> Self:
        return self.filter(state__in=[self.model.State.DEFERRED, self.model.State.FAILED])
