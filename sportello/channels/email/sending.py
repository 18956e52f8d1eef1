"""How does a mail leave? Composed once, so that each attempt sends the same bytes, and is noted before it is made."""

import smtplib
import ssl
from datetime import timedelta

import structlog
from django.utils import timezone

from sportello.channels.email.composing import Undeliverable
from sportello.channels.email.letters import letter_of
from sportello.channels.email.models import Mailbox, OutgoingMail, Security, SinkMail
from sportello.kernel.files import keep, read
from sportello.kernel.jobs import Later
from sportello.kernel.live import publish as tell
from sportello.kernel.models import Blob

TIMEOUT_SECONDS = 60
GIVES_UP_AFTER = timedelta(days=4)
FIRST_DELAY_SECONDS = 60
LONGEST_DELAY_SECONDS = 4 * 3600
State = OutgoingMail.State
log = structlog.get_logger(__name__)


class Refused(Exception):
    """The server will never take it."""


class NotNow(Exception):
    """The server may take it later."""


def send(mail: OutgoingMail) -> None:
    """Send a queued mail. Raises Later when the server asks for patience."""
    attempted = OutgoingMail.objects.filter(pk=mail.pk, state__in=[State.QUEUED, State.DEFERRED]).update(
        attempts=mail.attempts + 1
    )
    if not attempted:
        return
    try:
        _hand_over(mail, _letter(mail))
    except (Refused, Undeliverable) as error:
        _settle(mail, State.FAILED, str(error))
    except NotNow as error:
        _defer(mail, str(error))
    else:
        _settle(mail, State.SENT, "", sent_at=timezone.now())


def _letter(mail: OutgoingMail) -> Blob:
    """Composed for the first attempt, the same bytes for all that follow."""
    if mail.raw is None:
        mail.raw = keep(letter_of(mail))
        OutgoingMail.objects.filter(pk=mail.pk).update(raw=mail.raw)
    return mail.raw


def _defer(mail: OutgoingMail, answer: str) -> None:
    if timezone.now() - mail.created_at > GIVES_UP_AFTER:
        _settle(mail, State.FAILED, answer)
        return
    _settle(mail, State.DEFERRED, answer)
    raise Later(min(FIRST_DELAY_SECONDS * 2**mail.attempts, LONGEST_DELAY_SECONDS))


def _settle(mail: OutgoingMail, state: str, answer: str, **columns: object) -> None:
    OutgoingMail.objects.filter(pk=mail.pk).update(state=state, last_answer=answer[:300], **columns)
    if mail.ticket_id:
        tell("ticket", ticket=mail.ticket_id, kind="MailMoved", actor=None)


def _hand_over(mail: OutgoingMail, letter: Blob) -> None:
    raw = read(letter)
    recipients = list(dict.fromkeys([*mail.to, *mail.cc]))
    if mail.mailbox is None or not mail.mailbox.smtp_host:
        SinkMail.objects.get_or_create(
            outgoing=mail, defaults={"raw": letter, "recipients": recipients, "subject": _subject_in(raw)}
        )
        return
    try:
        with connection_to(mail.mailbox) as server:
            # automatic mail has no return path, so that nothing can answer it (RFC 3834)
            sender = mail.mailbox.address if mail.purpose == OutgoingMail.Purpose.REPLY else ""
            server.sendmail(sender, recipients, raw)
    except smtplib.SMTPRecipientsRefused as error:
        answers = list(error.recipients.values())
        text = "; ".join(_answer(code, words) for code, words in answers)
        raise (NotNow if all(code < 500 for code, _words in answers) else Refused)(text) from error
    except smtplib.SMTPResponseException as error:
        text = _answer(error.smtp_code, error.smtp_error)
        raise (Refused if error.smtp_code >= 500 else NotNow)(text) from error
    except (OSError, smtplib.SMTPException) as error:
        raise NotNow(f"{type(error).__name__}: {error}") from error


def connection_to(mailbox: Mailbox) -> smtplib.SMTP:
    """A signed-in connection to the mailbox's SMTP server. Raises OSError or smtplib.SMTPException."""
    context = ssl.create_default_context()
    if mailbox.smtp_security == Security.TLS:
        server: smtplib.SMTP = smtplib.SMTP_SSL(
            mailbox.smtp_host, mailbox.smtp_port, timeout=TIMEOUT_SECONDS, context=context
        )
    else:
        server = smtplib.SMTP(mailbox.smtp_host, mailbox.smtp_port, timeout=TIMEOUT_SECONDS)
        if mailbox.smtp_security == Security.STARTTLS:
            server.starttls(context=context)
    if mailbox.smtp_user:
        server.login(mailbox.smtp_user, mailbox.smtp_password)
    return server


def _answer(code: int, words: bytes | str) -> str:
    text = words.decode("utf-8", "replace") if isinstance(words, bytes) else words
    return f"{code} {' '.join(text.split())}"


def _subject_in(raw: bytes) -> str:
    from email import message_from_bytes
    from email.policy import default

    return str(message_from_bytes(raw, policy=default)["Subject"] or "")[:300]
