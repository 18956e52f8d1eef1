"""Do the small pieces of markup say what they should, in few characters?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.utils import timezone, translation

from sportello.ui.templatetags.ui import hue_of, initials, size_of
from sportello.ui.tests.sketches import Somebody, shown

NOON = datetime(2026, 11, 17, 12, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _at_noon_in_rome() -> Iterator[None]:
    with time_machine.travel(NOON, tick=False), timezone.override("Europe/Rome"):
        yield


def test_an_icon_is_hidden_from_readers_unless_it_has_a_label() -> None:
    assert shown('{% icon "mail" %}') == (
        '<svg class="icon" aria-hidden="true"><use href="/static/ui/icons/sprite.svg#icon-mail"/></svg>'
    )
    spoken = shown('{% icon "mail" "icon--sm" label="E-mail & more" %}')
    assert 'class="icon icon--sm" role="img" aria-label="E-mail &amp; more"' in spoken


def test_a_person_keeps_the_same_hue_for_ever() -> None:
    assert shown("{% avatar person %}", person=Somebody(pk=7)) == (
        f'<span class="avatar" data-hue="{hue_of(7)}" role="img" aria-label="Marta Rinaldi" '
        f'title="Marta Rinaldi">MR</span>'
    )
    assert {hue_of(key) for key in range(200)} == set(range(1, 9))


def test_nobody_is_a_dashed_ring_with_a_word() -> None:
    nobody = shown('{% avatar None label="Unassigned" %}')
    assert nobody == '<span class="avatar avatar--none" role="img" aria-label="Unassigned" title="Unassigned"></span>'


def test_an_avatar_beside_a_name_is_decoration() -> None:
    assert 'aria-hidden="true">MR<' in shown("{% avatar person 'lg' decorative=True %}", person=Somebody())


def test_names_are_escaped() -> None:
    assert "<b>" not in shown("{% avatar person %}", person=Somebody(name="<b>x</b> y"))


@pytest.mark.parametrize(
    ("name", "letters"),
    [
        ("Andrei Munteanu", "AM"),
        ("Maria del Carmen Ruiz", "MR"),
        ("reception@hotel-carpatica.example", "RE"),
        ("Ștefan", "ȘT"),
        ("(Support) Marta", "SM"),
        ("田中 由紀", "田由"),
        ("…", "?"),
    ],
)
def test_initials_are_two_letters_at_most(name: str, letters: str) -> None:
    assert initials(name) == letters


@pytest.mark.parametrize(
    ("ago", "short", "words"),
    [
        (timedelta(seconds=59), "now", "just now"),
        (timedelta(seconds=-30), "now", "just now"),
        (timedelta(minutes=6, seconds=59), "6m", "6 min ago"),
        (timedelta(hours=3, minutes=50), "3h", "3 h ago"),
        (timedelta(days=6, hours=23), "6d", "6 d ago"),
    ],
)
def test_lists_say_how_long_ago_and_keep_it_current(ago: timedelta, short: str, words: str) -> None:
    assert ' data-relative="short" datetime="2026-11-1' in shown("{% when moment %}", moment=NOON - ago)
    assert f">{short}</time>" in shown("{% when moment %}", moment=NOON - ago)
    assert f">{words}</time>" in shown("{% since moment %}", moment=NOON - ago)


def test_the_exact_time_is_in_the_zone_and_language_of_the_reader() -> None:
    assert shown('{% when moment "ticket-row__time" %}', moment=NOON - timedelta(hours=2)) == (
        '<time class="ticket-row__time" data-relative="short" datetime="2026-11-17T11:00:00+01:00" '
        'title="17 November 2026, 11:00">2h</time>'
    )
    with translation.override("it"), timezone.override("America/New_York"):
        assert 'title="17 novembre 2026, 05:00"' in shown("{% when moment %}", moment=NOON - timedelta(hours=2))


def test_after_a_week_the_date_is_shown_and_stands_still() -> None:
    old = shown("{% when moment %}", moment=NOON - timedelta(days=8))
    assert ">9 Nov</time>" in old
    assert "data-relative" not in old
    assert ">17 Nov 2025</time>" in shown("{% since moment %}", moment=NOON - timedelta(days=365))


def test_a_day_says_the_year_unless_it_is_this_one() -> None:
    assert ">30 Nov</time>" in shown("{% day moment %}", moment=NOON.replace(day=30))
    assert ">17 Nov 2027</time>" in shown("{% day moment %}", moment=NOON.replace(year=2027))


def test_a_clock_says_the_date_unless_it_is_today() -> None:
    assert ">12:18</time>" in shown("{% at moment %}", moment=NOON.replace(hour=11, minute=18))
    assert ">16 Nov, 23:30</time>" in shown("{% at moment %}", moment=NOON.replace(day=16, hour=22, minute=30))


def test_no_moment_shows_nothing() -> None:
    assert shown("{% when moment %}{% since moment %}{% at moment %}{% day moment %}", moment=None) == ""


@pytest.mark.parametrize(
    ("count", "text"),
    [
        (0, "0 bytes"),
        (1, "1 byte"),
        (1023, "1023 bytes"),
        (86_016, "84 KB"),
        (1_258_291, "1.2 MB"),
        (20 * 1024 * 1024, "20 MB"),
        (1000 * 1024, "1.0 MB"),
        (None, "0 bytes"),
    ],
)
def test_sizes_are_short(count: int | None, text: str) -> None:
    assert size_of(count) == text


def test_sizes_follow_the_language() -> None:
    with translation.override("it"):
        assert size_of(1_258_291) == "1,2 MB"
