"""Which mails leave, and why? Each is a row written in the transaction of its cause."""

from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from sportello.channels.email.addresses import message_id
from sportello.channels.email.gate import refusal
from sportello.channels.email.models import NOBODY, Mailbox, MailIdentity, OutgoingMail, SinkMail
from sportello.kernel.jobs import enqueue_alone, enqueue_first
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
    """Tell the requester something by ourselves, if the gate lets it pass.

    `text` is what a colleague has to say: it is no automatic mail, and the participants read it as they read an answer.
    """
    mailbox = Mailbox.objects.for_ticket(ticket)
    why_not = refusal(mailbox=mailbox, to=ticket.requester, cause=cause, typed=bool(text))
    if why_not:
        log.info("automatic mail held back", ticket=ticket.pk, purpose=purpose, why=why_not)
        return None
    return _queue(
        purpose,
        mailbox,
        ticket=ticket,
        reader=ticket.requester,
        to=[ticket.requester.address],
        cc=list(ticket.participants.values_list("address", flat=True)) if text else [],
        text=text,
        language=ticket.requester.language,
        not_before=not_before,
    )


def queue_account_mail(address: str, subject: str, text: str, language: str) -> OutgoingMail | None:
    """A mail that its reader asked for: a link to sign in, to confirm an address."""
    mailbox = Mailbox.objects.oldest()
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
    enqueue_first(send_mail.using(run_after=mail.not_before), mail.job_key, mail.pk)
    return mail


def send_what_waits(mailbox: Mailbox) -> int:
    """Try at once what waited for a mailbox, or for the mending of this one. Returns how many."""
    from sportello.channels.email.jobs import send_mail

    waiting = OutgoingMail.objects.filter(state=OutgoingMail.State.DEFERRED).select_related("ticket")
    mails = [mail for mail in waiting.filter(Q(mailbox=None) | Q(mailbox=mailbox)) if mail.mailbox_id or _adopt(mail)]
    for mail in mails:
        enqueue_alone(send_mail, mail.job_key, mail.pk)
    return len(mails)


@transaction.atomic
def _adopt(mail: OutgoingMail) -> bool:
    """Let a mail leave from the mailbox that there is by now, composed anew in its name."""
    mailbox = Mailbox.objects.for_ticket(mail.ticket) if mail.ticket else Mailbox.objects.oldest()
    if mailbox is None:
        return False
    before, mail.msgid = mail.msgid, message_id(mailbox.address.partition("@")[2])
    mail.mailbox, mail.raw, mail.attempts, mail.not_before = mailbox, None, 0, timezone.now()
    mail.save(update_fields=["mailbox", "raw", "attempts", "not_before", "msgid"])
    MailIdentity.objects.filter(msgid=before).update(msgid=mail.msgid)
    SinkMail.objects.filter(outgoing=mail).delete()
    return True


def leave_out(ticket: Ticket, person: User) -> None:
    """Take somebody off the copies of mails that still wait."""
    addresses = set(person.addresses.values_list("address", flat=True))
    for mail in OutgoingMail.objects.filter(ticket=ticket, state=OutgoingMail.State.QUEUED, raw=None, attempts=0):
        kept = [address for address in mail.cc if address.lower() not in addresses]
        if kept != mail.cc:
            mail.cc = kept
            mail.save(update_fields=["cc"])


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
