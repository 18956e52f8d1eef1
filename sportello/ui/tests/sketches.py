"""Who and what do these tests show? Stand-ins for a person and a request, because `ui` knows no model."""

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.models import AnonymousUser
from django.contrib.messages.middleware import MessageMiddleware
from django.http import HttpRequest, HttpResponse
from django.template import engines
from django.test import RequestFactory


@dataclass
class Somebody:
    pk: int = 7
    name: str = "Marta Rinaldi"
    look: dict[str, Any] = field(default_factory=dict)
    is_authenticated: bool = True

    def __str__(self) -> str:
        return self.name


def a_request(path: str = "/", *, user: Any = None, htmx: bool = False, target: str = "") -> HttpRequest:
    headers = {"HX-Request": "true"} if htmx else {}
    if target:
        headers["HX-Target"] = target
    request = RequestFactory().get(path, headers=headers)
    request.user = user or AnonymousUser()
    request.session = {}  # type: ignore[assignment]  # a plain dictionary does
    MessageMiddleware(lambda _: HttpResponse()).process_request(request)
    return request


def the_next(request: HttpRequest) -> HttpRequest:
    """What the same browser asks for after that one was answered."""
    answer = MessageMiddleware(lambda _: HttpResponse()).process_response(request, HttpResponse())
    following = a_request(user=request.user)
    following.COOKIES = {name: cookie.value for name, cookie in answer.cookies.items() if cookie.value}
    return following


def shown(template: str, request: HttpRequest | None = None, **context: Any) -> str:
    return engines["django"].from_string("{% load ui %}" + template).render(context, request).strip()
