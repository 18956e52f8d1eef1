"""How is a mailbox made and changed, and do its servers let us in?"""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sportello.channels.email.jobs import send_what_waits
from sportello.channels.email.models import Mailbox
from sportello.channels.email.trials import tried_imap, tried_smtp
from sportello.kernel.addresses import usable_address
from sportello.kernel.rows import fill, put

PROTOCOLS = ("smtp", "imap")


@dataclass(frozen=True)
class Step:
    """One server that was tried; `error` says what failed and what to do, or nothing."""

    protocol: str
    error: str


def keep_mailbox(
    mailbox: Mailbox | None, *, smtp_password: str = "", imap_password: str = "", **columns: Any
) -> Mailbox:
    """Make one, or change what is given, and send what waited for it. Raises ValidationError, by field.

    An empty password keeps the old one, unless it would go to another server or under another name: then it is dropped.
    """
    kept = mailbox or Mailbox()
    if "address" in columns:
        columns["address"] = _checked(columns["address"])
    _take_passwords(kept, smtp_password=smtp_password, imap_password=imap_password, **columns)
    put(kept, **columns, smtp_sealed=kept.smtp_sealed, imap_sealed=kept.imap_sealed, smtp_rests_until=None)
    send_what_waits.enqueue(kept.pk)
    return kept


def as_it_would_be(
    mailbox: Mailbox | None, *, smtp_password: str = "", imap_password: str = "", **columns: Any
) -> Mailbox:
    """What `keep_mailbox` would keep, not written, so that its servers can be tried before."""
    typed = mailbox or Mailbox()
    _take_passwords(typed, smtp_password=smtp_password, imap_password=imap_password, **columns)
    fill(typed, **columns)
    return typed


def _take_passwords(mailbox: Mailbox, *, smtp_password: str = "", imap_password: str = "", **columns: Any) -> None:
    """Seal what is given into the row (not saved yet), and drop what was given for another server or name.

    A stored password is for the server that it was given for, under the name and the security that it was given with.
    """
    before = Mailbox.objects.filter(pk=mailbox.pk).first()
    for protocol in PROTOCOLS:
        names = [f"{protocol}_{part}" for part in ("host", "port", "security", "user")]
        if before and any(name in columns and columns[name] != vars(before)[name] for name in names):
            setattr(mailbox, f"{protocol}_sealed", "")
    mailbox.keep_passwords(smtp=smtp_password, imap=imap_password)


def _checked(text: str) -> str:
    address = usable_address(text)
    if address is None:
        raise ValidationError({"address": _("Write the address like name@example.com.")})
    return address


def try_servers(mailbox: Mailbox) -> list[Step]:
    """Sign in to each server that is set, and change nothing there."""
    steps = []
    if mailbox.imap_host:
        steps.append(Step("imap", tried_imap(mailbox)))
    if mailbox.smtp_host:
        steps.append(Step("smtp", tried_smtp(mailbox)))
    return steps
