"""How far is each mail that carries a message, in words for agents, and how is it tried again or given up?"""

from collections.abc import Collection
from contextlib import nullcontext
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import structlog
from django.db import transaction
from django.db.models import Exists, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from sportello.channels.delivery import Delivery
from sportello.channels.email.models import Mailbox, OutgoingMail
from sportello.kernel.jobs import enqueue_alone
from sportello.people.models import User
from sportello.tickets.events import DeliveryEvent, DeliveryFailed, DeliveryGivenUp, DeliveryRetried
from sportello.tickets.models import Message, Ticket

State = OutgoingMail.State
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Notice:
    """A mail that carries no message: it says how the ticket was solved, and is written along with that fact."""

    pk: int
    at: datetime
    delivery: Delivery


def states_of(messages: Collection[Message]) -> dict[int, Delivery]:
    return _carrying(messages, Q())[0]


def states_in(ticket: Ticket, messages: Collection[Message]) -> tuple[dict[int, Delivery], list[Notice]]:
    """By message id; and the mails that tell how it was solved. One query."""
    return _carrying(messages, Q(ticket=ticket, message=None, purpose=OutgoingMail.Purpose.SOLVED))


def _carrying(messages: Collection[Message], besides: Q) -> tuple[dict[int, Delivery], list[Notice]]:
    """Of the mails with our messages by message id, and those besides, which have none."""
    ours = {message.pk: message for message in messages if not message.incoming}
    mails = list(OutgoingMail.objects.filter(Q(message__in=list(ours)) | besides).order_by("id"))
    by_message = {mail.message_id: _delivery(mail, ours[mail.message_id]) for mail in mails if mail.message_id}
    notices = [Notice(mail.pk, mail.created_at, _delivery(mail, None)) for mail in mails if mail.message_id is None]
    return by_message, notices


def _delivery(mail: OutgoingMail, message: Message | None) -> Delivery:
    leaves = mail.mailbox_id is not None
    return Delivery(mail.state, _label(mail, message), mail.answer, _concerned(mail), leaves=leaves)


def with_mailbox(tickets: QuerySet[Ticket]) -> QuerySet[Ticket]:
    """Each knows as `mail_can_leave` whether there is a mailbox to write from."""
    return tickets.annotate(mail_can_leave=Exists(Mailbox.objects.active()))


def mail_can_leave() -> bool:
    """Whether there is a mailbox to write from."""
    return Mailbox.objects.active().exists()


def _concerned(mail: OutgoingMail) -> list[str]:
    """Where it is stuck or was stopped, those who do not have it."""
    return mail.missing if mail.state in (State.FAILED, State.DEFERRED, State.CANCELLED) else mail.recipients


def _label(mail: OutgoingMail, message: Message | None) -> str:
    """A mail that was stopped without its writer's doing is not taken back."""
    if mail.state == State.CANCELLED and message and message.withdrawn_at is None:
        return _("Not sent")
    return str(State(mail.state).label)


@transaction.atomic
def try_again(mail: OutgoingMail, *, by: User) -> bool:
    """Queue a failed or deferred mail again, for those who do not have it. False when it has left meanwhile."""
    from sportello.channels.email.jobs import send_mail

    stuck = (State.FAILED, State.DEFERRED)
    columns = {"state": State.QUEUED, "attempts": 0, "refused": {}, "not_before": timezone.now()}
    again = _moved(mail, stuck, DeliveryRetried, by, **columns)
    if again:
        Mailbox.objects.filter(outgoing=mail).update(smtp_rests_until=None)
        enqueue_alone(send_mail, mail.job_key, mail.pk)
    return again


@transaction.atomic
def give_up(mail: OutgoingMail, *, by: User) -> bool:
    """Stop trying to send it. False when it has left meanwhile."""
    return _moved(mail, (State.QUEUED, State.DEFERRED, State.FAILED), DeliveryGivenUp, by, state=State.CANCELLED)


@transaction.atomic
def note_failure(mail: OutgoingMail, recipients: list[str], answer: str) -> None:
    """Nobody tries any longer: keep in the row and on the timeline whom it did not reach, and why."""
    OutgoingMail.objects.filter(pk=mail.pk).update(state=State.FAILED, last_answer=answer[:300])
    if mail.ticket is None:
        return
    with mail.ticket.held() as ticket:
        system = User.objects.system()
        fact = DeliveryFailed(ticket.pk, system.pk, message_id=mail.message_id, recipients=recipients)
        ticket.record(fact, system, cause={"by": "delivery", "answer": answer[:300]})


@transaction.atomic
def note_bounce(mail: OutgoingMail, answers: dict[str, str]) -> None:
    """It came back from these recipients of it after all. Whoever has refused it already is no news."""
    answers = {address: answer for address, answer in answers.items() if address not in mail.refused}
    if not answers:
        return
    done = mail.recipients if mail.state == State.SENT else mail.accepted
    mail.accepted = [address for address in done if address not in answers]
    mail.refused = mail.refused | answers
    mail.save(update_fields=["accepted", "refused"])
    answer = "; ".join(f"{address}: {said}" for address, said in answers.items())
    if mail.state == State.DEFERRED:  # then there are others whom it is still tried for
        OutgoingMail.objects.filter(pk=mail.pk).update(last_answer=answer[:300])
    else:
        note_failure(mail, list(answers), answer)


def _moved(mail: OutgoingMail, states: Collection[str], fact: type[DeliveryEvent], by: User, **columns: Any) -> bool:
    """Change the row if it is in one of the states, and keep who did so and on which answer of the server."""
    with mail.ticket.held() if mail.ticket else nullcontext() as ticket:
        before = OutgoingMail.objects.get(pk=mail.pk)
        if not OutgoingMail.objects.filter(pk=mail.pk, state__in=states).update(**columns):
            return False
        if ticket is None:
            log.info("somebody decided about a mail", mail=mail.pk, fact=fact.kind, by=by.pk, answer=before.last_answer)
            return True
        what = fact(ticket.pk, by.pk, message_id=before.message_id, recipients=_concerned(before))
        ticket.record(what, by, cause={"by": "delivery", "state": before.state, "answer": before.last_answer})
        return True
