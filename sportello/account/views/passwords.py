"""How does a person get a password, or another one?"""

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from sportello.account.attempts import begin_try, pause_sentence, was_right, was_wrong
from sportello.account.forms import AddressForm, ChangePasswordForm, NewPasswordForm
from sportello.account.jobs import mail_password_link
from sportello.account.signing_in import home_of, let_in, set_password
from sportello.account.views.links import FROM_ONE_NETWORK, HOUR, TO_ONE_ADDRESS, stale
from sportello.account.views.profile import page
from sportello.kernel.limits import take
from sportello.people.http import PersonRequest
from sportello.people.models import OneTimeLink
from sportello.people.models.one_time_link import Purpose
from sportello.people.passwords import change_password, count_keys
from sportello.ui.errors import too_many
from sportello.ui.fragments import toast
from sportello.ui.visitor import network


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def ask_for_password(request: HttpRequest) -> HttpResponse:
    form = AddressForm(request.POST or None, initial={"address": request.GET.get("address", "")})
    if not form.is_valid():
        return render(request, "account/ask_for_password.html", {"form": form}, status=400 if form.is_bound else 200)
    address = form.cleaned_data["address"]
    place = take("account-links-from", network(request), limit=FROM_ONE_NETWORK, per=HOUR)
    if not place:
        return too_many(request, place.retry_after_seconds)
    if take("account-links-to", address, limit=TO_ONE_ADDRESS, per=HOUR):
        mail_password_link.enqueue(address)
    return render(request, "account/mailed.html", {"address": address})


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def password_by_link(request: HttpRequest, token: str) -> HttpResponse:
    link = OneTimeLink.find(token, Purpose.PASSWORD)
    if link is None:
        return stale(request, Purpose.PASSWORD)
    form = NewPasswordForm(request.POST if request.method == "POST" else None, user=link.user)
    if not form.is_valid():
        context = {"form": form, "link": link, "tokens": count_keys(link.user)}
        return render(request, "account/password_by_link.html", context, status=400 if form.is_bound else 200)
    if not link.use():
        return stale(request, Purpose.PASSWORD)
    ended = change_password(link.user, form.cleaned_data["password"])
    link.user.confirm_address(link.address)
    let_in(request, link.user)
    return toast(request, redirect(home_of(link.user)), _what_ended(ended))


@sensitive_post_parameters("current", "password")
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def change(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return redirect("account:me")
    wait, form = _tried(request)
    if not form.is_valid():
        response = page(request, status=429 if wait else 400, password_form=form)
        if wait:
            response["Retry-After"] = str(wait)
        return response
    ended = set_password(request, request.user, form.cleaned_data["password"])
    return toast(request, redirect("account:me"), _what_ended(ended))


def _tried(request: PersonRequest) -> tuple[int, ChangePasswordForm]:
    """How many seconds to wait if too many were wrong, and the form as it was sent. A guess counts as at signing in."""
    address = request.user.address
    guesses = request.user.has_usable_password() and bool(request.POST.get("current"))
    wait = begin_try(request, address) if guesses else 0
    form = ChangePasswordForm(request.POST, user=request.user, pause=pause_sentence(wait) if wait else "")
    if guesses and not wait:
        (was_wrong if form.has_error("current") else was_right)(request, address)
    return wait, form


def _what_ended(tokens: int) -> str:
    text = _("Your password has been changed. Other browsers have been signed out.")
    if not tokens:
        return text
    more = ngettext(
        "%(count)s API token of yours opens nothing any more.",
        "%(count)s API tokens of yours open nothing any more.",
        tokens,
    )
    return f"{text} {more % {'count': tokens}}"
