"""Which words does a text hold? One tokeniser for both databases, for what is indexed and for what is asked.

Both databases would split, fold and stem differently (PostgreSQL reads ORD-00047514 as a negative number), so they
are only ever given the terms of this module, separated by spaces.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator
from itertools import chain, islice
from typing import NamedTuple

MAX_CHARS = 300_000  # of a text are looked at
MAX_TERMS = 16_000  # PostgreSQL keeps no word position above 16,383
MAX_TERM_CHARS = 64
MAX_BYTES = 250_000  # of terms: PostgreSQL's vector ends at 1 MiB with positions, beginnings and fragments
MAX_IDENTIFIERS = 100
IDENTIFIER_CHARS = (4, 40)

_UNDECOMPOSED = str.maketrans(
    {"ø": "o", "ł": "l", "đ": "d", "ħ": "h", "ŧ": "t", "ı": "i", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ĸ": "k"}
)
# Latin, Greek, Cyrillic accents, Hebrew points, Arabic vowels. Not the voice marks of kana, not Indic vowel signs.
_ACCENTS = (
    r"\u0300-\u036f\u0483-\u0487\u0591-\u05c7\u0610-\u061a\u0640\u064b-\u065f\u0670"
    r"\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff"
)
_CJK = (
    r"\u3005\u3007\u3041-\u3096\u309d-\u309f\u30a1-\u30fa\u30fc-\u30ff\u31f0-\u31ff"  # kana
    r"\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"  # Han
    r"\u1100-\u11ff\uac00-\ud7ff"  # Hangul
)


# without Han, Hangul, private use and other wide stretches that have no marks: this is read at every start
_BLOCKS_WITH_MARKS = (
    range(0x300, 0x3400),
    range(0xA600, 0xAC00),
    range(0xFB00, 0x12000),
    range(0x13400, 0x13500),
    range(0x16A00, 0x17000),
    range(0x1BC00, 0x1F000),
)


def _combining_characters() -> str:
    """All of them as the inside of a regular expression's class. Python's `\\w` leaves them out."""
    runs: list[list[int]] = []
    for code in chain.from_iterable(_BLOCKS_WITH_MARKS):
        if unicodedata.category(chr(code)) in {"Mn", "Mc"}:
            if runs and runs[-1][1] == code - 1:
                runs[-1][1] = code
            else:
                runs.append([code, code])
    return "".join(f"{chr(first)}-{chr(last)}" for first, last in runs)


_MARKS = _combining_characters()
_ACCENT = re.compile(f"[{_ACCENTS}]+")
_LONG_RUN_OF_MARKS = re.compile(f"([{_MARKS}]{{3}})[{_MARKS}]+")  # Unicode sorts such a run in quadratic time
_WORD = rf"(?:[^\W_{_CJK}]|[{_MARKS}])+"
_JOINERS = "-._+@/'’:"
_PIECE = re.compile(rf"(?P<cjk>[{_CJK}][{_CJK}\u3099\u309a]*)|{_WORD}(?:[{_JOINERS}]{_WORD})*")
_JOINER = re.compile(f"[{_JOINERS}]")
_JOINER_OF_ADDRESSES = re.compile("[/'’:]")
_STARTS_WITH_CJK = re.compile(f"[{_CJK}]")


class Piece(NamedTuple):
    """What stands between two spaces: a word, several joined ones such as an address or A17/2026, a run of CJK."""

    terms: list[str]  # what is indexed, in order
    asked: list[str]  # what to look for, as a phrase, when somebody types this
    identifiers: list[str]


def fold(text: str) -> str:
    """Without case, accents and compatibility forms. Hangul and kana stay composed."""
    text = text[:MAX_CHARS]
    if text.isascii():
        return text.lower()
    bounded = _LONG_RUN_OF_MARKS.sub(r"\1", text)
    expanded = unicodedata.normalize("NFKD", bounded)[:MAX_CHARS]  # one ligature may be eighteen letters
    bare = _ACCENT.sub("", expanded)
    return unicodedata.normalize("NFC", bare.casefold().translate(_UNDECOMPOSED))


def pieces(text: str) -> Iterator[Piece]:
    for found in _PIECE.finditer(fold(text)):
        yield _from_cjk(found[0]) if found["cjk"] else _from_words(found[0])


def terms(text: str) -> list[str]:
    """Every word in reading order. An address stands whole and then in parts; CJK stands as overlapping pairs."""
    return list(_bounded(term for piece in pieces(text) for term in piece.terms))


def identifiers(text: str) -> set[str]:
    """What looks like the number of an order: at least four characters, a digit among them, without separators."""
    return set(_first_identifiers(pieces(text)))


def terms_and_identifiers(text: str) -> tuple[list[str], list[str]]:
    """Both in one pass, the identifiers in order of appearance."""
    read = list(islice(pieces(text), MAX_TERMS))
    return list(_bounded(term for piece in read for term in piece.terms)), _first_identifiers(read)


def is_cjk(term: str) -> bool:
    return not term.isascii() and _STARTS_WITH_CJK.match(term) is not None


def _bounded(found: Iterable[str]) -> Iterator[str]:
    size = 0
    for term in islice(found, MAX_TERMS):
        size += len(term) if term.isascii() else len(term.encode())
        if size > MAX_BYTES:
            return
        yield term


def _first_identifiers(read: Iterable[Piece]) -> list[str]:
    unique: dict[str, None] = {}
    for piece in read:
        unique.update(dict.fromkeys(piece.identifiers))
        if len(unique) >= MAX_IDENTIFIERS:
            break
    return list(unique)[:MAX_IDENTIFIERS]


def _from_cjk(run: str) -> Piece:
    """Pairs, and the last character alone: so a single one is found as the beginning of a pair, wherever it stands."""
    run = run[: MAX_TERMS + 1]
    pairs = [run[at : at + 2] for at in range(len(run) - 1)]
    return Piece(terms=[*pairs, run[-1]], asked=pairs or [run], identifiers=[])


def _from_words(joined: str) -> Piece:
    if joined.isalpha():  # by far the most
        return Piece([joined[:MAX_TERM_CHARS]], [joined[:MAX_TERM_CHARS]], [])
    found: list[str] = []
    words: list[str] = []
    address = ""
    for part in _JOINER_OF_ADDRESSES.split(joined):
        if part.count("@") == 1:
            address = part[:MAX_TERM_CHARS]
            found.append(address)
        split = [word[:MAX_TERM_CHARS] for word in _JOINER.split(part)]
        words.extend(split)
        found.extend(split)
    whole = "" if "@" in joined else _JOINER.sub("", joined)
    numbers = [whole] if _is_identifier(whole) else [word for word in words if _is_identifier(word)]
    return Piece(terms=found, asked=[address] if address else words, identifiers=numbers)


def _is_identifier(word: str) -> bool:
    shortest, longest = IDENTIFIER_CHARS
    return shortest <= len(word) <= longest and any(character.isdigit() for character in word)
