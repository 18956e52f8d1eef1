"""How did the reader come to this request: signed in, or by a signed link? The pages are the same."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone, translation

from sportello.people.http import PersonRequest
from sportello.people.models import User
from sportello.tickets.links import LinkExpired, follow_token, read_follow_token
from sportello.tickets.models import Ticket


@dataclass(frozen=True)
class Way:
    """One reader at one request; `token` is empty for somebody who is signed in."""

    ticket: Ticket
    reader: User
    token: str = ""

    def url(self, page: str, *args: Any) -> str:
        """The address of one of the request's pages, reached the same way."""
        prefix, first = ("link_", self.token) if self.token else ("", self.ticket.pk)
        return reverse(f"portal:{prefix}{page}", args=[first, *args])

    def to(self, ticket: Ticket) -> "Way":
        """The same reader at another request."""
        return Way(ticket, self.reader, follow_token(ticket, self.reader) if self.token else "")


View = Callable[..., HttpResponseBase]


def by_session(view: View) -> View:
    """Only for those who follow the request; to others it does not exist."""

    @login_required
    @wraps(view)
    def checked(request: PersonRequest, pk: int, **kwargs: Any) -> HttpResponseBase:
        ticket = get_object_or_404(Ticket.objects.followed_by(request.user).with_people(), pk=pk)
        return view(request, Way(ticket, request.user), **kwargs)

    return checked


def by_link(view: View) -> View:
    """The token is the right: such pages need no cookie, leave no trace elsewhere, and are nobody's to keep."""

    @wraps(view)
    def checked(request: HttpRequest, token: str, **kwargs: Any) -> HttpResponseBase:
        try:
            found = read_follow_token(token)
        except LinkExpired:
            return private(render(request, "portal/expired.html", {"token": token}, status=410))
        if found is None:
            return broken_link(request)
        way = Way(*found, token)
        with translation.override(_language(request, way.reader)), timezone.override(way.reader.time_zone):
            return private(view(request, way, **kwargs))

    return checked


def broken_link(request: HttpRequest) -> HttpResponseBase:
    """For a link that a mail program broke, or that was never ours: both are told the same."""
    return private(render(request, "portal/broken_link.html", status=404))


def private(response: HttpResponseBase) -> HttpResponseBase:
    response.headers["Referrer-Policy"] = "no-referrer"
    response.headers["X-Robots-Tag"] = "noindex"
    response.headers["Cache-Control"] = "private, no-store"
    return response


def _language(request: HttpRequest, reader: User) -> str:
    """What the reader chose in this browser before, or speaks with us."""
    known = dict(settings.LANGUAGES)
    wishes = (request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME), reader.language)
    return next((wish for wish in wishes if wish in known), settings.LANGUAGE_CODE)


def absolute_link(token: str) -> str:
    return settings.SPORTELLO_URL + reverse("portal:link_request", args=[token])
