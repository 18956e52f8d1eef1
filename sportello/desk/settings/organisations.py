"""Which firms and offices do our customers come from, by which mail domains, and who belongs to them?"""

from typing import Any

from django import forms
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods

from sportello.desk.http import DeskRequest, administrators_only
from sportello.people.models import Organisation
from sportello.people.organisations import keep_organisation
from sportello.ui.fields import LineField
from sportello.ui.fragments import toast
from sportello.ui.keeping import kept

A_PAGE = 50
MEMBERS_SHOWN = 50


class OrganisationForm(forms.Form):
    name = LineField(label=_("Name"), max_length=200)
    domains = forms.CharField(
        label=_("Mail domains"),
        required=False,
        max_length=30_000,
        widget=forms.Textarea(attrs={"rows": 3, "spellcheck": "false", "autocapitalize": "off"}),
        help_text=_(
            "One per line, such as hotel.example. Customers with an address there belong to it, now and later."
        ),
    )
    shares_requests = forms.BooleanField(
        label=_("Its people see each other's requests"),
        required=False,
        help_text=_("In the portal, everything that any of them has asked, earlier requests too."),
    )
    note = forms.CharField(
        label=_("Note"),
        required=False,
        max_length=10_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Customers never see it."),
    )

    def __init__(self, *args: Any, organisation: Organisation | None, **kwargs: Any) -> None:
        if organisation:
            kept = {name: getattr(organisation, name) for name in ("name", "shares_requests", "note")}
            kwargs["initial"] = kept | {"domains": "\n".join(organisation.domain_names)}
        super().__init__(*args, **kwargs)

    def clean_domains(self) -> list[str]:
        return str(self.cleaned_data["domains"]).replace(",", " ").replace(";", " ").split()


@require_GET
@administrators_only
def organisations(request: DeskRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:200]
    rows = Organisation.objects.matching(words).for_list()
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    return render(request, "desk/settings/organisations.html", {"page": page, "q": words})


@require_http_methods(["GET", "POST"])
@administrators_only
def organisation(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    found = get_object_or_404(Organisation.objects.with_domains(), pk=pk) if pk else None
    form = OrganisationForm(request.POST or None, organisation=found)
    if kept(form, lambda: keep_organisation(found, **form.cleaned_data)):
        return toast(request, redirect("desk:organisations"), gettext("Saved"))
    context = {"form": form, "title": form["name"].initial or gettext("New organisation"), "organisation": found}
    if found:
        context |= {"members": found.people.order_by("name", "pk")[:MEMBERS_SHOWN], "size": found.people.count()}
    return render(request, "desk/settings/organisation.html", context, status=422 if form.is_bound else 200)
