"""Who comes in by the agents' door? Signed-in staff; everyone else is sent to sign in, or refused."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import patch_cache_control
from django_htmx.middleware import HtmxDetails

from sportello.people.models import User
from sportello.people.policy import can_use_desk
from sportello.ui.fragments import is_fragment

P = ParamSpec("P")


class DeskRequest(HttpRequest):
    """What a view behind `desk_only` is given."""

    user: User
    htmx: HtmxDetails


def desk_only(
    view: Callable[Concatenate[DeskRequest, P], HttpResponseBase],
) -> Callable[Concatenate[HttpRequest, P], HttpResponseBase]:
    """Let only people in who work at the desk, and keep what they see out of every cache."""

    @wraps(view)
    def guarded(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> HttpResponseBase:
        if not request.user.is_authenticated:
            response: HttpResponseBase = to_sign_in(request)
        elif not can_use_desk(cast(User, request.user)):
            raise PermissionDenied
        else:
            response = view(cast(DeskRequest, request), *args, **kwargs)
        patch_cache_control(response, private=True, no_store=True)
        return response

    return guarded


def to_sign_in(request: HttpRequest) -> HttpResponse:
    """A page is redirected; a part of a page makes the browser leave the page that it is on."""
    if not is_fragment(request):
        return redirect_to_login(request.get_full_path())
    here = request.headers.get("HX-Current-URL", "")
    path = "/" + here.split("/", 3)[3] if here.count("/") >= 3 else "/"
    return HttpResponse(status=401, headers={"HX-Redirect": redirect_to_login(path).url})
