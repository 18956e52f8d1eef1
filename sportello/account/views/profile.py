"""What does a person see and choose about themself?"""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from sportello.account.forms import (
    AddressForm,
    ChangePasswordForm,
    LanguageForm,
    LookForm,
    ProfileForm,
    StaffProfileForm,
)
from sportello.account.signing_in import local_path
from sportello.people.http import PersonRequest
from sportello.people.models import OneTimeLink, User
from sportello.people.passwords import count_keys
from sportello.ui.errors import bad_request
from sportello.ui.fragments import toast
from sportello.ui.languages import choose_language


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def me(request: PersonRequest) -> HttpResponse:
    if request.method != "POST":
        return page(request)
    form = _profile_form(request.user, request.POST)
    if not form.is_valid():
        request.user.refresh_from_db()
        return page(request, status=400, profile_form=form)
    form.store()
    with translation.override(request.user.language):
        return toast(request, redirect("account:me"), _("Saved."))


def page(request: PersonRequest, status: int = 200, **forms: Any) -> HttpResponse:
    """All of it, with the form that was sent, and its errors, in its place."""
    user = request.user
    context = {
        "profile_form": _profile_form(user),
        "password_form": ChangePasswordForm(user=user),
        "address_form": AddressForm(prefix="new"),
        "addresses": user.addresses.all(),
        "waiting": OneTimeLink.objects.waiting_at(user),
        "sessions": user.sessions.all(),
        "tokens": count_keys(user),
        "this_session": request.session.session_key,
        **forms,
    }
    return render(request, "account/me_at_desk.html" if user.is_staff else "account/me.html", context, status=status)


def _profile_form(user: User, data: Any = None) -> ProfileForm:
    return (StaffProfileForm if user.is_staff else ProfileForm)(data, instance=user)


@login_required
@require_POST
def look(request: PersonRequest) -> HttpResponse:
    """Remember one choice of this person, wherever they sign in next."""
    form = LookForm(request.POST)
    if not form.is_valid():
        return bad_request(request)
    chosen = {name: value for name, value in form.cleaned_data.items() if value}
    request.user.look = {**request.user.look, **chosen}
    request.user.save(update_fields=["look"])
    return HttpResponse(status=204)


@require_POST
def language(request: HttpRequest) -> HttpResponse:
    form = LanguageForm(request.POST)
    if not form.is_valid():
        return bad_request(request)
    response = redirect(local_path(form.cleaned_data["next"], "/"))
    person = request.user if request.user.is_authenticated else None
    choose_language(response, form.cleaned_data["language"], person)
    return response
