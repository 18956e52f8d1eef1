"""Is the way back offered on every page, for as long as it can be gone?"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest
import time_machine
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect

from sportello.ui.fragments import toast, waiting_toasts
from sportello.ui.tests.sketches import Somebody, a_request, shown
from sportello.ui.undoing import MOST, forget

NOW = datetime(2026, 11, 17, 9, tzinfo=UTC)
TEXT, LAST = "Reply to 1012 goes out in 10 seconds", "Reply to 1012 goes out in 1 second"


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as clock:
        yield clock


def said(request: HttpRequest, undo_url: str = "/undo/", *, htmx: bool = False) -> HttpRequest:
    """The next page of a browser that was told of an act with a way back."""
    answer = HttpResponse() if htmx else HttpResponseRedirect("/there/")
    return after(request, toast(request, answer, TEXT, undo_url=undo_url, last_second=LAST))


def after(request: HttpRequest, answer: HttpResponse) -> HttpRequest:
    following = a_request(user=request.user)
    following.COOKIES = request.COOKIES | {name: cookie.value for name, cookie in answer.cookies.items()}
    return following


@pytest.mark.parametrize("htmx", [True, False])
def test_the_way_back_is_there_on_every_page_with_the_seconds_that_are_left(
    clock: time_machine.Traveller, htmx: bool
) -> None:
    request = said(a_request(htmx=htmx), htmx=htmx)
    for moment, words in ((3.5, TEXT.replace("10 ", "7 ")), (9, LAST)):
        clock.move_to(NOW + timedelta(seconds=moment))
        page = shown("{% include 'ui/_toasts.html' %}", after(request, HttpResponse()))
        assert f">{words}<" in page and 'action="/undo/"' in page and 'of="10"' in page
        assert f'seconds="{10 - int(moment)}"' in page
    clock.move_to(NOW + timedelta(seconds=10))
    assert waiting_toasts(request) == []


def test_the_browser_forgets_it_in_time_and_shows_it_to_no_script(clock: time_machine.Traveller) -> None:
    cookie = toast(a_request(), HttpResponse(), TEXT, undo_url="/undo/", seconds=8).cookies["undo"]
    assert (cookie["max-age"], cookie["httponly"], cookie["samesite"]) == (8, True, "Lax")


def test_a_way_back_that_was_gone_is_offered_no_more(clock: time_machine.Traveller) -> None:
    request = said(said(a_request(), "/one/"), "/two/")
    assert [slip["undo_url"] for slip in waiting_toasts(request)] == ["/one/", "/two/"]
    for url, left in (("/one/", ["/two/"]), ("/two/", [])):
        answer = HttpResponse()
        forget(request, answer, url)
        request = after(request, answer)
        assert [slip["undo_url"] for slip in waiting_toasts(request)] == left


def test_only_the_newest_ways_back_fit(clock: time_machine.Traveller) -> None:
    request = a_request()
    for number in range(MOST + 2):
        request = said(request, f"/{number}/")
    assert [slip["undo_url"] for slip in waiting_toasts(request)] == [f"/{n}/" for n in range(2, MOST + 2)]


def test_nobody_goes_back_for_another_and_nothing_forged_is_shown(clock: time_machine.Traveller) -> None:
    request = said(a_request(user=Somebody(pk=7)))
    request.user = Somebody(pk=8)  # type: ignore[assignment]  # a stand-in
    assert waiting_toasts(request) == []
    request.user = Somebody(pk=7)  # type: ignore[assignment]  # a stand-in
    assert len(waiting_toasts(request)) == 1
    request.COOKIES["undo"] += "x"
    assert waiting_toasts(request) == []
