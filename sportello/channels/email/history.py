"""What becomes of mail from before Sportello? It stays what it is: dated then, done, and nobody is told of it."""

import re

from sportello.channels.email.models import InboundMail, MailIdentity
from sportello.channels.email.parsing import ParsedMail
from sportello.channels.email.threading import by_message_id, ticket_answered_by
from sportello.channels.email.wording import words_of
from sportello.people.models import User
from sportello.tickets import conversation
from sportello.tickets.models import Message, Ticket
from sportello.tickets.words import Status

_FIRM_BEHIND_NAME = re.compile(r"\s*\([^()]*\)$")


def said_by_us(inbound: InboundMail, mail: ParsedMail) -> Message | None:
    """A mail that we sent becomes our side of the request that it answers; None when that is not here."""
    ticket = ticket_answered_by(mail, None)
    if ticket is None:
        return None
    words = words_of(mail, inbound, by_message_id(ticket), mail.guessed_language)
    message = conversation.recall(ticket, words, by=_colleague(mail.from_name), cause={"by": "import"})
    if inbound.msgid:
        MailIdentity.objects.get_or_create(
            msgid=inbound.msgid, ticket=ticket, defaults={"message": message, "ours": True}
        )
    return message


def _colleague(name: str) -> User:
    """The one of the staff who goes by that name, or the system."""
    found: list[User] = list(User.objects.staff().filter(name=_FIRM_BEHIND_NAME.sub("", name).strip() or None)[:2])
    return found[0] if len(found) == 1 else User.objects.system()


def settle(ticket: Ticket, status: str, *, by: User) -> bool:
    """Solve or close, as of its last word, what came by import alone and nobody has touched since."""
    with ticket.held():
        live = ticket.messages.exclude(inbound__source=InboundMail.Source.IMPORT).exists()
        if ticket.status != Status.NEW or ticket.assignee_id or live:
            return False
        with ticket.back_then(ticket.updated_at):
            ticket.solve(by=by, told=True, cause={"by": "import"})
            if status == Status.CLOSED:
                ticket.close(by=by, cause={"by": "import"})
        return True
