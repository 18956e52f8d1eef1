"""Which mailboxes and mails? An address finds its mailbox; administrators see what waits, failed or is held."""

from collections.abc import Collection
from typing import TYPE_CHECKING, Self

from django.db.models import QuerySet

from sportello.people.models import User
from sportello.people.policy import can_administer
from sportello.people.roles import Right

if TYPE_CHECKING:
    from sportello.channels.email.models import InboundMail, Mailbox, OutgoingMail  # noqa: F401  named in strings
    from sportello.tickets.models import Ticket


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
        """The mailbox of its team that its first mail came to, or else the one that the team writes from."""
        came_to = self.active().filter(team_id=ticket.team_id, inbound__message__ticket=ticket)
        return came_to.order_by("inbound__message_id").first() or self.for_team(ticket.team_id)

    def for_team(self, team_id: int) -> "Mailbox | None":
        """The mailbox that a team writes from: its own, or else the oldest."""
        return self.filter(team_id=team_id).oldest() or self.oldest()

    def oldest(self) -> "Mailbox | None":
        """The one that whatever belongs to no team is written from."""
        return self.active().order_by("id").first()


class InboundMailQuerySet(QuerySet["InboundMail"]):
    def quarantined(self) -> Self:
        return self.filter(state=self.model.State.QUARANTINED)


class OutgoingMailQuerySet(QuerySet["OutgoingMail"]):
    def visible_to(self, user: User) -> Self:
        """Mails of a ticket: whoever sees the ticket at the desk. Account mails: administrators."""
        teams = user.teams_with(Right.VIEW)
        return self if teams is None else self.filter(ticket__team_id__in=teams)

    def stuck(self) -> Self:
        return self.filter(state__in=[self.model.State.DEFERRED, self.model.State.FAILED])
