"""What becomes of a mail that was taken in? It joins a ticket, opens one, marks a delivery, or waits in quarantine."""

import hashlib
from dataclasses import replace

import structlog
from django.conf import settings
from django.db import transaction
from django.utils.translation import gettext_noop

from sportello.channels.email._defects import UNSURE_SENDER
from sportello.channels.email.automatic import Kind, Nature, classify
from sportello.channels.email.deliveries import note_bounce
from sportello.channels.email.history import said_by_us
from sportello.channels.email.models import InboundMail, Mailbox, OutgoingMail
from sportello.channels.email.parser_process import parse_safely
from sportello.channels.email.parsing import ParsedMail, Unparseable
from sportello.channels.email.querysets import LEFT_OUT, plain
from sportello.channels.email.threading import Evidence, evidence_in, remember
from sportello.channels.email.wording import words_of
from sportello.kernel.files import read
from sportello.people.models import User
from sportello.people.models.user import is_of_the_system
from sportello.tickets import conversation, intake
from sportello.tickets.conversation import Words
from sportello.tickets.models import Message, Ticket
from sportello.tickets.models.ticket import Cause
from sportello.tickets.words import MOST_ADDRESSES, Channel

State = InboundMail.State
log = structlog.get_logger(__name__)


def read_inbound(inbound: InboundMail) -> None:
    """Read one mail. Reading it twice is reading it once; a mail that cannot be read waits in quarantine.

    So does one on which we fail ourselves, and the error goes on.
    """
    if inbound.state not in (State.RECEIVED, State.QUARANTINED):
        return
    try:
        _read(inbound)
    except Unparseable as error:
        _hold(inbound, error.reason)
    except Exception as error:
        _hold(inbound, f"{type(error).__name__}: {error}")
        raise


def _read(inbound: InboundMail) -> None:
    mail = parse_safely(read(inbound.raw), most_bytes=settings.MAIL_LIMIT_BYTES)
    with transaction.atomic():
        locked = InboundMail.objects.select_for_update().select_related("mailbox__team").get(pk=inbound.pk)
        if locked.state in (State.RECEIVED, State.QUARANTINED):
            _place(locked, mail)


def _hold(inbound: InboundMail, reason: str) -> None:
    """Keep it visible in quarantine, with its reason."""
    InboundMail.objects.filter(pk=inbound.pk).update(state=State.QUARANTINED, reason=reason[:300])


def _place(inbound: InboundMail, mail: ParsedMail) -> None:
    nature = classify(_as_delivered(inbound, mail), set(Mailbox.objects.values_list("address", flat=True)))
    inbound.nature = nature.kind
    inbound.sender, inbound.subject = mail.from_address[:254], mail.subject[:300]
    inbound.msgid = (mail.message_id or "")[:500]
    inbound.body_hash = _content_hash(mail)
    if _is_known(inbound):
        inbound.state, inbound.reason = State.DUPLICATE, gettext_noop("The same mail is here already")
    elif nature.kind == Kind.OWN_MAIL and inbound.source == InboundMail.Source.IMPORT:
        inbound.message = said_by_us(inbound, mail)
        inbound.state = State.DONE
        inbound.reason = "" if inbound.message else gettext_noop("We wrote it, but on no request that is here")
    elif nature.kind == Kind.OWN_MAIL:
        inbound.state, inbound.reason = State.QUARANTINED, gettext_noop("It says that it comes from ourselves")
    elif nature.kind in (Kind.BOUNCE, Kind.DELIVERY_DELAY):
        _note_delivery(inbound, nature)
    else:
        inbound.message = _say(inbound, mail, nature)
        inbound.state, inbound.reason = State.DONE, ""
    inbound.save(update_fields=["nature", "sender", "subject", "msgid", "body_hash", "state", "reason", "message"])


def _as_delivered(inbound: InboundMail, mail: ParsedMail) -> ParsedMail:
    """With the Return-Path that the last server writes (RFC 5321 4.4): for what came by our own door, that is us."""
    sender = inbound.envelope_from.strip("<>")
    if inbound.source != InboundMail.Source.SMTP or not inbound.envelope_from:
        return mail
    return replace(mail, headers={**mail.headers, "return-path": (f"<{sender}>",)})


def _content_hash(mail: ParsedMail) -> str:
    copied = [box.address for box in (*mail.to, *mail.cc)]
    parts = [mail.subject, mail.text, mail.html or "", *copied, *(a.filename for a in mail.attachments)]
    digest = hashlib.sha256("\0".join(parts).encode("utf-8", "replace"))
    for attachment in mail.attachments:
        digest.update(attachment.content)
    return digest.hexdigest()


def _is_known(inbound: InboundMail) -> bool:
    """Of one sender, with one Message-ID, content and mailbox: fetched twice, not said twice. Ids are easily copied."""
    if not inbound.msgid:
        return False
    same = InboundMail.objects.filter(
        mailbox=inbound.mailbox,
        sender=inbound.sender,
        msgid=inbound.msgid,
        body_hash=inbound.body_hash,
        state=State.DONE,
    )
    return same.exclude(pk=inbound.pk).exclude(LEFT_OUT).exists()


def _note_delivery(inbound: InboundMail, nature: Nature) -> None:
    """A bounce counts only if it returns a Message-ID of ours and names a recipient of that mail."""
    sent = OutgoingMail.objects.filter(msgid=nature.original_message_id or "").first()
    ours = {address.lower(): address for address in sent.recipients} if sent else {}
    failures = [failure for failure in nature.failures if failure.recipient.lower() in ours]
    if sent is None or (nature.failures and not failures):
        old = inbound.source == InboundMail.Source.IMPORT
        inbound.state = State.DONE if old else State.QUARANTINED
        inbound.reason = gettext_noop("It reports a failed delivery, but of no mail of ours")
        return
    inbound.state, inbound.reason = State.DONE, gettext_noop("It reports on a mail of ours")
    if nature.kind == Kind.BOUNCE:
        said = {ours[f.recipient.lower()]: f"{f.status} {f.diagnostic}".strip() for f in failures}
        note_bounce(sent, said or dict.fromkeys(sent.recipients, nature.reason))


def _say(inbound: InboundMail, mail: ParsedMail, nature: Nature) -> Message:
    language = mail.guessed_language
    sender = _sender(inbound, mail, language)
    evidence = evidence_in(mail, inbound, None if UNSURE_SENDER & set(mail.defects) else sender)
    words = words_of(mail, inbound, evidence, language)
    cause = {"by": "mail", "reason": evidence.code, "nature": str(nature.kind)}
    wakes = nature.reopens and words.at is None
    message = _joined(evidence, words, sender, cause, wakes=wakes) or _opened(inbound, mail, words, sender, cause)
    remember(inbound.msgid, message)
    return message


def _sender(inbound: InboundMail, mail: ParsedMail, language: str) -> User:
    """The person behind the From address; a mail without one, or under our inner name, is from an unknown sender."""
    address = mail.from_address or (mail.sender.address if mail.sender else "")
    if not address or is_of_the_system(address):
        address = f"unknown-{inbound.pk}@sender.invalid"
    return User.objects.at_address_or_new(address[:254], mail.from_name, language)


def _joined(evidence: Evidence, words: Words, sender: User, cause: Cause, *, wakes: bool) -> Message | None:
    if evidence.ticket is None or not evidence.joins:
        return None
    if not wakes:  # kept where it belongs, but it wakes nobody and opens nothing
        return conversation.receive(evidence.ticket, words, by=sender, channel=Channel.EMAIL, wakes=False, cause=cause)
    return intake.answer(evidence.ticket, words, by=sender, channel=Channel.EMAIL, cause=cause)


def _opened(inbound: InboundMail, mail: ParsedMail, words: Words, sender: User, cause: Cause) -> Message:
    ticket = intake.open_ticket(
        intake.NewTicket(subject=mail.subject, requester=sender, team=inbound.mailbox.team, words=words), cause=cause
    )
    with ticket.back_then(words.at):
        _add_copies(ticket, mail, sender, cause)
    return ticket.messages.earliest("id")


def _add_copies(ticket: Ticket, mail: ParsedMail, sender: User, cause: Cause) -> None:
    """Those in To and Cc take part from the first mail on; our own addresses never."""
    ours = set(Mailbox.objects.values_list("address", flat=True))
    named = [box for box in (*mail.to, *mail.cc) if box.address and not is_of_the_system(box.address)]
    others = [box for box in named if plain(box.address) not in ours]
    names = {box.address: box.name for box in others[:MOST_ADDRESSES]}
    people = User.objects.at_addresses_or_new(names)
    for address in names:
        ticket.add_participant(people[address], by=sender, cause=cause)
