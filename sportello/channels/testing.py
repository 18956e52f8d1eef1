"""Which mails would have left? For the tests of those who ask for one."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import NamedTuple

from sportello.channels import outgoing


class Letter(NamedTuple):
    address: str
    subject: str
    text: str
    language: str

    @property
    def link(self) -> str:
        """The path of the one link in it."""
        (found,) = re.findall(r"https?://[^/\s]+(/\S*)", self.text)
        return str(found)


@contextmanager
def collected_letters() -> Iterator[list[Letter]]:
    """In place of the channel that carries account mails."""
    letters: list[Letter] = []
    with outgoing.deliverer.holding(lambda *letter: letters.append(Letter(*letter))):
        yield letters
