"""Which programs speak for me? Staff make tokens of their own here, see them once, and take them back."""

from typing import Any

from django import forms
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import path
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from sportello.api.models import Scope, Token
from sportello.api.tokens import issue_token
from sportello.people.models import User
from sportello.people.policy import authorize, can_administer, can_use_desk
from sportello.ui.fields import LineField
from sportello.ui.fragments import toast

REACH = {Scope.READ: [Scope.READ], Scope.WRITE: [Scope.READ, Scope.WRITE], Scope.ADMIN: list(Scope)}
DAYS = [("30", _("30 days")), ("90", _("90 days")), ("365", _("A year")), ("0", _("For ever"))]


class StaffRequest(HttpRequest):
    user: User


class TokenForm(forms.Form):
    name = LineField(
        label=_("What it is for"), max_length=100, help_text=_("Such as: nightly backup, or the shop's order desk.")
    )
    reach = forms.ChoiceField(label=_("What it may do"))
    days = forms.ChoiceField(label=_("How long it is valid"), choices=DAYS, initial="365")

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        offered = [scope for scope in REACH if scope != Scope.ADMIN or can_administer(user)]
        self.fields["reach"].choices = [(s.value, s.label) for s in offered]  # type: ignore[attr-defined]  # a choice

    def issue(self, user: User) -> str:
        data = self.cleaned_data
        return issue_token(user, data["name"], scopes=REACH[data["reach"]], days=int(data["days"]) or None)


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def tokens(request: StaffRequest) -> HttpResponse:
    """A new token stands in the answer to its form and nowhere else."""
    authorize(can_use_desk(request.user))
    form, issued = TokenForm(request.POST or None, user=request.user), ""
    if request.method == "POST" and form.is_valid():
        issued, form = form.issue(request.user), TokenForm(user=request.user)
    context = {"form": form, "issued": issued, "tokens": Token.objects.visible_to(request.user).in_force()}
    return render(request, "api/tokens.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def revocation(request: StaffRequest, pk: int) -> HttpResponse:
    authorize(can_use_desk(request.user))
    get_object_or_404(Token.objects.visible_to(request.user), pk=pk).revoke()
    return toast(request, redirect("tokens:tokens"), gettext("That token opens nothing any more."))


app_name = "tokens"
urlpatterns = [
    path("", tokens, name="tokens"),
    path("<int:pk>/revocation/", revocation, name="revocation"),
]
