"""Does a search still find everything, and by which way, when there are many entries?"""

import json
import re
from collections.abc import Collection
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sportello.kernel.search import forget, index
from sportello.kernel.search.query import Clause, parse
from sportello.kernel.search.text import terms_and_identifiers
from sportello.kernel.tests.searching import continue_at, fill, refs

pytestmark = pytest.mark.django_db

WORDS = ["toner", "ton", "paper", "a1-22", "A1/2234", "ana@mail.example", "mail", "東京都", "京", "è", "x"]
QUERY_PARTS = [*WORDS, '"toner paper"', "-paper", "to", "tone", "2234", "-ton", '"ton', "東", "mail.ex", "1223"]
texts = st.lists(st.sampled_from(WORDS), max_size=5).map(" ".join)
queries = st.lists(st.sampled_from(QUERY_PARTS), min_size=1, max_size=3).map(" ".join)


def holds(text: str, clause: Clause) -> bool:
    """The plainest reading of a clause."""
    words, identifiers = terms_and_identifiers(text)
    if clause.fragment and any(clause.fragment in identifier for identifier in identifiers):
        return True
    *before, last = clause.words
    for at in range(len(words) - len(before)):
        ending = words[at + len(before)]
        if words[at : at + len(before)] == before and (ending.startswith(last) if clause.begins else ending == last):
            return True
    return False


@settings(max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(texts, min_size=1, max_size=6), st.lists(queries, min_size=1, max_size=8))
def test_both_databases_find_what_the_plainest_reading_finds(said: list[str], asked: list[str]) -> None:
    for ref in range(1, 7):
        forget(ref)
    newest_first: list[tuple[int, str]] = []
    for ref, text in enumerate(said, start=1):
        index("message", ref, container=ref, scope=ref % 2, text=text)
        newest_first.insert(0, (ref, text))
    for words in asked:
        query = parse(words)
        expected = [
            ref
            for ref, text in newest_first
            if query.wanted
            and all(holds(text, clause) for clause in query.wanted)
            and not any(holds(text, clause) for clause in query.unwanted)
        ]
        assert refs(words) == expected, words
        assert refs(words, scopes=[1]) == [ref for ref in expected if ref % 2], words


def say(*numbers: int, text: str, scope: int = 1) -> None:
    for number in numbers:
        index("message", number, container=number, scope=scope, text=text)


@pytest.fixture
def _many(django_db_setup: None) -> None:
    """290,000 numbers lie between the oldest and the newest entries, and 6,000 entries at the end."""
    continue_at(100)
    say(1, 2, 3, text="toner and paper ORD-00047514")
    say(4, 5, text="toner secret", scope=2)
    continue_at(290_000)
    say(6, 7, text="toner and ink")
    fill(10_001, 15_000)
    say(8, text="tonic and ink")
    fill(15_001, 16_000)


@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize(
    ("query", "scopes", "found"),
    [
        ("toner", None, [7, 6, 5, 4, 3, 2, 1]),
        ("to", None, [8, 7, 6, 5, 4, 3, 2, 1]),
        ("ton", None, [8, 7, 6, 5, 4, 3, 2, 1]),
        ("toner", [1], [7, 6, 3, 2, 1]),
        ("toner", range(1, 300), [7, 6, 5, 4, 3, 2, 1]),
        ("toner", [3], []),
        ("toner paper", [1, 2], [3, 2, 1]),
        ('"and ink"', [1], [8, 7, 6]),
        ("toner -paper", None, [7, 6, 5, 4]),
        ("47514", [1], [3, 2, 1]),
        ("n10001", None, [10_001]),
        ("n15999 filler", None, [15_999]),
        ("filler secret", None, []),
    ],
)
def test_old_and_rare_texts_are_found_below_many_new_ones(
    query: str, scopes: Collection[int] | None, found: list[int]
) -> None:
    assert refs(query, scopes=scopes) == found


@pytest.mark.usefixtures("_many")
def test_a_common_word_fills_the_limit_with_the_newest() -> None:
    assert refs("filler") == list(range(16_000, 15_800, -1))
    assert refs("filler", limit=1_000) == list(range(16_000, 15_000, -1))
    assert refs("filler", scopes=[9], containers=range(10_001, 10_301)) == list(range(10_300, 10_100, -1))
    assert refs("filler", containers=[*range(10_001, 13_001), 15_900]) == [15_900, *range(13_000, 12_801, -1)]
    assert refs("filler", scopes=[1, 2]) == []


def statement(query: str, *, scopes: Collection[int] | None = None, containers: Collection[int] | None = None) -> str:
    with CaptureQueriesContext(connection) as captured:
        refs(query, scopes=scopes, containers=containers)
    (asked,) = captured.captured_queries
    return asked["sql"].replace("%", "%%")


def explained(asked: str, explain: str) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(f"{explain} {asked}")
        return [row[-1] for row in cursor.fetchall()]


def ways(query: str, **where: Collection[int] | None) -> dict[str, str]:
    """By which index PostgreSQL read each stretch of the entries; those that it did not read are left out."""
    found: dict[str, str] = {}

    def collect(plan: dict[str, Any], stretch: str) -> None:
        stretch = plan.get("Subplan Name", stretch).removeprefix("CTE ")
        if plan.get("Relation Name") == "kernel_searchentry" and "Scan" in plan["Node Type"] and plan["Actual Loops"]:
            inner = [each["Index Name"] for each in plan.get("Plans", []) if "Index Name" in each]
            found[stretch] = plan.get("Index Name") or "+".join(inner)
        for each in plan.get("Plans", []):
            collect(each, stretch)

    (told,) = explained(statement(query, **where), "explain (analyze, timing off, format json)")
    collect((json.loads(told) if isinstance(told, str) else told)[0]["Plan"], "")
    return {stretch: way for stretch, way in found.items() if not stretch.startswith("InitPlan")}


@pytest.mark.only_sqlite
@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("query", ["toner", "filler", "to", "filler n15999", '"toner and"', "filler -toner", "47514"])
@pytest.mark.parametrize("scopes", [None, [1, 2], range(1, 1_000)])
def test_sqlite_walks_the_words_own_list_from_its_end_and_sorts_nothing(
    query: str, scopes: Collection[int] | None
) -> None:
    plan = explained(statement(query, scopes=scopes), "explain query plan")
    words, entries, *_ = plan
    assert re.match(r"SCAN f VIRTUAL TABLE INDEX \d+:.*M", words)
    assert entries == "SEARCH e USING INTEGER PRIMARY KEY (rowid=?)"
    assert not any("TEMP B-TREE FOR ORDER BY" in line for line in plan)


NUMBER, WORDS_INDEX = "kernel_searchentry_pkey", "search_entry_words"


@pytest.mark.only_postgresql
@pytest.mark.usefixtures("_many")
@pytest.mark.parametrize("scopes", [None, [1, 2]])
def test_postgresql_reads_the_newest_rows_and_finds_older_ones_by_the_words_index(
    scopes: Collection[int] | None,
) -> None:
    assert ways("toner", scopes=scopes) == {"newest": NUMBER, "rest": WORDS_INDEX}


@pytest.mark.only_postgresql
@pytest.mark.usefixtures("_many")
def test_postgresql_finds_a_common_word_without_the_words_index() -> None:
    assert ways("filler") == {"newest": NUMBER}


@pytest.mark.only_postgresql
@pytest.mark.usefixtures("_many")
def test_postgresql_reads_on_while_a_word_is_frequent_enough() -> None:
    say(*range(101, 141), text="cable")
    fill(20_001, 21_900)
    assert refs("cable") == list(range(140, 100, -1))
    assert ways("cable") == {"newest": NUMBER, "newer": NUMBER, "near": WORDS_INDEX, "rest": WORDS_INDEX}


@pytest.mark.only_postgresql
@pytest.mark.usefixtures("_many")
def test_postgresql_looks_up_the_words_of_few_containers_at_once() -> None:
    assert ways("filler", containers=[10_001, 10_002]) == {"": "search_entry_container"}


@pytest.mark.usefixtures("_many")
def test_a_search_is_one_statement() -> None:
    for query in ("toner", "filler", "nothing", "to", '"toner and"', "47514"):
        for scopes in (None, [1], [3], range(1, 300)):
            assert statement(query, scopes=scopes)
