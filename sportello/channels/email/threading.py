"""Which ticket does a mail answer? Signed reply address first, our stored Message-IDs next, the subject never."""

from collections import defaultdict
from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext_noop

from sportello.channels.email.addresses import read_reply_address
from sportello.channels.email.models import InboundMail, MailIdentity
from sportello.channels.email.parsing import ParsedMail
from sportello.people.models import User
from sportello.tickets.models import Message, Ticket
from sportello.tickets.policy import can_follow

MOST_CLAIMS = 10


@dataclass(frozen=True)
class Evidence:
    """`ticket` is the one that the mail names, `joins` whether its sender may join it, `code` and `text` say why."""

    ticket: Ticket | None
    joins: bool
    code: str
    text: str

    def as_reason(self) -> dict[str, object]:
        return {"code": self.code, "text": self.text, "ticket": self.ticket.pk if self.ticket else None}


NO_EVIDENCE = Evidence(None, False, "new", gettext_noop("No sign of an earlier ticket"))


def secret() -> bytes:
    return ("reply address" + settings.SECRET_KEY).encode()


def evidence_in(mail: ParsedMail, inbound: InboundMail, sender: User | None) -> Evidence:
    by_address = _by_reply_address(mail, inbound)
    if by_address:
        return _judged(
            by_address, mail, sender, "reply-address", gettext_noop("It came to the reply address of this ticket")
        )
    by_id = ticket_answered_by(mail, sender)
    if by_id:
        known = by_message_id(by_id)
        return _judged(by_id, mail, sender, known.code, known.text)
    return NO_EVIDENCE


def by_message_id(ticket: Ticket) -> Evidence:
    return Evidence(ticket, True, "message-id", gettext_noop("It answers a mail of this ticket"))


def _judged(ticket: Ticket, mail: ParsedMail, sender: User | None, code: str, text: str) -> Evidence:
    if sender and _takes_part(sender, mail.from_address or "", ticket):
        return Evidence(ticket, True, code, text)
    stranger = gettext_noop("It names another ticket, but its sender has no part in that one")
    return Evidence(ticket, False, "stranger", stranger)


def _takes_part(sender: User, address: str, ticket: Ticket) -> bool:
    """A colleague does once their address is confirmed: anybody can invent one at the domain of an organisation."""
    if sender.pk == ticket.requester_id or ticket.participants.filter(pk=sender.pk).exists():
        return sender.is_active
    return can_follow(sender, ticket) and sender.has_confirmed(address)


def _by_reply_address(mail: ParsedMail, inbound: InboundMail) -> Ticket | None:
    """The envelope decides; headers count only where the source gave no envelope. Two tickets are no evidence."""
    headers = [*mail.delivered_to, *(box.address for box in (*mail.to, *mail.cc))]
    for addresses in (inbound.envelope_to, headers):
        tokens = [token for address in addresses if (token := read_reply_address(address, secret()))]
        tickets = {token.ticket_id for token in tokens}
        if len(tickets) == 1:
            return Ticket.objects.filter(pk=tickets.pop()).select_related("team", "requester").first()
        if tickets:
            return None
    return None


def ticket_answered_by(mail: ParsedMail, sender: User | None) -> Ticket | None:
    """The ticket of the newest known mail that this one refers to; our own ids, which nobody can guess, come first."""
    named = [name[:500] for name in [*mail.in_reply_to, *reversed(mail.references)][:100]]
    claims = defaultdict(list)
    known = MailIdentity.objects.filter(msgid__in=named)
    for claim in known.select_related("ticket__team", "ticket__requester", "message").order_by("id"):
        claims[claim.msgid].append(claim)
    ours = [claim for name in named for claim in claims[name] if claim.ours]
    found = ours or [claim for name in named for claim in _undisputed(claims[name], sender)]
    return found[0].ticket if found else None


def _undisputed(claims: list[MailIdentity], sender: User | None) -> list[MailIdentity]:
    """Anybody can write any id into a mail. Where tickets compete for one, it counts for who wrote that mail alone."""
    if len(claims) > 1:
        claims = [claim for claim in claims if sender and claim.message and claim.message.author_id == sender.pk]
    return claims if len(claims) == 1 else []


def remember(msgid: str, message: Message) -> None:
    """Take the id of a mail for its ticket. Some rivals are enough to know that it proves nothing."""
    claims = MailIdentity.objects.filter(msgid=msgid)
    if msgid and not claims.filter(ticket=message.ticket_id).exists() and claims.count() < MOST_CLAIMS:
        MailIdentity.objects.create(msgid=msgid, ticket_id=message.ticket_id, message=message)
