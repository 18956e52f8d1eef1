"""How often may somebody write through the portal? Over the pace a form comes back with all its words."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils.translation import ngettext

from sportello.kernel.limits import take
from sportello.people.models import User
from sportello.portal.forms import SentOnceForm
from sportello.ui.visitor import network

HOUR = timedelta(hours=1)
BY_ONE_PERSON = 60
FROM_ONE_NETWORK = 20
UNDER_ONE_ADDRESS = 5


def pause_for_person(person: User) -> int:
    """Seconds to wait; 0 for go on."""
    return take("portal-words-by", str(person.pk), limit=BY_ONE_PERSON, per=HOUR).retry_after_seconds


def pause_for_guest(request: HttpRequest, address: str) -> int:
    place = take("guest-requests-from", network(request), limit=FROM_ONE_NETWORK, per=HOUR)
    if not place:
        return place.retry_after_seconds
    return take("guest-requests-under", address, limit=UNDER_ONE_ADDRESS, per=HOUR).retry_after_seconds


def say_pause(page: Callable[..., HttpResponse], request: Any, form: SentOnceForm, seconds: int) -> HttpResponse:
    """The form again, with status 429."""
    minutes = -(-seconds // 60)
    text = ngettext(
        "You sent a lot in a short time. Your text is kept here: send it again in %(minutes)s minute.",
        "You sent a lot in a short time. Your text is kept here: send it again in %(minutes)s minutes.",
        minutes,
    )
    form.add_error(None, text % {"minutes": minutes})
    response = page(request, form, status=429)
    response["Retry-After"] = str(seconds)
    return response
