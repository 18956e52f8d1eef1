"""What does a person, or a program, see when something went wrong? Never a trace, and never a second failure."""

import logging
import sys
from typing import Any

from django.conf import settings
from django.contrib.sessions.exceptions import SessionInterrupted
from django.core.exceptions import RequestDataTooBig, TooManyFilesSent
from django.db import InterfaceError, OperationalError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from sportello.kernel.room import is_disk_full
from sportello.ui.context import Look
from sportello.ui.navigation import link
from sportello.ui.problem_pages import BARE, problem_template

Text = str | Promise
Action = tuple[str, Text]  # address and words of the one thing to do

AWAY = (OperationalError, InterfaceError)

log = logging.getLogger(__name__)


def problem_page(
    request: HttpRequest, status: int, title: Text, text: Text, action: Action | None = None
) -> HttpResponse:
    """Say what happened in the form that the asker reads: a page, one sentence for htmx, problem+json for the API."""
    if request.path.startswith("/api/"):
        body = {"type": "about:blank", "title": str(title), "status": status, "detail": str(text)}
        return JsonResponse(body, status=status, content_type="application/problem+json")
    if request.headers.get("HX-Request") == "true":
        return HttpResponse(f"{title}. {text}", status=status, content_type="text/plain; charset=utf-8")
    return HttpResponse(_page(request, status, {"title": title, "text": text, "action": action}), status=status)


def _page(request: HttpRequest, status: int, words: dict[str, Any]) -> str:
    """From 500 on, and before anybody knows who asks, nothing is asked of the database: no person, no brand."""
    bare = {**words, "status": status, "look": Look()}
    try:
        if status >= 500 or not hasattr(request, "user"):
            return render_to_string(BARE, bare)
        return render_to_string(problem_template(request), {**words, "status": status}, request)
    except Exception:
        log.exception("the page for a problem failed itself")
        return render_to_string("ui/problem_plain.html", bare)


def bad_request(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if isinstance(exception, (RequestDataTooBig, TooManyFilesSent)):
        return too_large(request)
    if isinstance(exception, SessionInterrupted) and _is_away(exception.__context__):
        return unavailable(request)
    return problem_page(
        request,
        400,
        _("We could not read that request"),
        _("Something in it was not as expected. Go back and try again; your browser still holds what you typed."),
    )


def forbidden(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    person = Look(request).person
    if person and not person.is_staff and not request.path.startswith("/api/"):
        text = _("Here the people who answer do their work. What you asked, and every answer, is with your requests.")
        return problem_page(request, 403, _("This page is for the team"), text, (link("requests"), _("My requests")))
    return problem_page(
        request,
        403,
        _("You may not do this here"),
        _("Your role does not include it. An administrator can do it or give you the right."),
    )


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:
    if request.path.startswith("/api/"):
        return problem_page(request, 404, "Not found", "There is no such address. /api/v1/openapi.json names them all.")
    return problem_page(
        request,
        404,
        _("Nobody waits at this counter"),
        _("The page has moved, or it is not one that you may see."),
    )


def too_large(request: HttpRequest, limit: str = "") -> HttpResponse:
    """`limit` is already in words, such as "20 MB"."""
    text = _("The limit is %(limit)s.") % {"limit": limit} if limit else _("It is over the limit.")
    untouched = _("Nothing was sent or saved.")
    return problem_page(request, 413, _("That is too large"), f"{text} {untouched}")


def too_slow(request: HttpRequest) -> HttpResponse:
    text = _("Not all of it arrived in time. Nothing was sent or saved: go back, keep your text, and try again.")
    return problem_page(request, 408, _("That took too long"), text)


def busy(request: HttpRequest) -> HttpResponse:
    text = _("Others are sending large files. Nothing was sent or saved. Try again in a moment.")
    response = problem_page(request, 503, _("One moment"), text)
    response["Retry-After"] = "10"
    return response


def no_room(request: HttpRequest) -> HttpResponse:
    """507: the disk is full."""
    text = _("The disk of this desk is full, so nothing was sent or saved. Tell an administrator, and keep your text.")
    return problem_page(request, 507, _("There is no room left"), text)


def too_many(request: HttpRequest, wait: int = 60) -> HttpResponse:
    """`wait` is in seconds."""
    response = problem_page(
        request,
        429,
        _("One moment"),
        _("There were too many attempts in a short time. Wait a little, then try again."),
    )
    response["Retry-After"] = str(wait)
    return response


def server_error(request: HttpRequest) -> HttpResponse:
    error = sys.exc_info()[1]
    if is_disk_full(error):
        return no_room(request)
    if isinstance(error, AWAY):
        return unavailable(request)
    return problem_page(
        request,
        500,
        _("That did not work, and it is our fault"),
        _("The error was recorded. Go back to find what you typed, and try again."),
        (request.path, _("Try again")) if request.method == "GET" else None,
    )


def _is_away(error: BaseException | None) -> bool:
    """Whether a session could not be kept for want of the database. Django says that it was deleted."""
    return error is not None and isinstance(error.__context__, AWAY)


def unavailable(request: HttpRequest) -> HttpResponse:
    response = problem_page(
        request,
        503,
        _("The counter is closed for a moment"),
        _("Our records cannot be reached right now. Nothing is lost: go back, keep your text, and try in a minute."),
        (request.path, _("Try again")) if request.method == "GET" else None,
    )
    response["Retry-After"] = "60"
    return response


def _by_http(request: HttpRequest) -> bool:
    """As the browser says where its page came from; not every one does."""
    page = request.headers.get("Origin") or request.headers.get("Referer") or request.build_absolute_uri()
    return page.startswith("http://")


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    log.info("a form without its token was refused: %s", reason)
    if settings.SPORTELLO_URL.startswith("https://") and _by_http(request):
        text = _("What signs you in travels encrypted only, so nothing was sent or saved. The desk is at %(address)s.")
        title, text = _("This page was opened without encryption"), text % {"address": settings.SPORTELLO_URL}
        return problem_page(request, 403, title, text, (settings.SPORTELLO_URL, _("Open it there")))
    return problem_page(
        request,
        403,
        _("This form was open for too long"),
        _("For safety it was not accepted. Go back, reload the page and send it again."),
    )
