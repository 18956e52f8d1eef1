"""Does a search find what somebody means, and only where they may look? The same on both databases."""

import pytest
from django.db import transaction

from sportello.kernel.models import SearchEntry
from sportello.kernel.search import Hit, find, forget, index, matching, move
from sportello.kernel.tests.running import Threads
from sportello.kernel.tests.searching import refs

pytestmark = pytest.mark.django_db


def say(*texts: str, scope: int = 1, kind: str = "message") -> None:
    """Texts 1, 2, … of the containers 10, 20, …"""
    for ref, text in enumerate(texts, start=1):
        index(kind, ref, container=ref * 10, scope=scope, text=text)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("printer", [3, 1]),
        ("PRINTER jam", [1]),
        ("jam printer", [1]),
        ("citta", [2]),
        ("Città", [2]),
        ("prin", [3, 1]),
        ("pr", [3, 1]),
        ("p", []),
        ("prin jam", []),
        ("perche", [2]),
        ('"paper jam"', [1]),
        ('"jam paper"', []),
        ('"paper ja"', []),
        ("printer -jam", [3]),
        ('printer -"paper jam"', [3]),
        ('printer -"jam paper"', [3, 1]),
        ("-printer", []),
        ("ana@mail.example", [2]),
        ("ana@ma", [2]),
        ("mail.example", [2]),
        ("bob@mail.example", []),
        ("nothing", []),
        ("l'ufficio", [2]),
        ("offline-pr", [3]),
        ("offline.pr.x", []),
    ],
)
def test_a_search_finds_the_newest_texts_that_hold_all_words(query: str, found: list[int]) -> None:
    say(
        "The printer has a paper jam.",
        "Perché l’ufficio in città? ana@mail.example",
        "Our printer is offline",
    )
    assert refs(query) == found


@pytest.mark.parametrize(
    "query",
    ["ORD-00047514", "ord00047514", "47514", "0047", "7514", "ORD-000475", "#00047514", "A17/2026", "17/20", "a172026"],
)
def test_a_part_of_an_order_number_finds_it(query: str) -> None:
    say("Where is ORD-00047514, see A17/2026?", "Where is my order?")
    assert refs(query) == [1]


@pytest.mark.parametrize("query", ["751", "47515", "ORD-47514", "B17/2026"])
def test_another_number_or_less_than_four_characters_of_one_does_not(query: str) -> None:
    say("Where is ORD-00047514, see A17/2026?", "Where is my order?")
    assert refs(query) == []


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("東京", [1]),
        ("京都", [2, 1]),
        ("東京都", [1]),
        ("東", [1]),
        ("都", [2, 1]),
        ("塔", [1]),
        ("京東", []),
        ("プリンタ", [2]),
        ("서울", [3]),
        ("울시", [3]),
        ('"京都の"', [2, 1]),
    ],
)
def test_chinese_japanese_and_korean_are_found_by_any_part(query: str, found: list[int]) -> None:
    say("東京都の塔", "京都のプリンター", "서울시")
    assert refs(query) == found


def test_a_hit_names_kind_and_ref_and_container() -> None:
    index("article", 7, container=70, scope=0, text="How to replace toner")
    assert find("toner", scopes=[0]) == [Hit(container=70, ref=7, kind="article")]


def test_readers_find_only_what_lies_in_their_scopes() -> None:
    index("message", 1, container=10, scope=1, text="toner")
    index("message", 2, container=20, scope=2, text="toner")
    index("message", 3, container=30, scope=0, text="toner")
    assert refs("toner", scopes=[1]) == [1]
    assert refs("toner", scopes=[2, 0]) == [3, 2]
    assert refs("toner", scopes=None) == [3, 2, 1]
    assert refs("toner", scopes=[]) == []
    assert refs("toner", scopes=[12, 21]) == []
    assert refs("toner", scopes=range(1, 1_000)) == [2, 1]
    assert refs("toner -toner", scopes=[1]) == []


def test_a_search_can_be_narrowed_to_containers_and_kinds() -> None:
    index("message", 1, container=10, scope=1, text="toner")
    index("note", 2, container=10, scope=1, text="toner")
    index("message", 3, container=30, scope=2, text="toner")
    assert refs("toner", containers=[10]) == [2, 1]
    assert refs("toner", containers=[10], kinds=["message"]) == [1]
    assert refs("toner", kinds=["message"]) == [3, 1]
    assert refs("toner", containers=[10, 30], scopes=[2]) == [3]
    assert refs("toner", containers=[]) == []
    assert refs("toner", kinds=[]) == []
    assert refs("toner", containers=range(20, 3_000)) == [3]


def test_nobody_searches_for_the_marks_of_a_scope() -> None:
    index("message", 1, container=10, scope=1, text="toner")
    for query in ("#s1", "s1", '"#s1"', "kmessage", "#kmessage", "#b14.0", "b14"):
        assert refs(query) == [], query


def test_indexing_again_replaces_the_words_and_keeps_the_place() -> None:
    say("toner", "paper", "toner")
    index("message", 1, container=10, scope=1, text="paper")
    assert refs("toner") == [3]
    assert refs("paper") == [2, 1]
    assert SearchEntry.objects.count() == 3


def test_indexing_again_can_change_container_and_scope() -> None:
    say("toner")
    index("message", 1, container=77, scope=5, text="toner")
    assert find("toner", scopes=[5], containers=[77]) == [Hit(77, 1, "message")]
    assert refs("toner", scopes=[1]) == refs("toner", containers=[10]) == []


def test_a_moved_container_is_found_in_its_new_scope_only() -> None:
    say("toner", "toner")
    index("message", 3, container=10, scope=1, text="more toner")
    move(10, 2)
    move(10, 2)
    assert refs("toner", scopes=[2]) == refs("toner", scopes=[*range(2, 500)]) == [3, 1]
    assert refs("toner", scopes=[1]) == [2]
    assert refs('"more toner"', scopes=[2]) == [3]


def test_a_forgotten_container_is_gone_and_its_refs_may_come_back() -> None:
    say("toner", "toner")
    forget(10)
    forget(99)
    assert refs("toner") == [2]
    say("paper")
    assert (refs("toner"), refs("paper")) == ([2], [1])


def test_what_was_rolled_back_is_not_found() -> None:
    say("toner")
    with pytest.raises(RuntimeError), transaction.atomic():
        say("paper", "toner")
        move(10, 4)
        raise RuntimeError
    assert (refs("toner", scopes=[1]), refs("paper"), refs("toner", scopes=[4])) == ([1], [], [])


def test_an_empty_text_is_an_entry_that_moves_and_goes_like_others() -> None:
    say("")
    move(10, 2)
    index("message", 1, container=10, scope=2, text="toner")
    assert refs("toner", scopes=[2]) == [1]


def test_the_newest_come_first_and_no_more_than_asked_for() -> None:
    say(*["toner"] * 20)
    assert refs("toner", limit=3) == [20, 19, 18]
    assert refs("toner", limit=0) == refs("toner", limit=-1) == []
    assert len(refs("toner", limit=10**18)) == 20


@pytest.mark.parametrize("kind", ["", "two words", "#k", "a1", "größe"])
def test_a_kind_is_a_word(kind: str) -> None:
    with pytest.raises(ValueError, match="kind"):
        index(kind, 1, container=1, scope=1, text="x")


BAD_QUERIES = [
    *["(((((", "*", "*toner", "ton*er", '"', '"""', '"toner', "toner\0", "\0", "-", "--", "- -", "AND", "NOT", "OR"],
    *["toner AND", "NEAR(a b)", "a NEAR/2 b", "words : toner", "{words}: x", "^toner", "toner + x", ":*", "a:*b", "!"],
    *["a & | b", "<->", "' or 1=1 --", "'; drop table kernel_searchentry; --", "\\", "\\'", "%", "_", "%s", "%(x)s"],
    *["{}", "\ud800", "\U0010ffff", "e\u0301\u0316" * 100, " ".join(f"t{number}" for number in range(10_000))],
    *["-a " * 500, '"a" ' * 500, "A1-" * 200, "a@" * 300, "東" * 500, "1' 2\" 3`", "\u2028", "toner -*", "№ 1234"],
    "x" * 1_000_000,
]


@pytest.mark.parametrize("query", BAD_QUERIES, ids=range(len(BAD_QUERIES)))
def test_no_query_is_an_error(query: str) -> None:
    """B088, B089."""
    say("toner and paper")
    assert refs(query, scopes=[1]) in ([], [1])


LONG_TEXTS = {
    "different words of four-byte letters": " ".join(
        "".join(chr(0x1E922 + number // 32**place % 32) for place in range(4)) for number in range(40_000)
    ),
    "different words": " ".join(f"{number:05x}zz" for number in range(400_000)),
    "numbers of four-byte letters": " ".join(chr(0x1E922) * 35 + f"{number:05d}" for number in range(9_000)),
    "one word ten million times": "toner " * 1_700_000,
    "Chinese": "".join(chr(0x4E00 + number * 7919 % 20_000) for number in range(400_000)),
    "addresses": " ".join(f"{number}@mail{number}.example" for number in range(100_000)),
}


@pytest.mark.parametrize("text", LONG_TEXTS.values(), ids=LONG_TEXTS.keys())
def test_a_text_of_any_length_can_be_indexed(text: str) -> None:
    index("message", 1, container=10, scope=1, text=f"beginning {text}")
    assert refs("beginning", scopes=[1]) == [1]


@pytest.mark.django_db(transaction=True)
def test_the_same_text_indexed_by_many_at_once_is_one_entry() -> None:
    with Threads() as threads:
        for writer in range(6):
            threads.start(lambda number: index("message", 1, container=10, scope=1, text=f"toner {number}"), writer)
    assert SearchEntry.objects.count() == 1
    assert refs("toner") == [1]
    assert len([number for number in range(6) if refs(f'"toner {number}"')]) == 1


@pytest.mark.django_db
def test_a_larger_question_holds_every_container_that_says_so() -> None:
    for container, text in enumerate(["cold boiler", "cold", "warm", "boiler"], start=1):
        index("note", container, container=container, scope=1, text=text)
    index("note", 9, container=9, scope=2, text="cold boiler")

    def within(query: str, scopes: list[int] | None) -> list[int]:
        found = matching(query, scopes=scopes, kinds=["note"])
        return sorted(SearchEntry.objects.filter(container__in=found).values_list("container", flat=True))

    assert within("cold boiler", [1]) == [1]
    assert within("boil", [1]) == [1, 4]
    assert within("cold -boiler", [1]) == [2]
    assert within("-cold -warm", [1]) == [1, 2, 3]
    assert within("-cold", None) == [1, 2, 9]
    assert within("cold", []) == within("", None) == []
