"""How does a mail leave? Composed once, so that each attempt sends the same bytes, and is noted before it is made."""

import smtplib
import ssl
from contextlib import suppress
from datetime import timedelta
from typing import NoReturn

import structlog
from django.utils import timezone
from django.utils.translation import gettext_noop

from sportello.channels.email import fault_words
from sportello.channels.email.composing import Undeliverable
from sportello.channels.email.deliveries import note_failure
from sportello.channels.email.envelope import Answers, envelope_of
from sportello.channels.email.faults import SMTP_FAULTS, smtp_fault
from sportello.channels.email.letters import ascii_letter_of, letter_of
from sportello.channels.email.models import Mailbox, OutgoingMail, Security, SinkMail
from sportello.kernel.addresses import normalise
from sportello.kernel.files import keep, read
from sportello.kernel.jobs import Later
from sportello.kernel.live import publish as tell
from sportello.kernel.models import Blob

TIMEOUT_SECONDS = 60
GIVES_UP_AFTER = timedelta(days=4)
FIRST_DELAY_SECONDS = 60
LONGEST_DELAY_SECONDS = 4 * 3600
PERMANENT = 500
TOO_BIG = 552  # already at MAIL FROM, with the size that was announced (RFC 1870)
NO_MAILBOX = gettext_noop("No mailbox is connected yet")
CUT_SHORT = (451, fault_words.CUT_SHORT.encode())
State = OutgoingMail.State
log = structlog.get_logger(__name__)


class NotNow(Exception):
    """The server may take it later."""


class TurnedAway(NotNow):
    """The server does not let the mailbox in: somebody has to mend its settings, and no mail is to blame."""


def send(mail: OutgoingMail) -> None:
    """Send a queued mail. Raises Later when the server asks for patience.

    What has no mailbox to leave from lies in the sink until there is one.
    """
    rest = mail.mailbox.rests_for if mail.mailbox else 0.0
    if mail.mailbox and rest and mail.state in (State.QUEUED, State.DEFERRED):
        _defer(mail, mail.mailbox.smtp_error, rest)
        return
    attempted = OutgoingMail.objects.filter(
        pk=mail.pk, state__in=[State.QUEUED, State.DEFERRED], attempts=mail.attempts
    ).update(attempts=mail.attempts + 1)
    if not attempted:
        return
    try:
        tried = [address for address in mail.missing if address not in mail.refused]
        answers = _hand_over(mail, _letter(mail), tried)
    except (Undeliverable, UnicodeError) as error:
        note_failure(mail, mail.missing, str(error))
    except NotNow as error:
        if mail.mailbox:
            mail.mailbox.note_sending(error=str(error) if isinstance(error, TurnedAway) else "")
        _defer(mail, str(error))
    else:
        if mail.mailbox is None:
            _settle(mail, State.DEFERRED, NO_MAILBOX)
            return
        mail.mailbox.note_sending()
        _take_stock(mail, tried, answers)


def _take_stock(mail: OutgoingMail, tried: list[str], answers: Answers) -> None:
    """Whoever it was taken for is done with. It is tried again for those alone who may be lucky later."""
    mail.accepted = [*mail.accepted, *(address for address in tried if address not in answers)]
    mail.refused = mail.refused | {who: _said(answer) for who, answer in answers.items() if answer[0] >= PERMANENT}
    OutgoingMail.objects.filter(pk=mail.pk).update(accepted=mail.accepted, refused=mail.refused)
    later = {who: _said(answer) for who, answer in answers.items() if answer[0] < PERMANENT}
    text = "; ".join(f"{who}: {said}" for who, said in (later | mail.refused).items())
    if later:
        _defer(mail, text)
    elif mail.refused:
        note_failure(mail, mail.missing, text)
    else:
        blanked = {"text": ""} if mail.purpose == OutgoingMail.Purpose.ACCOUNT else {}  # it holds a key: a link
        _settle(mail, State.SENT, "", sent_at=timezone.now(), **blanked)


def _letter(mail: OutgoingMail) -> Blob:
    """Composed for the first attempt, the same bytes for all that follow."""
    if mail.raw is None:
        mail.raw = keep(letter_of(mail))
        OutgoingMail.objects.filter(pk=mail.pk).update(raw=mail.raw)
    return mail.raw


def _defer(mail: OutgoingMail, answer: str, delay: float | None = None) -> None:
    """For `delay` seconds, or twice as long each time."""
    if timezone.now() - mail.not_before > GIVES_UP_AFTER:
        note_failure(mail, mail.missing, answer)
        return
    delay = delay or min(FIRST_DELAY_SECONDS * 2**mail.attempts, LONGEST_DELAY_SECONDS)
    _settle(mail, State.DEFERRED, answer, next_try_at=timezone.now() + timedelta(seconds=delay))
    raise Later(delay)


def _settle(mail: OutgoingMail, state: str, answer: str, **columns: object) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, last_answer=answer[:300], **columns)
    if mail.ticket_id:
        tell("ticket", ticket=mail.ticket_id, kinds=["MailMoved"], actor=None)


def _hand_over(mail: OutgoingMail, letter: Blob, to: list[str]) -> Answers:
    """What the server answered for those whom it did not take the mail for."""
    raw = read(letter)
    if mail.mailbox is None or not mail.mailbox.smtp_host:
        SinkMail.objects.get_or_create(
            outgoing=mail, defaults={"raw": letter, "recipients": to, "subject": _subject_in(raw)}
        )
        return {}
    try:
        server = connection_to(mail.mailbox)
    except SMTP_FAULTS as error:
        mail.mailbox.rest()
        raise TurnedAway(_fault(error, mail.mailbox)) from error
    try:
        server.ehlo_or_helo_if_needed()
        taken, refused = envelope_of(to, utf8=server.has_extn("smtputf8"))
        return refused | (_deliver(server, mail, raw, taken) if taken else {})
    except smtplib.SMTPSenderRefused as error:
        return _for_all(to, error) if error.smtp_code == TOO_BIG else _blame_us(error, mail.mailbox)
    except smtplib.SMTPDataError as error:
        return _for_all(to, error)
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(_named(error, mail.mailbox)) from error
    finally:
        _leave(server)


def _deliver(server: smtplib.SMTP, mail: OutgoingMail, raw: bytes, taken: dict[str, str]) -> Answers:
    """One mail for these recipients, each given with its form for the server."""
    options = []
    if not raw.isascii() and server.has_extn("smtputf8"):
        options = ["SMTPUTF8"]
    elif not raw.isascii():
        raw = ascii_letter_of(mail)
    # automatic mail has no return path, so that nothing can answer it (RFC 3834)
    sender = ""
    if mail.is_typed and mail.mailbox:
        sender = normalise(mail.mailbox.address) or ""
    try:
        answers = server.sendmail(sender, list(taken.values()), raw, mail_options=options)
    except smtplib.SMTPRecipientsRefused as error:
        answers = {usable: error.recipients.get(usable, CUT_SHORT) for usable in taken.values()}
    return {address: answers[usable] for address, usable in taken.items() if usable in answers}


def _for_all(to: list[str], error: smtplib.SMTPResponseException) -> Answers:
    return dict.fromkeys(to, (error.smtp_code, _bytes(error.smtp_error)))


def _blame_us(error: smtplib.SMTPSenderRefused, mailbox: Mailbox) -> NoReturn:
    """The server minds who sends, not what is sent."""
    raise (TurnedAway if error.smtp_code >= PERMANENT else NotNow)(_named(error, mailbox)) from error


def connection_to(mailbox: Mailbox) -> smtplib.SMTP:
    """A signed-in connection to the mailbox's SMTP server. Raises SMTP_FAULTS."""
    password = mailbox.smtp_password if mailbox.smtp_user else ""
    context = ssl.create_default_context()
    if mailbox.smtp_security == Security.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mailbox.smtp_host, mailbox.smtp_port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(mailbox.smtp_host, mailbox.smtp_port, timeout=TIMEOUT_SECONDS)
    try:
        if mailbox.smtp_security == Security.STARTTLS:
            server.starttls(context=context)
        if mailbox.smtp_user:
            server.login(mailbox.smtp_user, password)
    except BaseException:
        server.close()
        raise
    return server


def _leave(server: smtplib.SMTP) -> None:
    """Whatever the server answers now, what it took before it took."""
    with suppress(OSError, smtplib.SMTPException):
        server.quit()
    server.close()


def _named(error: Exception, mailbox: Mailbox) -> str:
    """What the server said to the mail, or what became of the conversation."""
    if isinstance(error, smtplib.SMTPResponseException):
        return _said((error.smtp_code, _bytes(error.smtp_error)))
    return _fault(error, mailbox)


def _fault(error: Exception, mailbox: Mailbox) -> str:
    return smtp_fault(error, host=mailbox.smtp_host, port=mailbox.smtp_port).kept()


def _said(answer: tuple[int, bytes]) -> str:
    code, words = answer
    return f"{code} {' '.join(words.decode('utf-8', 'replace').split())}"


def _bytes(words: bytes | str) -> bytes:
    return words.encode() if isinstance(words, str) else words


def _subject_in(raw: bytes) -> str:
    from email import message_from_bytes
    from email.policy import default

    return str(message_from_bytes(raw, policy=default)["Subject"] or "")[:300]
