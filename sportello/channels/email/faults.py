"""What does a fault of a mailbox's server mean? What failed, what the server answered, and what helps."""

import smtplib
import socket
import ssl

from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from imapclient.exceptions import IMAPClientError, LoginError

from sportello.kernel.secrets import Unsealable

LONGEST = 300
IMAP_FAULTS = (OSError, UnicodeError, IMAPClientError, Unsealable)  # what reading can raise
SMTP_FAULTS = (OSError, UnicodeError, smtplib.SMTPException, Unsealable)  # what signing in to send can raise
SEALED = gettext_noop("The stored password was sealed with another key")
SEALED_MEND = gettext_noop(
    "Add the old key to SPORTELLO_SEAL_KEYS (the old secret key, if there was no other), or type the password anew."
)


class NoFolder(IMAPClientError):  # type: ignore[misc]  # the library has no types
    """The server lets us in, but does not open the folder."""


def imap_fault(error: Exception) -> str:
    """For IMAP_FAULTS."""
    if isinstance(error, NoFolder):
        mend = _("Check the name of the folder; INBOX is always there.")
        return _said(_("The folder cannot be opened"), _words(error), mend)
    if isinstance(error, LoginError):
        return _not_signed_in(_words(error))
    if isinstance(error, (OSError, UnicodeError, Unsealable)):
        return _not_connected(error)
    return _said(_("The server does not do what is asked"), _words(error), _security_mend())


def smtp_fault(error: Exception) -> str:
    """For SMTP_FAULTS."""
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return _not_signed_in(_answer(error))
    if isinstance(error, smtplib.SMTPResponseException) and not 200 <= error.smtp_code < 600:
        return _said(_("What answers is no server for sending"), _words_only(error), _security_mend())
    if isinstance(error, smtplib.SMTPResponseException):
        return _said(_("The server refuses the connection"), _answer(error), _("Ask whoever runs the server."))
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return _hung_up()
    if isinstance(error, smtplib.SMTPException):
        return _said(_("The server does not do what is asked"), _words(error), _security_mend())
    return _not_connected(error)


def _said(failed: str, answer: str = "", mend: str = "") -> str:
    if answer:
        return _("%(failed)s. The server said: %(answer)s. %(mend)s") % {
            "failed": failed,
            "answer": answer.rstrip("."),
            "mend": mend,
        }
    return f"{failed}. {mend}"


def _not_signed_in(answer: str) -> str:
    mend = _("Check user and password. Many providers want a password made for programs only.")
    return _said(_("Signing in is refused"), answer, mend)


def _not_connected(error: Exception) -> str:
    if isinstance(error, Unsealable):
        return _said(_(SEALED), mend=_(SEALED_MEND))
    if isinstance(error, ssl.SSLCertVerificationError):
        mend = _("Use the server's name as it stands in its certificate, or have the certificate renewed.")
        return _said(_("The server's certificate is not trusted"), error.verify_message, mend)
    if isinstance(error, ssl.SSLError):
        return _said(_("No encrypted connection comes about"), mend=_security_mend())
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return _said(_("No server has this name"), mend=_("Check the name of the server for a typing mistake."))
    if isinstance(error, TimeoutError):
        mend = _("Check server and port, and whether a firewall is between.")
        return _said(_("The server does not answer in time"), mend=mend)
    if isinstance(error, ConnectionRefusedError):
        return _said(_("Nothing listens on this port of the server"), mend=_("Check server and port."))
    if isinstance(error, ConnectionError):
        return _hung_up()
    return _said(
        _("The server cannot be reached"), str(getattr(error, "strerror", None) or ""), _("Check server and port.")
    )


def _hung_up() -> str:
    return _said(_("The server hangs up"), mend=_security_mend())


def _security_mend() -> str:
    return _("Check port and security together: 993 and 465 go with TLS, 143 and 587 with STARTTLS.")


def _answer(error: smtplib.SMTPResponseException) -> str:
    return f"{error.smtp_code} {_words_only(error)}"[:LONGEST]


def _words_only(error: smtplib.SMTPResponseException) -> str:
    text = error.smtp_error
    said = text.decode("utf-8", "replace") if isinstance(text, bytes) else str(text)
    return " ".join(said.split())[:LONGEST]


def _words(error: Exception) -> str:
    """What the server said: the libraries pass it on as text, as bytes, or as the text of bytes."""
    first = error.args[0] if error.args else ""
    said = first.decode("utf-8", "replace") if isinstance(first, bytes) else str(first)
    if said[:2] in ("b'", 'b"'):
        said = said[2:-1]
    return " ".join(said.split())[:LONGEST]
