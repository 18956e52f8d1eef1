"""Does everyone get a clear sentence and the right status, even when nothing works?"""

import errno
import json
from typing import Any

import pytest
from django.conf import LazySettings
from django.contrib.sessions.backends.base import UpdateError
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError, OperationalError
from django.http import HttpRequest, HttpResponse
from django.test import Client

from sportello.ui import errors
from sportello.ui.tests.sketches import a_request


class Gone:
    """A person who cannot be looked up, because the database is away."""

    def __getattr__(self, name: str) -> Any:
        raise OperationalError("connection refused at db.example:5432")


@pytest.mark.parametrize(
    ("answer", "status"),
    [
        (errors.bad_request, 400),
        (errors.forbidden, 403),
        (errors.csrf_failure, 403),
        (errors.not_found, 404),
        (errors.too_slow, 408),
        (errors.too_large, 413),
        (errors.too_many, 429),
        (errors.server_error, 500),
        (errors.unavailable, 503),
        (errors.busy, 503),
        (errors.no_room, 507),
    ],
)
def test_each_problem_has_its_page_its_sentence_and_its_document(answer: Any, status: int) -> None:
    page = answer(a_request("/somewhere/"))
    assert page.status_code == status
    assert page["Content-Type"].startswith("text/html")
    assert page.content.decode().count("<h1>") == 1

    sentence = answer(a_request("/somewhere/", htmx=True))
    assert sentence.status_code == status
    assert sentence["Content-Type"].startswith("text/plain")
    assert "<" not in sentence.content.decode()

    document = answer(a_request("/api/v1/tickets/7"))
    assert document.status_code == status
    assert document["Content-Type"] == "application/problem+json"
    said = json.loads(document.content)
    assert said["status"] == status
    assert set(said) == {"type", "title", "status", "detail"}


def test_nothing_is_asked_of_a_database_that_is_gone() -> None:
    answer = _while_handling(
        OperationalError("connection refused at db.example:5432"), a_request("/desk/", user=Gone())
    )
    assert answer.status_code == 503
    assert answer["Retry-After"] == "60"
    assert "db.example" not in answer.content.decode()
    assert "Nothing is lost" in answer.content.decode()


def test_an_error_of_ours_tells_nothing_about_itself() -> None:
    answer = _while_handling(ValueError("secret detail"), a_request("/desk/", user=Gone()))
    assert answer.status_code == 500
    assert "secret detail" not in answer.content.decode()
    assert '<a class="button button--primary" href="/desk/">Try again</a>' in answer.content.decode()


def test_a_page_that_fails_itself_becomes_a_plain_one(caplog: pytest.LogCaptureFixture) -> None:
    """Here the context processor meets the missing database while a 404 is drawn."""
    answer = errors.not_found(a_request("/desk/", user=Gone()))
    assert answer.status_code == 404
    assert "Nobody waits at this counter" in answer.content.decode()
    assert "the page for a problem failed itself" in caplog.text


def test_too_much_data_is_too_large_and_not_merely_bad() -> None:
    assert errors.bad_request(a_request(), RequestDataTooBig()).status_code == 413


def test_a_limit_is_stated_where_it_is_known() -> None:
    assert "The limit is 20 MB." in errors.too_large(a_request(), "20 MB").content.decode()


def test_words_from_elsewhere_are_escaped() -> None:
    page = errors.problem_page(a_request(), 400, "<b>", "<i>", ("/x", "<u>")).content.decode()
    assert "<b>" not in page
    assert "<i>" not in page
    assert "<u>" not in page


def _while_handling(error: Exception, request: HttpRequest) -> HttpResponse:
    try:
        raise error
    except type(error):
        return errors.server_error(request)


def _raised(error: BaseException, within: BaseException | None = None) -> BaseException:
    """The error as it looks when it was raised while another was handled."""
    try:
        try:
            if within is not None:
                raise within
        finally:
            raise error
    except type(error) as raised:
        return raised


def test_a_session_that_a_locked_database_cannot_keep_is_not_the_readers_fault() -> None:
    locked = _raised(UpdateError(), OperationalError("database is locked"))
    interrupted = _raised(SessionInterrupted(), locked)
    assert isinstance(interrupted, SessionInterrupted)
    assert errors.bad_request(a_request("/desk/"), interrupted).status_code == 503


def test_a_session_that_was_ended_meanwhile_is_still_400() -> None:
    interrupted = _raised(SessionInterrupted(), _raised(UpdateError(), DatabaseError("no rows were changed")))
    assert isinstance(interrupted, SessionInterrupted)
    assert errors.bad_request(a_request("/desk/"), interrupted).status_code == 400


@pytest.mark.parametrize(
    "error",
    [
        OSError(errno.ENOSPC, "No space left on device"),
        OSError(errno.EDQUOT, "Disk quota exceeded"),
        OperationalError("database or disk is full"),
    ],
)
def test_a_full_disk_is_named(error: Exception) -> None:
    answer = _while_handling(error, a_request("/desk/", user=Gone()))
    assert answer.status_code == 507
    assert "The disk of this desk is full" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/account/sign-out/", "/desk/bulk/"])
def test_where_a_form_is_sent_there_is_a_page_that_says_so(client: Client, path: str) -> None:
    answer = client.get(path)
    assert answer.status_code == 405 and answer["Allow"] == "POST"
    assert "This is where a form is sent" in answer.content.decode()


@pytest.mark.django_db
@pytest.mark.parametrize("headers", [{"Origin": "http://localhost:8000"}, {"Referer": "http://localhost:8000/"}, {}])
def test_a_form_from_the_unencrypted_address_is_shown_the_encrypted_one(
    settings: LazySettings, headers: dict[str, str]
) -> None:
    settings.SPORTELLO_URL = "https://help.example.com"
    answer = Client(enforce_csrf_checks=True).post("/account/sign-in/", headers=headers)
    assert answer.status_code == 403
    said = answer.content.decode()
    assert "without encryption" in said and 'href="https://help.example.com"' in said and "too long" not in said
