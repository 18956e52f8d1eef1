"""Who is it? By address and password, for staff and customers alike."""

from django.contrib.auth import authenticate
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from sportello.account.attempts import begin_try, pause_sentence, was_right, was_wrong
from sportello.account.forms import SignInForm
from sportello.account.signing_in import home_of, let_in, let_out, local_path
from sportello.people.models import User


@sensitive_post_parameters("password")
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(_after(request, request.user))
    if request.method != "POST":
        return _page(request, SignInForm(initial={"address": request.GET.get("address", "")}))
    form = SignInForm(request.POST)
    if not form.is_valid():
        return _page(request, form, status=400)
    address = form.cleaned_data["address"]
    wait = begin_try(request, address)
    if wait:
        return _paused(request, form, wait)
    user = authenticate(request, username=address, password=form.cleaned_data["password"])
    if not isinstance(user, User):
        was_wrong(request, address)
        form.refuse(_("This address and this password do not match."))
        return _page(request, form, status=400)
    was_right(request, address)
    let_in(request, user, stay=form.cleaned_data["stay"])
    return redirect(_after(request, user))


@require_POST
def sign_out(request: HttpRequest) -> HttpResponse:
    let_out(request)
    return redirect("/")


def _after(request: HttpRequest, user: User) -> str:
    return local_path(request.POST.get("next") or request.GET.get("next", ""), home_of(user))


def _page(request: HttpRequest, form: SignInForm, status: int = 200) -> HttpResponse:
    after = local_path(request.POST.get("next") or request.GET.get("next", ""), "")
    return render(request, "account/sign_in.html", {"form": form, "next": after}, status=status)


def _paused(request: HttpRequest, form: SignInForm, seconds: int) -> HttpResponse:
    form.refuse(pause_sentence(seconds))
    response = _page(request, form, status=429)
    response["Retry-After"] = str(seconds)
    return response
