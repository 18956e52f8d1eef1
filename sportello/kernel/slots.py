"""How does a low layer reach the one thing above it that it needs? It keeps a slot, which the higher layer fills."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

Given = TypeVar("Given")


class SlotTaken(Exception):
    """Two would be asked as one; what comes second says first how they share."""


class Slot(Generic[Given]):
    """Holds exactly one, from the start of the program on."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._given: list[Given] = []

    def fill(self, given: Given) -> None:
        """Raises SlotTaken where another one is in it."""
        if self._given and self._given != [given]:
            raise SlotTaken(f"{self.what}: {self._given[0]} is there, and {given} came.")
        self._given = [given]

    @property
    def given(self) -> Given:
        """Raises LookupError before it is filled."""
        if not self._given:
            raise LookupError(f"Nobody has given {self.what}.")
        return self._given[0]

    @contextmanager
    def holding(self, given: Given) -> Iterator[None]:
        """Another one for a while, for tests."""
        before, self._given = self._given, [given]
        try:
            yield
        finally:
            self._given = before
