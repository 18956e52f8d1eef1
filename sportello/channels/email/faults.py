"""Which fault is it that a mailbox's server, or the way there, shows?"""

import smtplib
import socket
import ssl

from imapclient.exceptions import IMAPClientError, LoginError

from sportello.channels.email.fault_words import LONGEST, Fault
from sportello.kernel.secrets import Unsealable

IMAP_FAULTS = (OSError, UnicodeError, IMAPClientError, Unsealable)  # what reading can raise
SMTP_FAULTS = (OSError, UnicodeError, smtplib.SMTPException, Unsealable)  # what signing in to send can raise
_BY_KIND: dict[type[OSError], str] = {
    ssl.SSLError: "encryption",
    TimeoutError: "silent",
    ConnectionRefusedError: "closed",
    ConnectionError: "hung-up",
}


class NoFolder(IMAPClientError):  # type: ignore[misc]  # the library has no types
    """The server lets us in, but does not open the folder."""


def imap_fault(error: Exception) -> Fault:
    """For IMAP_FAULTS."""
    return Fault(*_imap(error))


def smtp_fault(error: Exception, *, host: str = "", port: int = 0) -> Fault:
    """For SMTP_FAULTS."""
    return Fault(*_smtp(error), host, port)


def _imap(error: Exception) -> tuple[str, str]:
    if isinstance(error, NoFolder):
        return "folder", _words(error)
    if isinstance(error, LoginError):
        return "login", _words(error)
    if isinstance(error, (OSError, UnicodeError, Unsealable)):
        return _not_connected(error)
    return "protocol", _words(error)


def _smtp(error: Exception) -> tuple[str, str]:
    if isinstance(error, smtplib.SMTPAuthenticationError):
        return "login", _answer(error)
    if isinstance(error, smtplib.SMTPResponseException) and not 200 <= error.smtp_code < 600:
        return "kind", _words_only(error)
    if isinstance(error, smtplib.SMTPResponseException):
        return "refused", _answer(error)
    if isinstance(error, smtplib.SMTPServerDisconnected):
        return "hung-up", ""
    if isinstance(error, smtplib.SMTPException):
        return "protocol", _words(error)
    return _not_connected(error)


def _not_connected(error: Exception) -> tuple[str, str]:
    if isinstance(error, Unsealable):
        return "sealed", ""
    if isinstance(error, ssl.SSLCertVerificationError):
        return "certificate", error.verify_message
    if isinstance(error, (socket.gaierror, UnicodeError)):
        return "name", ""
    for kind, code in _BY_KIND.items():
        if isinstance(error, kind):
            return code, ""
    return "unreachable", str(getattr(error, "strerror", None) or "")


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
