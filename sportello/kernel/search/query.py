"""What does somebody who types this want to find? Never raises, and never asks more than a bounded question."""

import re
from dataclasses import dataclass, replace

from sportello.kernel.search.text import Piece, is_cjk, pieces

MAX_CHARS = 500
MAX_CLAUSES = 16
MAX_PHRASE = 16
SHORTEST_BEGINNING = 2
SHORT_BEGINNING = 3  # both databases keep these at hand, but not as the end of a phrase

_PART = re.compile(r'(?P<minus>[-−]?)(?:"(?P<phrase>[^"]*)(?:"|$)|(?P<bare>[^\s"]+))')
_QUOTES = str.maketrans(dict.fromkeys("“”„«»", '"'))


@dataclass(frozen=True)
class Clause:
    """Words that follow one another, of which the last may go on if it `begins`; or a fragment of an identifier."""

    words: tuple[str, ...]
    begins: bool = False
    fragment: str = ""


@dataclass(frozen=True)
class Query:
    wanted: tuple[Clause, ...] = ()
    unwanted: tuple[Clause, ...] = ()
    either: bool = False  # one of the wanted is enough


def parse(text: str) -> Query:
    """All words, the last one as a beginning; "exact words" in order; -word to leave out; order numbers by a part."""
    wanted: list[Clause] = []
    unwanted: list[Clause] = []
    last_is_bare = False
    for part in _PART.finditer(text[:MAX_CHARS].translate(_QUOTES)):
        bare = part["bare"] is not None
        clauses = _bare(part["bare"]) if bare else _phrase(part["phrase"])
        if part["minus"]:
            unwanted.extend(clauses)
        elif clauses:
            wanted.extend(clauses)
            last_is_bare = bare
    if last_is_bare:
        wanted[-1:] = _as_beginning(wanted[-1])
    return Query(_first_of(wanted), _first_of(unwanted))


def _first_of(clauses: list[Clause]) -> tuple[Clause, ...]:
    return tuple(dict.fromkeys(clauses))[:MAX_CLAUSES]


def _bare(word: str) -> list[Clause]:
    return [_clause(piece) for piece in pieces(word)]


def _clause(piece: Piece) -> Clause:
    words = tuple(piece.asked[:MAX_PHRASE])
    fragment = piece.identifiers[0] if len(piece.identifiers) == 1 else ""
    return Clause(words, begins="@" in words[-1] or _is_half_a_pair(words[-1]), fragment=fragment)


def _phrase(text: str) -> list[Clause]:
    """The words as they stand in a text. CJK at its end may go on there: the pairs reach over the end."""
    read = list(pieces(text))
    if not read:
        return []
    words = [term for piece in read[:-1] for term in piece.terms]
    words.extend(read[-1].asked if is_cjk(read[-1].terms[0]) else read[-1].terms)
    kept = tuple(words[:MAX_PHRASE])
    return [Clause(kept, begins=_is_half_a_pair(kept[-1]))]


def _as_beginning(clause: Clause) -> list[Clause]:
    *before, last = clause.words
    if len(last) < SHORTEST_BEGINNING or is_cjk(last):
        return [clause]
    if before and len(last) <= SHORT_BEGINNING and not clause.fragment:
        return [replace(clause, words=tuple(before)), Clause((last,), begins=True)]
    return [replace(clause, begins=True)]


def _is_half_a_pair(word: str) -> bool:
    return len(word) == 1 and is_cjk(word)
