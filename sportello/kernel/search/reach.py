"""Where does an entry lie, and where may somebody look?"""

from collections.abc import Collection
from dataclasses import dataclass
from typing import NamedTuple

from sportello.kernel.search.words import kind_mark, scope_mark


@dataclass(frozen=True)
class Entry:
    kind: str
    ref: int
    container: int
    scope: int

    def marks(self) -> list[str]:
        return [scope_mark(self.scope), kind_mark(self.kind)]


class Hit(NamedTuple):
    container: int
    ref: int
    kind: str


@dataclass(frozen=True)
class Limits:
    """One column may only hold these values. Most have a mark in the index; containers are too many for that."""

    column: str
    values: list[int] | list[str]
    marks: list[str]


@dataclass(frozen=True)
class Reach:
    """Where to look; `None` is everywhere."""

    scopes: Collection[int] | None = None
    containers: Collection[int] | None = None
    kinds: Collection[str] | None = None

    def limits(self) -> list[Limits]:
        found = []
        if self.scopes is not None:
            found.append(Limits("scope", list(self.scopes), [scope_mark(scope) for scope in self.scopes]))
        if self.containers is not None:
            found.append(Limits("container", list(self.containers), []))
        if self.kinds is not None:
            found.append(Limits("kind", list(self.kinds), [kind_mark(kind) for kind in self.kinds]))
        return found
