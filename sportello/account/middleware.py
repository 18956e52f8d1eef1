"""Who asks, in which language and time zone? Set for the length of one request."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.utils import timezone, translation
from django.utils.cache import patch_vary_headers

from sportello.account.signing_in import note_seen
from sportello.people.first_run import is_waiting
from sportello.people.models import Brand
from sportello.people.zones import zone_named

Answer = Callable[[HttpRequest], HttpResponse]


class PersonMiddleware:
    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        person = request.user if request.user.is_authenticated else None
        language = person.language if person else guest_language(request)
        zone = person.time_zone if person else Brand.current().time_zone
        if person:
            note_seen(request)
        with translation.override(language), timezone.override(zone_named(zone)):
            response = self.get_response(request)
        response.headers.setdefault("Content-Language", language)
        if person:
            response.headers.setdefault("Cache-Control", "no-store")
        else:
            patch_vary_headers(response, ("Accept-Language", "Cookie"))
        return response


class FirstRunMiddleware:
    """While nobody is administrator yet, every page leads to the set-up page. Asks no more once somebody is."""

    PAGES = frozenset({"desk", "portal", "account"})
    OPEN = frozenset({"account:setup", "account:language"})

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response
        self._is_set_up = False

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> HttpResponseBase | None:
        match = request.resolver_match
        if self._is_set_up or match is None or match.app_name not in self.PAGES or match.view_name in self.OPEN:
            return None
        if is_waiting():
            return redirect("account:setup")
        self._is_set_up = True
        return None


def guest_language(request: HttpRequest) -> str:
    """What the visitor chose, or the browser asks for; else the firm's own."""
    told = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME) or request.headers.get("Accept-Language", "")
    language = translation.get_language_from_request(request)
    return language if language in told.lower() else Brand.current().language
