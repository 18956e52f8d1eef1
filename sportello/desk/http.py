"""Who comes through the door? Signed-in staff; others sign in first, or are told that it is not theirs."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django_htmx.middleware import HtmxDetails

from sportello.people.models import User
from sportello.people.policy import can_administer, can_use_desk

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """A request of a signed-in person who works at the desk."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[DeskRequest, P], HttpResponseBase]


def desk_only(view: View[P]) -> View[P]:
    """Let only staff in. A fragment asked for after the session ended sends the whole page to sign in."""

    @wraps(view)
    def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            target = redirect_to_login("/desk/" if request.htmx else request.get_full_path())
            return HttpResponse(status=204, headers={"HX-Redirect": target.url}) if request.htmx else target
        if not can_use_desk(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded


def remember(request: DeskRequest, name: str, value: str) -> None:
    """Until the person signs out. What is known already costs no writing of the session."""
    if request.session.get(name) != value:
        request.session[name] = value


def administrators_only(view: View[P]) -> View[P]:
    """For the settings of the whole installation."""

    @desk_only
    @wraps(view)
    def guarded(request: DeskRequest, /, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not can_administer(request.user):
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return guarded
