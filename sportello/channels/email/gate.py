"""May an automatic mail go to this person now? Every mail that nobody typed passes here (RFC 3834)."""

from datetime import timedelta

from sportello.channels.email.automatic import Kind
from sportello.channels.email.automatic_phrases import NO_REPLY
from sportello.channels.email.models import InboundMail, Mailbox
from sportello.kernel.limits import take
from sportello.people.models import User
from sportello.tickets.models import Message

A_DAY = timedelta(days=1)
MOST_TO_ONE_ADDRESS = 10
MOST_FROM_ONE_MAILBOX = 500


def refusal(*, mailbox: Mailbox | None, to: User, cause: Message | None, typed: bool = False) -> str:
    """Why no mail that is no answer may go there, or an empty string.

    What somebody `typed` is no automatic mail: it is held back from our own addresses only.
    """
    if Mailbox.objects.at([to.address]).exists():
        return "own address"
    return "" if typed else _refusal_of_automatic(mailbox, to, cause)


def _refusal_of_automatic(mailbox: Mailbox | None, to: User, cause: Message | None) -> str:
    if NO_REPLY.search(to.address.partition("@")[0]):
        return "nobody reads that address"
    if cause and cause.is_held:
        return "a machine may have sent it"
    inbound = getattr(cause, "inbound", None) if cause else None
    if inbound and not Kind(inbound.nature).is_answerable:
        return f"the mail was automatic: {inbound.nature}"
    if is_history(cause):
        return "the mail is older than the connection"
    if not take("automatic-mail-to", to.address, limit=MOST_TO_ONE_ADDRESS, per=A_DAY).ok:
        return "enough automatic mail today"
    if (
        mailbox
        and not take("automatic-mail-from", mailbox.address, limit=MOST_FROM_ONE_MAILBOX, per=timedelta(hours=1)).ok
    ):
        return "enough automatic mail from this mailbox this hour"
    return ""


def is_history(message: Message | None) -> bool:
    """Whether it came by import, or by a mail older than the mailbox which received it: nothing automatic follows."""
    inbound = getattr(message, "inbound", None) if message else None
    if inbound is None:
        return False
    return bool(inbound.source == InboundMail.Source.IMPORT or inbound.arrived_at < inbound.mailbox.created_at)
