"""How is a mailbox made and changed, and do its servers let us in?"""

import smtplib
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from imapclient.exceptions import IMAPClientError

from sportello.channels.email import fetching, sending
from sportello.channels.email.models import Mailbox
from sportello.kernel.addresses import usable_address
from sportello.kernel.rows import put


@dataclass(frozen=True)
class Step:
    """One server that was tried; `error` is what went wrong, or nothing."""

    protocol: str
    error: str


def keep_mailbox(
    mailbox: Mailbox | None, *, smtp_password: str = "", imap_password: str = "", **columns: Any
) -> Mailbox:
    """Make one, or change what is given; an empty password keeps the old one. Raises ValidationError, by field."""
    kept = mailbox or Mailbox()
    if "address" in columns:
        columns["address"] = _checked(columns["address"])
    kept.keep_passwords(smtp=smtp_password, imap=imap_password)
    put(kept, **columns, smtp_sealed=kept.smtp_sealed, imap_sealed=kept.imap_sealed)
    return kept


def _checked(text: str) -> str:
    address = usable_address(text)
    if address is None:
        raise ValidationError({"address": _("Write the address like name@example.com.")})
    return address


def try_servers(mailbox: Mailbox) -> list[Step]:
    """Sign in to each server that is set, and change nothing there."""
    steps = []
    if mailbox.imap_host:
        steps.append(Step("imap", _tried_imap(mailbox)))
    if mailbox.smtp_host:
        steps.append(Step("smtp", _tried_smtp(mailbox)))
    return steps


def _tried_imap(mailbox: Mailbox) -> str:
    try:
        with fetching.connection_to(mailbox) as server:
            server.select_folder(mailbox.imap_folder, readonly=True)
    except (OSError, IMAPClientError) as error:
        return str(error)[:300] or type(error).__name__
    return ""


def _tried_smtp(mailbox: Mailbox) -> str:
    try:
        with sending.connection_to(mailbox) as server:
            server.noop()
    except (OSError, smtplib.SMTPException) as error:
        return str(error)[:300] or type(error).__name__
    return ""
