"""What does a mail of ours say? Subject, words, links, addresses: from the row in the outbox to bytes."""

import re
from collections.abc import Collection, Sequence
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from sportello.channels.email.addresses import reply_address
from sportello.channels.email.composing import Enclosure, Letter, Undeliverable, answer_subject, compose
from sportello.channels.email.envelope import envelope_of
from sportello.channels.email.models import NOBODY, MailIdentity, OutgoingMail
from sportello.channels.email.threading import secret
from sportello.kernel.files import read
from sportello.kernel.html import from_text
from sportello.people.models import User
from sportello.people.models.brand import Brand
from sportello.people.zones import zone_named
from sportello.tickets.conversation import solution_by
from sportello.tickets.links import follow_link
from sportello.tickets.models import Message, Ticket
from sportello.tickets.words import Channel, MessageKind

MOST_REFERENCES = 20
QUOTED_CHARACTERS = 4000
Purpose = OutgoingMail.Purpose
_LOOKS_LIKE_A_LINK = re.compile(r"://|www\.|\.\w+/", re.IGNORECASE)


def ascii_letter_of(mail: OutgoingMail) -> bytes:
    """The mail for a server without SMTPUTF8: whom it cannot reach is not named in it either. Raises Undeliverable."""
    raw = letter_of(mail, leave_out=envelope_of([*mail.to, *mail.cc], utf8=False)[1])
    if not raw.isascii():
        why = gettext_noop("The server sends nothing from an address like this")
        raise Undeliverable(f"{mail.mailbox.address}: {why}" if mail.mailbox else why)
    return raw


def letter_of(mail: OutgoingMail, *, leave_out: Collection[str] = ()) -> bytes:
    """The mail as it goes on the wire, in its reader's language and time zone."""
    zone = zone_named(mail.reader.time_zone if mail.reader else Brand.current().time_zone)
    with translation.override(mail.language or settings.LANGUAGE_CODE), timezone.override(zone):
        subject, text, html = _content(mail)
    answered, chain = _chain(mail)
    author = mail.message.author.first_name if mail.message and mail.message.author.name else ""
    name, address = (mail.mailbox.name, mail.mailbox.address) if mail.mailbox else (Brand.current().name, NOBODY)
    return compose(
        Letter(
            from_name=f"{author} ({name})" if author else name,
            from_address=address,
            to=[one for one in mail.to if one not in leave_out],
            cc=[one for one in mail.cc if one not in leave_out],
            reply_to=_reply_to(mail, address),
            subject=subject,
            text=text,
            html=html,
            msgid=mail.msgid,
            in_reply_to=answered,
            references=chain,
            enclosures=_enclosures(mail.message),
            automatic=not mail.is_typed,
            language=mail.language,
        )
    )


def _content(mail: OutgoingMail) -> tuple[str, str, str]:
    if mail.purpose == Purpose.ACCOUNT:
        return mail.subject, mail.text, _page(from_text(mail.text))
    ticket = mail.ticket
    assert ticket is not None
    solved = solution_by(mail.message) if mail.message else None
    context: dict[str, Any] = {
        "ticket": ticket,
        "solved": solved,
        "reader": mail.reader,
        "firm": Brand.current().name,
        "note": solved.note if solved else mail.text,
        "link": _link(mail),
        "message": mail.message,
        "signature": ticket.team.signature,
        "quoted": _quoted(mail),
    }
    if mail.purpose == Purpose.RECEIPT and _may_be_forged(ticket):
        context["is_fixed"] = True
        subject = _("We have your request [#%(number)s]") % {"number": ticket.pk}
    else:
        subject = answer_subject(ticket.subject, ticket.pk)
    plain = render_to_string(f"email/{mail.purpose}.txt", context).strip() + "\n"
    context["words"] = mail.message.html or from_text(mail.message.text) if mail.message else from_text(mail.text)
    return subject, plain, _page(render_to_string(f"email/{mail.purpose}.html", context))


def _may_be_forged(ticket: Ticket) -> bool:
    """Whether somebody may have given a victim's address as theirs: then none of their words go there."""
    if ticket.channel != Channel.EMAIL:
        return ticket.channel == Channel.FORM
    if _LOOKS_LIKE_A_LINK.search(f"{ticket.subject} {ticket.requester.name}"):
        return True
    theirs = Message.objects.filter(ticket__requester=ticket.requester, incoming=0, kind=MessageKind.PUBLIC)
    return not ticket.requester.addresses.filter(verified_at__isnull=False).exists() and not theirs.exists()


def _link(mail: OutgoingMail) -> str:
    """Whoever holds it reads and answers as its reader, so that it goes only where nobody else gets the mail."""
    addresses = [*mail.to, *mail.cc]
    if mail.ticket is None or mail.reader is None or len(addresses) != 1:
        return ""
    return follow_link(mail.ticket, mail.reader) if User.objects.at_address(addresses[0]) == mail.reader else ""


def _page(body: str) -> str:
    return render_to_string("email/page.html", {"body": body})


def _quoted(mail: OutgoingMail) -> Message | None:
    """The customer's words that are answered."""
    if not mail.message:
        return None
    said = Message.objects.filter(ticket=mail.ticket, incoming=1, kind=MessageKind.PUBLIC, pk__lt=mail.message.pk)
    last = said.select_related("author").order_by("-pk").first()
    if last:
        last.text = last.text[:QUOTED_CHARACTERS]
    return last


def _reply_to(mail: OutgoingMail, ours: str) -> str:
    """A signed address, so that the answer finds its ticket whatever becomes of the other headers."""
    if mail.ticket is None or mail.reader is None:
        return ours
    return reply_address(ours, mail.ticket.pk, mail.reader.pk, secret())


def _chain(mail: OutgoingMail) -> tuple[str, Sequence[str]]:
    """The customer's last Message-ID, and the whole chain, oldest first."""
    if mail.ticket is None:
        return "", []
    left = Q(message=None) | Q(message__withdrawn_at=None)
    earlier = MailIdentity.objects.filter(left, ticket=mail.ticket).exclude(msgid=mail.msgid).order_by("id")
    known = list(earlier.values_list("msgid", "ours"))
    theirs = [msgid for msgid, ours in known if not ours]
    chain = [msgid for msgid, _ours in known]
    if len(chain) > MOST_REFERENCES:
        chain = [chain[0], *chain[-(MOST_REFERENCES - 1) :]]
    return (theirs or chain or [""])[-1], chain


def _enclosures(message: Message | None) -> list[Enclosure]:
    if message is None:
        return []
    return [
        Enclosure(file.name, file.content_type, read(file.blob), content_id=file.content_id if file.inline else "")
        for file in message.attachments.select_related("blob")
    ]
