"""From which network does somebody come, how much of what all share does it hold, and what leads to this machine?"""

from collections import Counter
from dataclasses import dataclass, field
from ipaddress import IPv6Address, IPv6Network, ip_address
from urllib.parse import urlsplit

LOCAL = ("localhost", "127.0.0.1", "::1")


def network_of(given: str) -> str:
    """The address; of IPv6 the /56, which providers give to one line. What is no address is `unknown`."""
    try:
        address = ip_address(given)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address.ipv4_mapped:
            return str(address.ipv4_mapped)
        return str(IPv6Network((address, 56), strict=False))
    return str(address)


@dataclass
class Room:
    """So much of something for all, and no more than so much of it for one network. One event loop counts."""

    most: int
    most_of_one: int
    total: int = 0
    _held: Counter[str] = field(default_factory=Counter)

    def take(self, network: str, amount: int = 1, *, leaving: int = 0) -> bool:
        """Is there room for so much more, with `leaving` still free afterwards? Then it is taken."""
        if not self.has_room(network, amount, leaving=leaving):
            return False
        self.total += amount
        self._held[network] += amount
        return True

    def has_room(self, network: str, amount: int = 1, *, leaving: int = 0) -> bool:
        return self.total + amount <= self.most - leaving and self._held[network] + amount <= self.most_of_one

    def held_by(self, network: str) -> int:
        return self._held[network]  # a Counter keeps no line for a question

    def give_back(self, network: str, amount: int = 1) -> None:
        self.total -= amount
        self._held[network] -= amount
        if not self._held[network]:
            del self._held[network]


def opens_here_only(address: str) -> bool:
    """Whether a URL leads to the machine that follows it."""
    return urlsplit(address).hostname in LOCAL
