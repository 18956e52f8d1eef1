"""Are the words of a text the same for everybody, in every script, and bounded?"""

import re
import time
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.kernel.search import identifiers, terms
from sportello.kernel.search.text import _MARKS, MAX_BYTES, MAX_IDENTIFIERS, MAX_TERM_CHARS, MAX_TERMS, fold


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Città, PERCHÉ?", ["citta", "perche"]),
        ("Țară ţară Școală şcoală", ["tara", "tara", "scoala", "scoala"]),
        ("Straße Øre Łódź Ærø œuvre", ["strasse", "ore", "lodz", "aero", "oeuvre"]),
        ("ﬁne ＡＢＣ１２ İstanbul ıssız", ["fine", "abc12", "istanbul", "issiz"]),
        ("Ελλάδα Ёлка", ["ελλαδα", "елка"]),
        ("l’ordine dell'anno don't", ["l", "ordine", "dell", "anno", "don", "t"]),
        ("foo_bar/baz.qux", ["foo", "bar", "baz", "qux"]),
        ("हिन्दी", ["हिन्दी"]),
        ("ana.b@mail.example", ["ana.b@mail.example", "ana", "b", "mail", "example"]),
        ("mailto:ana@mail.example", ["mailto", "ana@mail.example", "ana", "mail", "example"]),
        ("a@b@c", ["a", "b", "c"]),
        ("ORD-00047514", ["ord", "00047514"]),
        ("東京都", ["東京", "京都", "都"]),
        ("中", ["中"]),
        ("がくせい", ["がく", "くせ", "せい", "い"]),
        ("서울시 VPN", ["서울", "울시", "시", "vpn"]),
        ("\0a\x1b[31mb\udc80c", ["a", "31mb", "c"]),
        ("", []),
        (" \n-.@!", []),
    ],
)
def test_words_are_found_without_case_accents_and_marks(text: str, expected: list[str]) -> None:
    assert terms(text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Order ORD-00047514 of 2026/11/23", {"ord00047514", "20261123"}),
        ("Vertrag A17/2026.", {"a172026"}),
        ("INV_12.34", {"inv1234"}),
        ("number 123", set()),
        ("printers everywhere", set()),
        ("john99@example.com", {"john99"}),
        ("3f2504e0-4f89-11d3-9a0c-0305e82c3301", {"3f2504e04f8911d39a0c0305e82c3301"}),
    ],
)
def test_an_identifier_has_a_digit_and_four_characters_without_separators(text: str, expected: set[str]) -> None:
    assert identifiers(text) == expected


@given(st.text())
def test_every_text_has_words_without_spaces_and_quotes(text: str) -> None:
    for term in terms(text):
        assert 0 < len(term) <= MAX_TERM_CHARS
        assert not set(term) & set(" \t\n\r\0\"'\\~#^*():&|!<>")
        assert not any(character.isupper() for character in term if character.isascii())


@given(st.text())
def test_folding_twice_is_folding_once(text: str) -> None:
    assert terms(fold(text)) == terms(text)


TEN_MB = {
    "words": "hello wörld " * 900_000,
    "one word": "a" * 10_000_000,
    "an address without end": "a@" * 5_000_000,
    "accents on accents": "a" + "\u0301\u0316\u093c" * 3_000_000,
    "vowel signs": "e\u093c\u0950" * 3_000_000,
    "Chinese": "東" * 10_000_000,
    "numbers": " ".join(f"ORD-{number:030d}" for number in range(280_000)),
    "dots": "." * 10_000_000,
    "joined letters": "x." * 5_000_000,
    "ligatures of eighteen letters": "\ufdfa" * 3_500_000,
}


@pytest.mark.parametrize("text", TEN_MB.values(), ids=TEN_MB.keys())
def test_ten_megabytes_take_less_than_two_seconds_and_yield_a_bounded_number(text: str) -> None:
    begun = time.process_time()
    found, numbers = terms(text), identifiers(text)
    assert time.process_time() - begun < 2
    assert len(found) <= MAX_TERMS
    assert sum(len(term.encode()) for term in found) <= MAX_BYTES
    assert len(numbers) <= MAX_IDENTIFIERS


def test_no_mark_of_the_scripts_is_missed() -> None:
    marks = [chr(code) for code in range(0x300, 0x1F000) if unicodedata.category(chr(code)) in {"Mn", "Mc"}]
    assert re.fullmatch(f"[{_MARKS}]+", "".join(marks))
