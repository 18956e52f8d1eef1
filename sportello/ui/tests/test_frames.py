"""Do the frames carry what every page needs, for each person and each wish?"""

import re

import pytest
from django.template.loader import render_to_string
from django.utils import translation

from sportello.ui import brand, navigation
from sportello.ui.context import Look
from sportello.ui.tests.sketches import Somebody, a_request

FRAMES = ["ui/desk_frame.html", "ui/portal_frame.html", "ui/account_frame.html"]


@pytest.fixture(autouse=True)
def _nothing_registered(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(navigation, "_places", {})
    monkeypatch.setattr(navigation, "_links", {})
    monkeypatch.setattr(brand, "_finders", [])
    return


urls = pytest.mark.urls("sportello.ui.tests.some_urls")


@pytest.mark.parametrize("frame", FRAMES)
def test_every_frame_has_a_way_past_the_navigation_and_one_main(frame: str) -> None:
    page = render_to_string(frame, {}, a_request())
    assert page.startswith("<!doctype html>")
    assert '<a class="skip" href="#main">' in page
    assert page.count("<main ") == 1
    assert re.search(r'<main [^>]*id="main"', page)
    assert 'role="status" aria-live="polite"' in page


@pytest.mark.parametrize("frame", FRAMES)
def test_nothing_is_inline(frame: str) -> None:
    page = render_to_string(frame, {}, a_request(user=Somebody()))
    assert "<style" not in page
    assert " style=" not in page
    assert not re.search(r"<script(?![^>]*\ssrc=)", page)
    assert not re.search(r"\son\w+=", page)


def test_a_stranger_sees_the_page_as_the_system_wishes() -> None:
    page = render_to_string(FRAMES[1], {}, a_request())
    assert '<html lang="en" dir="ltr" data-density="comfortable">' in page


def test_a_person_sees_the_page_as_they_chose_on_any_browser() -> None:
    request = a_request(user=Somebody(look={"theme": "dark", "density": "compact", "letters": "off"}))
    request.COOKIES["theme"] = "light"
    page = render_to_string(FRAMES[0], {}, request)
    assert 'data-density="compact" data-theme="dark"' in page
    assert 'data-letters="off"' in page


def test_a_browser_remembers_for_a_guest_and_nonsense_is_ignored() -> None:
    request = a_request()
    request.COOKIES.update({"theme": "dark", "density": '"><script>', "panes": "end+start+x"})
    look = Look(request)
    assert (look.theme, look.density, look.hidden_sides) == ("dark", "comfortable", "start end")


def test_the_page_turns_round_for_languages_written_from_the_right() -> None:
    with translation.override("ar"):
        assert '<html lang="ar" dir="rtl"' in render_to_string(FRAMES[1], {}, a_request())


def test_languages_are_called_by_their_own_name() -> None:
    assert [(language.code, language.name) for language in Look().languages] == [
        ("en", "English"),
        ("it", "Italiano"),
        ("ro", "Română"),
    ]


@urls
def test_the_rail_shows_what_one_may_open_and_where_one_is() -> None:
    navigation.register_place(navigation.Place("rules", "Rules", icon="bolt", url_name="rules", order=120))
    navigation.register_place(navigation.Place("inbox", "Inbox", icon="inbox", url_name="inbox", order=10))
    navigation.register_place(
        navigation.Place("secret", "Secret", icon="lock", url_name="secret", allowed=lambda user: user.pk == 1)
    )
    page = render_to_string(FRAMES[0], {}, a_request("/inbox/7/", user=Somebody()))
    assert 'id="rail-inbox" href="/inbox/" aria-current="page"' in page
    assert page.index("rail-inbox") < page.index("rail__space") < page.index("rail-rules")
    assert "rail-secret" not in page


@urls
def test_the_place_deepest_in_the_address_is_where_one_is() -> None:
    navigation.register_place(navigation.Place("inbox", "Inbox", icon="inbox", url_name="inbox", order=10))
    navigation.register_place(navigation.Place("rules", "Rules", icon="bolt", url_name="rules", order=20))
    entries = navigation.places(a_request("/inbox/rules/3/", user=Somebody()))
    assert [(entry.key, entry.current) for entry in entries] == [("inbox", False), ("rules", True)]


@urls
def test_a_phone_keeps_four_places_and_oneself() -> None:
    for number in range(6):
        navigation.register_place(navigation.Place(f"p{number}", "P", icon="star", url_name="inbox", order=number))
    entries = navigation.places(a_request(user=Somebody()))
    assert [entry.wide for entry in entries] == [False] * 4 + [True] * 2


@urls
def test_a_link_that_nobody_registered_is_left_out() -> None:
    assert navigation.link("sign_in") == ""
    assert "Sign in" not in render_to_string(FRAMES[1], {}, a_request())
    navigation.register_link("sign_in", "inbox")
    assert '<a href="/inbox/">Sign in</a>' in render_to_string(FRAMES[1], {}, a_request())


@urls
def test_someone_signed_in_can_leave() -> None:
    navigation.register_link("sign_out", "inbox")
    page = render_to_string(FRAMES[1], {}, a_request(user=Somebody()))
    assert '<form method="post" action="/inbox/" data-forgets>' in page  # what was typed on this computer goes too
    assert "Sign out" in page


@pytest.mark.parametrize("frame", FRAMES)
def test_a_word_of_confirmation_stands_above_the_page(frame: str) -> None:
    """Where no script takes it away it is drawn there, and covers nothing."""
    page = render_to_string(frame, {}, a_request())
    assert page.index('href="#main"') < page.index('id="toasts"') < page.index('id="main"')


def test_who_signs_in_reads_the_firms_name_and_ours_small() -> None:
    brand.register_brand(lambda request: brand.Brand(name="Alba Termica"))
    page = render_to_string(FRAMES[2], {}, a_request())
    assert re.search(r"</svg>\s*Alba Termica</p>", page)
    assert '<p class="door__small">Runs on Sportello</p>' in page
    brand.register_brand(lambda request: brand.OURS)
    page = render_to_string(FRAMES[2], {}, a_request())
    assert re.search(r"</svg>\s*Sportello</p>", page) and "Runs on" not in page


def test_the_firm_stands_above_us() -> None:
    firm = brand.Brand(name="Alba Termica", tagline="Help", footer="Via delle Fornaci 12", stylesheet="/brand.css")
    brand.register_brand(lambda request: firm)
    page = render_to_string(FRAMES[1], {}, a_request())
    assert "Alba Termica <small>Help</small>" in page
    assert '<link rel="stylesheet" href="/brand.css">' in page
    assert "Via delle Fornaci 12" in page
    assert page.count("Sportello") == 1
