"""Which addresses are this person's? One counts once a link that we mailed there was followed."""

from django.contrib.auth.decorators import login_required
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sportello.account.forms import AddressForm
from sportello.account.jobs import mail_address_link
from sportello.account.views.links import HOUR, TO_ONE_ADDRESS, stale
from sportello.account.views.profile import page
from sportello.kernel.limits import take
from sportello.people.http import PersonRequest
from sportello.people.models import Brand, OneTimeLink
from sportello.people.models.one_time_link import Purpose
from sportello.ui.errors import problem_page, too_many
from sportello.ui.fragments import toast

MOST_ADDRESSES_ASKED = 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("account:me")
    form = AddressForm(request.POST, prefix="new")
    if not form.is_valid():
        return page(request, status=400, address_form=form)
    asked = take("address-links-by", str(request.user.pk), limit=MOST_ADDRESSES_ASKED, per=HOUR)
    if not asked:
        return too_many(request, asked.retry_after_seconds)
    address = form.cleaned_data["address"]
    if take("account-links-to", address, limit=TO_ONE_ADDRESS, per=HOUR):
        mail_address_link.enqueue(request.user.pk, address)
    text = _("We mailed a link to %(address)s. Follow it within an hour.") % {"address": address}
    return toast(request, redirect("account:me"), text)


@login_required
@require_POST
def make_primary(request: PersonRequest, pk: int) -> HttpResponse:
    address = get_object_or_404(request.user.addresses.verified(), pk=pk)
    request.user.make_primary(address)
    text = _("From now on we write to %(address)s.") % {"address": address}
    return toast(request, redirect("account:me"), text)


@login_required
@require_POST
def remove(request: PersonRequest, pk: int) -> HttpResponse:
    address = get_object_or_404(request.user.addresses.besides(request.user.address), pk=pk)
    request.user.give_up(address)
    text = _("%(address)s is no longer your address here.") % {"address": address}
    return toast(request, redirect("account:me"), text)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def address_by_link(request: HttpRequest, token: str) -> HttpResponse:
    """In a session of the account that asked: whoever else reads that mail must not give their address away."""
    link = OneTimeLink.find(token, Purpose.ADDRESS)
    if link is None:
        return stale(request, Purpose.ADDRESS)
    owns = request.user == link.user
    if request.method != "POST" or not owns:
        context = {"link": link, "owns": owns, "firm": Brand.current().name}
        return render(request, "account/address_by_link.html", context, status=403 if request.method == "POST" else 200)
    if not link.use():
        return stale(request, Purpose.ADDRESS)
    try:
        link.user.own(link.address)
    except IntegrityError:
        text = _("Somebody else already uses that address here. Write to us, and we will put the two together.")
        return problem_page(request, 409, _("This address is taken"), text)
    return render(request, "account/address_confirmed.html", {"link": link})
