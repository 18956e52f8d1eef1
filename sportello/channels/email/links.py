"""Where do the links in mails lead? An address of this machine is wrong as soon as mail leaves it."""

from collections.abc import Iterable

from django.conf import settings

from sportello.channels.email.models import Mailbox
from sportello.kernel.networks import opens_here_only


def misled_among(mailboxes: Iterable[Mailbox], address: str = "") -> Mailbox | None:
    """One whose mails leave with links that nobody elsewhere can open; `address` where the links begin otherwise."""
    if not opens_here_only(address or settings.SPORTELLO_URL):
        return None
    return next((mailbox for mailbox in mailboxes if mailbox.smtp_host), None)
