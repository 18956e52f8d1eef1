"""For whom may a mail be handed to this server, and in what form? Letters outside of ASCII need SMTPUTF8 (RFC 6531)."""

from collections.abc import Iterable

from sportello.channels.email import fault_words
from sportello.kernel.addresses import normalise

Answers = dict[str, tuple[int, bytes]]
NO_ADDRESS = (553, f"5.1.3 {fault_words.NO_ADDRESS}".encode())
NOT_HERE = (553, f"5.6.7 {fault_words.NOT_HERE}".encode())


def envelope_of(addresses: Iterable[str], *, utf8: bool) -> tuple[dict[str, str], Answers]:
    """Each address with the form in which the server takes it, and what to say about those that it cannot take."""
    taken: dict[str, str] = {}
    refused: Answers = {}
    for address in addresses:
        usable = normalise(address)
        if usable is None:
            refused[address] = NO_ADDRESS
        elif usable.isascii() or utf8:
            taken[address] = usable
        else:
            refused[address] = NOT_HERE
    return taken, refused
