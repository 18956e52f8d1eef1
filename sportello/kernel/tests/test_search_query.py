"""Is everything that somebody may type understood, or left out, and never too much?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sportello.kernel.search.query import MAX_CLAUSES, MAX_PHRASE, Clause, Query, parse


def asked(*clauses: Clause) -> Query:
    return Query(wanted=clauses)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("paper jam", asked(Clause(("paper",)), Clause(("jam",), begins=True))),
        ("a", asked(Clause(("a",)))),
        ('"paper jam"', asked(Clause(("paper", "jam")))),
        ("“paper jam” now", asked(Clause(("paper", "jam")), Clause(("now",), begins=True))),
        ('"paper jam', asked(Clause(("paper", "jam")))),
        ("jam -paper", Query((Clause(("jam",), begins=True),), (Clause(("paper",)),))),
        ('jam -"red paper"', Query((Clause(("jam",), begins=True),), (Clause(("red", "paper")),))),
        ("jam jam", asked(Clause(("jam",)), Clause(("jam",), begins=True))),
        ("-paper", Query((), (Clause(("paper",)),))),
        ("l'ordine", asked(Clause(("l", "ordine"), begins=True))),
        ("foo-pr", asked(Clause(("foo",)), Clause(("pr",), begins=True))),
        ("ana@mail.example old", asked(Clause(("ana@mail.example",), begins=True), Clause(("old",), begins=True))),
        ("A17/2026", asked(Clause(("a17", "2026"), begins=True, fragment="a172026"))),
        ("00047 x", asked(Clause(("00047",), fragment="00047"), Clause(("x",)))),
        ("東", asked(Clause(("東",), begins=True))),
        ("東京都", asked(Clause(("東京", "京都")))),
        ('"都 vpn 東"', asked(Clause(("都", "vpn", "東"), begins=True))),
        ("", asked()),
        ("*", asked()),
        ('""', asked()),
        ("((((((", asked()),
        ("\0", asked()),
    ],
)
def test_a_query_is_read_as_a_person_means_it(text: str, expected: Query) -> None:
    assert parse(text) == expected


@given(st.text(alphabet=st.sampled_from(list("ab \"-'@.1東é*():&|!<>\\\0%_;#~^")), max_size=60) | st.text())
def test_no_query_is_an_error_and_none_asks_too_much(text: str) -> None:
    query = parse(text)
    for clauses in (query.wanted, query.unwanted):
        assert len(clauses) <= MAX_CLAUSES
        assert all(0 < len(clause.words) <= MAX_PHRASE for clause in clauses)


def test_ten_thousand_words_ask_for_the_first_sixteen() -> None:
    query = parse(" ".join(f"w{number}" for number in range(10_000)))
    assert len(query.wanted) == MAX_CLAUSES
