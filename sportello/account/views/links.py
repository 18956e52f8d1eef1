"""May whoever reads this mailbox come in? By a link that is mailed, confirmed with a button, and works once."""

from datetime import timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from sportello.account.forms import AddressForm
from sportello.account.jobs import mail_sign_in_link
from sportello.account.signing_in import home_of, let_in, local_path
from sportello.kernel.limits import take
from sportello.people.models import OneTimeLink
from sportello.people.models.one_time_link import Purpose
from sportello.ui.errors import too_many
from sportello.ui.visitor import network

HOUR = timedelta(hours=1)
FROM_ONE_NETWORK = 30
TO_ONE_ADDRESS = 5


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_link(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST if request.method == "POST" else None)
    after = local_path(request.POST.get("next") or request.GET.get("next", ""), "")
    if not form.is_valid():
        context = {"form": form, "next": after}
        return render(request, "account/ask_for_link.html", context, status=400 if form.is_bound else 200)
    return mail_to_owner(request, form.cleaned_data["address"], after=after)


def mail_to_owner(request: HttpRequest, address: str, *, after: str = "") -> HttpResponse:
    """Says the same for every address, and mails the same one no more than five links an hour."""
    place = take("account-links-from", network(request), limit=FROM_ONE_NETWORK, per=HOUR)
    if not place:
        return too_many(request, place.retry_after_seconds)
    if take("account-links-to", address, limit=TO_ONE_ADDRESS, per=HOUR):
        mail_sign_in_link.enqueue(address, after)
    return render(request, "account/mailed.html", {"address": address})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in_by_link(request: HttpRequest, token: str) -> HttpResponse:
    link = OneTimeLink.find(token, Purpose.SIGN_IN)
    if link is None:
        return stale(request, Purpose.SIGN_IN)
    if request.method != "POST":
        return render(request, "account/sign_in_by_link.html", {"link": link, "next": request.GET.get("next", "")})
    if not link.use():
        return stale(request, Purpose.SIGN_IN)
    link.user.confirm_address(link.address)
    let_in(request, link.user)
    return redirect(local_path(request.POST.get("next", ""), home_of(link.user)))


def stale(request: HttpRequest, purpose: Purpose) -> HttpResponse:
    """The same for a link that was used, has run out, or never was; the way to a new one of its kind."""
    return render(request, "account/stale_link.html", {"form": AddressForm(), "purpose": purpose}, status=400)
