"""Do several partials leave in one answer, and does a word of confirmation arrive?"""

import pytest
from django.http import HttpResponse, HttpResponseRedirect

from sportello.ui.fragments import fragments, is_fragment, toast, waiting_toasts
from sportello.ui.tests.sketches import Somebody, a_request, shown, the_next

ROOTED = "ui/_empty.html"  # has an id when it is given one


def test_the_first_partial_is_for_the_target_and_the_others_find_their_place() -> None:
    answer = fragments(a_request(htmx=True, target="row"), ROOTED, ROOTED, id="pane", title="Nothing")
    first, _split, second = answer.content.decode().partition("</div>")
    assert first.startswith('<div class="empty" id="pane">')
    assert 'id="pane" hx-swap-oob="true"' not in first
    assert '<div hx-swap-oob="true" class="empty" id="pane">' in second


def test_what_a_toast_asks_for_has_no_target() -> None:
    answer = fragments(a_request(htmx=True, target="toasts"), ROOTED, id="pane", title="Nothing")
    assert answer.content.decode().count('hx-swap-oob="true"') == 1


def test_a_partial_without_an_id_cannot_find_its_place() -> None:
    with pytest.raises(ValueError, match="one root element with an id"):
        fragments(a_request(htmx=True), ROOTED, ROOTED, title="Nothing")


def test_only_htmx_gets_a_fragment() -> None:
    assert is_fragment(a_request(htmx=True))
    assert not is_fragment(a_request())


def test_a_toast_joins_the_fragment() -> None:
    request = a_request(htmx=True)
    body = toast(request, HttpResponse("<p>x</p>"), "Saved <b>", undo_url="/undo/", seconds=9).content.decode()
    assert body.startswith('<p>x</p><div hx-swap-oob="beforeend:#toasts"><undo-toast class="toast"')
    assert 'seconds="9"' in body
    assert "Saved &lt;b&gt;" in body
    assert 'action="/undo/" hx-post="/undo/"' in body
    assert "csrfmiddlewaretoken" in body
    assert waiting_toasts(request) == []


def test_a_toast_without_a_way_back_has_no_button() -> None:
    assert "<form" not in toast(a_request(htmx=True), HttpResponse(), "Saved").content.decode()


@pytest.mark.parametrize("htmx", [True, False])
def test_a_toast_waits_for_the_page_after_a_redirect(htmx: bool) -> None:
    request = a_request(htmx=htmx)
    answer = toast(request, HttpResponseRedirect("/there/"), "Saved", tone="bad")
    assert answer.content == b""
    following = the_next(request)
    page = shown("{% include 'ui/_toasts.html' %}", following)
    assert 'data-tone="bad"' in page
    assert "Saved" in page
    assert "Saved" not in shown("{% include 'ui/_toasts.html' %}", the_next(following))


def test_a_toast_waits_when_htmx_leaves_the_page() -> None:
    request = a_request(htmx=True)
    answer = toast(request, HttpResponse(headers={"HX-Redirect": "/there/"}), "Saved")
    assert answer.content == b""
    assert [slip["text"] for slip in waiting_toasts(the_next(request))] == ["Saved"]


def test_two_toasts_wait_side_by_side() -> None:
    request = a_request()
    for text in ("One", "Two"):
        toast(request, HttpResponseRedirect("/"), text)
    assert [slip["text"] for slip in waiting_toasts(the_next(request))] == ["One", "Two"]


def test_a_word_of_confirmation_is_for_whom_it_was_said_to() -> None:
    request = a_request(user=Somebody(pk=7))
    toast(request, HttpResponseRedirect("/"), "Solved")
    following = the_next(request)
    following.user = Somebody(pk=8)  # type: ignore[assignment]  # a stand-in
    assert waiting_toasts(following) == []
