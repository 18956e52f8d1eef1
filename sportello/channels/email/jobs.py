"""The e-mail channel's work that is done later: read, send, fetch, send a receipt.

Reading has its lane, and what waits for other servers has others: a silent one holds up no mail that came in.
"""

from django_tasks import task

from sportello.channels.email import outbox
from sportello.channels.email.fetching import fetch
from sportello.channels.email.models import InboundMail, Mailbox, OutgoingMail
from sportello.channels.email.sending import send
from sportello.kernel.jobs import enqueue_once
from sportello.tickets.models import Ticket


@task(queue_name="mail")
def read_mail(inbound_id: int) -> None:
    from sportello.channels.email.reading import read_inbound  # the patterns of all quotes: at the first mail

    read_inbound(InboundMail.objects.select_related("raw", "mailbox__team").get(pk=inbound_id))


@task(queue_name="send", max_attempts=30)
def send_mail(outgoing_id: int) -> None:
    send(
        OutgoingMail.objects.select_related("mailbox", "ticket__team", "message__author", "reader").get(pk=outgoing_id)
    )


@task
def send_what_waits(mailbox_id: int) -> None:
    outbox.send_what_waits(Mailbox.objects.get(pk=mailbox_id))


@task
def send_receipt(ticket_id: int) -> None:
    ticket = Ticket.objects.select_related("requester", "team").get(pk=ticket_id)
    if not ticket.outgoing.filter(purpose=OutgoingMail.Purpose.RECEIPT).exists():
        outbox.queue_notice(OutgoingMail.Purpose.RECEIPT, ticket, cause=ticket.messages.first())


@task(queue_name="fetch", max_attempts=1)
def fetch_mailbox(mailbox_id: int) -> None:
    fetch(Mailbox.objects.select_related("team").get(pk=mailbox_id))


@task(max_attempts=1)
def fetch_all() -> None:
    """One job a mailbox, so that a slow server holds up no other."""
    for mailbox_id in Mailbox.objects.read_by_imap().values_list("pk", flat=True):
        enqueue_once(fetch_mailbox, f"fetch-{mailbox_id}", mailbox_id)
