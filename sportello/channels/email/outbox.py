"""Which mails leave, and why? Each is a row written in the transaction of its cause."""

from datetime import datetime
from typing import Any

import structlog
from django.utils import timezone

from sportello.channels.email.addresses import message_id
from sportello.channels.email.gate import refusal
from sportello.channels.email.models import NOBODY, Mailbox, MailIdentity, OutgoingMail
from sportello.people.models import User
from sportello.tickets.models import Message, Ticket

log = structlog.get_logger(__name__)
Purpose = OutgoingMail.Purpose


def queue_reply(message: Message) -> OutgoingMail | None:
    """Send a public message to the requester, with the participants in copy: one mail, so that all see each other."""
    ticket = message.ticket
    mailbox = Mailbox.objects.for_ticket(ticket)
    to = message.recipients.get("to") or [ticket.requester.address]
    cc = message.recipients.get("cc")
    if cc is None:
        cc = list(ticket.participants.values_list("address", flat=True))
    ours = Mailbox.objects.among([*to, *cc])
    return _queue(
        Purpose.REPLY,
        mailbox,
        ticket=ticket,
        message=message,
        reader=ticket.requester,
        to=[address for address in to if address not in ours],
        cc=[address for address in cc if address not in ours and address not in to],
        language=ticket.requester.language,
        not_before=message.held_until or timezone.now(),
    )


def queue_notice(
    purpose: str, ticket: Ticket, *, text: str = "", cause: Message | None = None, not_before: datetime | None = None
) -> OutgoingMail | None:
    """Tell the requester something by ourselves, if the gate lets it pass."""
    mailbox = Mailbox.objects.for_ticket(ticket)
    why_not = refusal(mailbox=mailbox, to=ticket.requester, cause=cause)
    if why_not:
        log.info("automatic mail held back", ticket=ticket.pk, purpose=purpose, why=why_not)
        return None
    return _queue(
        purpose,
        mailbox,
        ticket=ticket,
        reader=ticket.requester,
        to=[ticket.requester.address],
        text=text,
        language=ticket.requester.language,
        not_before=not_before,
    )


def queue_account_mail(address: str, subject: str, text: str, language: str) -> OutgoingMail | None:
    """A mail that its reader asked for: a link to sign in, to confirm an address."""
    mailbox = Mailbox.objects.active().order_by("id").first()
    reader = User.objects.at_address(address)
    return _queue(Purpose.ACCOUNT, mailbox, reader=reader, to=[address], subject=subject, text=text, language=language)


def _queue(
    purpose: str, mailbox: Mailbox | None, *, not_before: datetime | None = None, **columns: Any
) -> OutgoingMail | None:
    from sportello.channels.email.jobs import send_mail

    if not columns["to"]:
        return None
    mail = OutgoingMail.objects.create(
        purpose=purpose,
        mailbox=mailbox,
        msgid=message_id((mailbox.address if mailbox else NOBODY).partition("@")[2]),
        not_before=not_before or timezone.now(),
        **columns,
    )
    if mail.ticket_id:
        MailIdentity.objects.create(msgid=mail.msgid, ticket_id=mail.ticket_id, message=mail.message, ours=True)
    send_mail.using(run_after=mail.not_before).enqueue(mail.pk)
    return mail


def cancel(message: Message) -> None:
    """Keep a taken-back reply from leaving."""
    OutgoingMail.objects.filter(message=message, state=OutgoingMail.State.QUEUED).update(
        state=OutgoingMail.State.CANCELLED
    )


def cancel_solved_notices(ticket_id: int) -> None:
    """It is not solved after all: say nothing of the kind, where that has not been said."""
    waiting = OutgoingMail.objects.filter(
        ticket_id=ticket_id, purpose=Purpose.SOLVED, state__in=[OutgoingMail.State.QUEUED, OutgoingMail.State.DEFERRED]
    )
    waiting.update(state=OutgoingMail.State.CANCELLED)
