"""Does a mailbox reach its servers? Signs in to each, and changes nothing there."""

from sportello.channels.email import fetching, sending
from sportello.channels.email.faults import IMAP_FAULTS, SMTP_FAULTS, imap_fault, smtp_fault
from sportello.channels.email.models import Mailbox


def tried_imap(box: Mailbox) -> str:
    """What is in the way of reading, in sentences, or nothing."""
    try:
        with fetching.connection_to(box) as server:
            fetching.open_folder(server, box)
    except IMAP_FAULTS as error:
        return str(imap_fault(error))
    return ""


def tried_smtp(box: Mailbox) -> str:
    """What is in the way of sending, in sentences, or nothing."""
    try:
        with sending.connection_to(box) as server:
            server.noop()
    except SMTP_FAULTS as error:
        return str(smtp_fault(error))
    return ""
