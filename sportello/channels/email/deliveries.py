"""How far is each mail that carries a message, in words for agents, and how is it tried again?"""

from collections.abc import Collection

from django.db import transaction
from django.utils import timezone

from sportello.channels.delivery import Delivery
from sportello.channels.email.models import OutgoingMail
from sportello.tickets.models import Message

State = OutgoingMail.State


def states_of(messages: Collection[Message]) -> dict[int, Delivery]:
    mails = OutgoingMail.objects.filter(message__in=[m.pk for m in messages if not m.incoming]).order_by("id")
    return {
        mail.message_id: Delivery(mail.pk, mail.state, str(State(mail.state).label), mail.last_answer, _concerned(mail))
        for mail in mails
        if mail.message_id
    }


def _concerned(mail: OutgoingMail) -> list[str]:
    """Where it is stuck, those who do not have it."""
    return mail.missing if mail.state in (State.FAILED, State.DEFERRED) else mail.recipients


@transaction.atomic
def try_again(mail: OutgoingMail) -> bool:
    """Queue a failed or deferred mail again, for those who do not have it. False when it has left meanwhile."""
    from sportello.channels.email.jobs import send_mail

    again = OutgoingMail.objects.filter(pk=mail.pk, state__in=[State.FAILED, State.DEFERRED]).update(
        state=State.QUEUED, attempts=0, refused={}, not_before=timezone.now()
    )
    if again:
        send_mail.enqueue(mail.pk)
    return bool(again)


@transaction.atomic
def give_up(mail: OutgoingMail) -> bool:
    """Stop trying to send it. False when it has left meanwhile."""
    return bool(
        OutgoingMail.objects.filter(pk=mail.pk, state__in=[State.QUEUED, State.DEFERRED, State.FAILED]).update(
            state=State.CANCELLED
        )
    )
