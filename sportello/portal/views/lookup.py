"""How does somebody find a request again? A number alone opens nothing: its reader signs in, or gets a link by mail."""

import re
from datetime import timedelta
from urllib.parse import urlencode

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from sportello.kernel.limits import take
from sportello.people.models import User
from sportello.portal.access import private
from sportello.portal.forms import LookupForm
from sportello.portal.jobs import mail_fresh_link, mail_link
from sportello.portal.language import as_typed, changes_language, in_language_asked
from sportello.tickets.models import Ticket
from sportello.ui.errors import too_many
from sportello.ui.visitor import network

HOUR = timedelta(hours=1)
FROM_ONE_NETWORK = 30
TO_ONE_READER = 5
LONGEST_QUERY = 200
_NUMBER = re.compile(r"\s*#?(\d{1,12})\s*")


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    words = request.GET.get("q", "").replace("\0", "").strip()[:LONGEST_QUERY]
    number = _NUMBER.fullmatch(words)
    if isinstance(request.user, User):
        if number and Ticket.objects.followed_by(request.user).in_bulk([int(number[1])]):
            return redirect("portal:request", int(number[1]))
        return redirect(reverse("portal:requests") + "?" + urlencode({"q": words, "show": "all"}))
    if number:
        return redirect(reverse("portal:find") + "?" + urlencode({"number": number[1]}))
    return render(request, "portal/search.html", {"words": words}) if words else redirect("portal:home")


@require_http_methods(["GET", "HEAD", "POST"])
def find(request: HttpRequest) -> HttpResponse:
    """The answer is the same for every number and address."""
    if changes_language(request):
        person = request.user if isinstance(request.user, User) else None
        typed = {"form": as_typed(LookupForm, request.POST)}
        return in_language_asked(request, person, lambda: render(request, "portal/find.html", typed))
    form = LookupForm(request.POST or None, initial={"number": request.GET.get("number", "")[:20]})
    if not form.is_valid():
        return render(request, "portal/find.html", {"form": form}, status=400 if form.is_bound else 200)
    place = take("request-links-from", network(request), limit=FROM_ONE_NETWORK, per=HOUR)
    if not place:
        return too_many(request, place.retry_after_seconds)
    address = form.cleaned_data["address"]
    if take("request-links-to", address, limit=TO_ONE_READER, per=HOUR):
        mail_link.enqueue(form.cleaned_data["number"], address)
    return render(request, "portal/link_mailed.html", {"address": address})


@csrf_exempt
@require_POST
def fresh_link(request: HttpRequest, token: str) -> HttpResponseBase:
    """Whoever holds an old link gets to know nothing, not even the address."""
    place = take("request-links-from", network(request), limit=FROM_ONE_NETWORK, per=HOUR)
    if not place:
        return too_many(request, place.retry_after_seconds)
    if take("fresh-links", token, limit=TO_ONE_READER, per=HOUR):
        mail_fresh_link.enqueue(token)
    return private(render(request, "portal/link_mailed.html", {"address": ""}))
