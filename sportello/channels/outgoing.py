"""How do the doors send a mail that a person asked for? By the one channel that carries such mail: e-mail."""

from collections.abc import Callable

from sportello.kernel.slots import Slot

Deliverer = Callable[[str, str, str, str], object]
deliverer: Slot[Deliverer] = Slot("what carries a mail about an account")


def deliver_with(queue: Deliverer) -> None:
    """`queue(address, subject, text, language)` does so within the current transaction."""
    deliverer.fill(queue)


def send_account_mail(address: str, subject: str, text: str, language: str) -> None:
    """Queue a mail that its reader asked for: a link to sign in, to confirm an address."""
    deliverer.given(address, subject, text, language)
