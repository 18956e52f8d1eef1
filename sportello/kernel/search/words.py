"""What is written into the index for one entry, beside the words of its text?

Marks say where the entry belongs, so that a search by scope intersects lists of the index in place of reading rows.
Fragments are an identifier from each of its characters on: "a part of an order number" is then a beginning like any
other, in the same index and statement on both databases, with no trigram extension.
"""

from dataclasses import dataclass
from typing import Self

from sportello.kernel.search.text import IDENTIFIER_CHARS, terms_and_identifiers

FRAGMENT = "~"  # no term begins with one of these characters


@dataclass(frozen=True)
class Words:
    """In order of the text, and the fragments of the identifiers in it."""

    terms: list[str]
    fragments: list[str]

    @classmethod
    def of(cls, text: str) -> Self:
        terms, identifiers = terms_and_identifiers(text)
        return cls(terms, [part for identifier in identifiers for part in _fragments(identifier)])


def kind_mark(kind: str) -> str:
    return f"#k{kind}"


def scope_mark(scope: int) -> str:
    return f"#s{scope}"


def _fragments(identifier: str) -> list[str]:
    shortest, _ = IDENTIFIER_CHARS
    return [FRAGMENT + identifier[at:] for at in range(len(identifier) - shortest + 1)]
