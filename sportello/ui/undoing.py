"""What can this person still take back, on whatever page they are? Their browser keeps it, for as long as it can be."""

import re
from math import ceil
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

COOKIE = "undo"
MOST = 5
Slip = dict[str, Any]
_LAST_NUMBER = re.compile(r"\d+(?=\D*$)")


def still_open(request: HttpRequest) -> list[Slip]:
    """The slips with a way back, oldest first, each with the seconds that are left."""
    return [_as_of_now(slip) for slip in _kept(request)]


def keep(request: HttpRequest, response: HttpResponse, slip: Slip) -> None:
    """Offer the way back on the pages to come, until its seconds are over."""
    fresh = slip | {"until": _now() + slip["seconds"], "of": slip["seconds"]}
    _write(response, [*_without(request, slip["undo_url"]), fresh][-MOST:])


def forget(request: HttpRequest, response: HttpResponse, undo_url: str) -> None:
    """That way back was gone, or is closed."""
    if COOKIE in request.COOKIES:
        _write(response, _without(request, undo_url))


def _now() -> float:
    return timezone.now().timestamp()


def _kept(request: HttpRequest) -> list[Slip]:
    try:
        slips = signing.loads(request.COOKIES.get(COOKIE, ""), salt=COOKIE)
    except signing.BadSignature:
        return []
    return [slip for slip in slips if slip["until"] > _now() and slip["for"] == request.user.pk]


def _without(request: HttpRequest, undo_url: str) -> list[Slip]:
    return [slip for slip in _kept(request) if slip["undo_url"] != undo_url]


def _as_of_now(slip: Slip) -> Slip:
    left = ceil(slip["until"] - _now())
    counted = _LAST_NUMBER.sub(str(left), slip["text"]) if left > 1 else slip["last"]
    return slip | {"seconds": left, "text": counted if slip["last"] else slip["text"]}


def _write(response: HttpResponse, slips: list[Slip]) -> None:
    if not slips:
        response.delete_cookie(COOKIE, samesite="Lax")
        return
    response.set_cookie(
        COOKIE,
        signing.dumps(slips, salt=COOKIE, compress=True),
        max_age=ceil(max(slip["until"] for slip in slips) - _now()),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
