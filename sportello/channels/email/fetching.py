"""How is a mailbox read by IMAP? By UIDVALIDITY and UID, never by the read flag; nothing there is changed."""

import ssl
from datetime import UTC
from typing import Any

import structlog
from django.utils.translation import gettext_noop
from imapclient import IMAPClient
from imapclient.exceptions import IMAPClientError

from sportello.channels.email.faults import IMAP_FAULTS, NoFolder, imap_fault
from sportello.channels.email.models import InboundMail, Mailbox, Security
from sportello.channels.email.reception import Arrival, take_in

TIMEOUT_SECONDS = 60
LEASE_SECONDS = 300
log = structlog.get_logger(__name__)


def fetch(mailbox: Mailbox) -> int:
    """Take in what is new. Returns how many; a failing server is noted on the mailbox and tried again next time."""
    if not mailbox.lease(LEASE_SECONDS):
        return 0
    error = ""
    taken = 0
    try:
        with connection_to(mailbox) as server:
            taken = _take_new(server, mailbox)
    except IMAP_FAULTS as problem:
        error = imap_fault(problem).kept()
        log.warning("mailbox cannot be read", mailbox=mailbox.address, error=error)
    except Exception:
        error = gettext_noop("A fault of the program stops the reading. What it logs says which.")
        raise
    finally:
        mailbox.release(error=error)
    return taken


def connection_to(mailbox: Mailbox) -> IMAPClient:
    """A signed-in connection. Raises IMAP_FAULTS."""
    password = mailbox.imap_password
    tls = mailbox.imap_security == Security.TLS
    context = ssl.create_default_context()
    server = IMAPClient(
        mailbox.imap_host,
        mailbox.imap_port,
        ssl=tls,
        ssl_context=context if tls else None,
        timeout=TIMEOUT_SECONDS,
        use_uid=True,
    )
    try:
        if mailbox.imap_security == Security.STARTTLS:
            server.starttls(ssl_context=context)
        server.login(mailbox.imap_user, password)
    except IMAP_FAULTS:
        server.shutdown()
        raise
    return server


def open_folder(server: IMAPClient, mailbox: Mailbox) -> dict[bytes, Any]:
    """What the server says of the folder. Raises NoFolder where it does not open it."""
    try:
        return dict(server.select_folder(mailbox.imap_folder, readonly=True))
    except IMAPClientError as error:
        raise NoFolder(*error.args) from error


def _take_new(server: IMAPClient, mailbox: Mailbox) -> int:
    folder = open_folder(server, mailbox)
    validity = int(folder[b"UIDVALIDITY"])
    if mailbox.imap_uidvalidity != validity:
        # the server numbers anew: every mail is looked at again, and known ones are recognised by their content
        _note_progress(mailbox, validity, 0)
    new = sorted(uid for uid in server.search(["UID", f"{mailbox.imap_last_uid + 1}:*"]) if uid > mailbox.imap_last_uid)
    for uid in new:
        _take_one(server, mailbox, uid)
        _note_progress(mailbox, validity, uid)
    return len(new)


def _take_one(server: IMAPClient, mailbox: Mailbox, uid: int) -> None:
    found: dict[bytes, Any] = server.fetch([uid], ["BODY.PEEK[]", "INTERNALDATE"]).get(uid, {})
    raw = found.get(b"BODY[]")
    if raw is None:  # somebody moved it between the search and now
        return
    arrived = found.get(b"INTERNALDATE")
    take_in(
        mailbox,
        Arrival(
            raw=raw,
            source=InboundMail.Source.IMAP,
            source_key=f"{mailbox.imap_uidvalidity}:{uid}",
            arrived_at=arrived.astimezone(UTC) if arrived else None,
        ),
    )


def _note_progress(mailbox: Mailbox, validity: int, uid: int) -> None:
    mailbox.imap_uidvalidity, mailbox.imap_last_uid = validity, uid
    mailbox.save(update_fields=["imap_uidvalidity", "imap_last_uid"])
