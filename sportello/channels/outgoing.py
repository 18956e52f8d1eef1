"""How do the doors send a mail that a person asked for? A channel registers itself here; e-mail is the first."""

from collections.abc import Callable

Deliverer = Callable[[str, str, str, str], object]
_deliverers: list[Deliverer] = []


def deliver_with(deliverer: Deliverer) -> None:
    """`deliverer(address, subject, text, language)` queues the mail within the current transaction."""
    _deliverers[:] = [deliverer]


def send_account_mail(address: str, subject: str, text: str, language: str) -> None:
    """Queue a mail that its reader asked for: a link to sign in, to confirm an address."""
    for deliverer in _deliverers:
        deliverer(address, subject, text, language)
