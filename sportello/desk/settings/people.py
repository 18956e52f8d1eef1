"""Who is there? Customers with their tickets, and staff with their teams."""

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sportello.desk.http import DeskRequest, administrators_only, desk_only
from sportello.desk.settings.forms import CustomerForm, StaffForm
from sportello.people.models import User
from sportello.people.policy import authorize, can_administer, can_appoint, can_keep_record
from sportello.people.profiles import keep_profile
from sportello.tickets import policy
from sportello.tickets.models import Ticket
from sportello.ui.fragments import toast
from sportello.ui.keeping import kept

MOST_TICKETS = 50


def _said_of(colleague: User, *, is_new: bool) -> str:
    name = {"name": colleague.name}
    said = _("%(name)s gets a mail with a link to choose a password.") % name if is_new else _("Saved")
    if policy.sees_no_team(colleague):
        return said + " " + _("In no team yet, %(name)s sees no tickets.") % name
    return said


@require_GET
@desk_only
def people_list(request: DeskRequest) -> HttpResponse:
    words = request.GET.get("q", "").strip()[:200]
    people = User.objects.visible_to(request.user).matching(words).with_organisation().newest()
    return render(request, "desk/settings/people.html", {"people": people, "q": words})


@require_http_methods(["GET", "POST"])
@desk_only
def person(request: DeskRequest, pk: int) -> HttpResponseBase:
    found = get_object_or_404(User.objects.visible_to(request.user).with_organisation(), pk=pk)
    may_edit = can_keep_record(request.user, found)
    form = CustomerForm(request.POST or None, instance=found, by=request.user)
    if request.method == "POST":
        authorize(may_edit)
        if kept(form, lambda: keep_profile(found, **form.cleaned_data)):
            return toast(request, redirect("desk:person", pk), _("Saved"))
    tickets = Ticket.objects.visible_to(request.user).requested_by(found).newest_first()[:MOST_TICKETS]
    context = {
        "person": found,
        "form": form,
        "tickets": tickets,
        "may_edit": may_edit,
        "appoints": can_administer(request.user),
    }
    return render(request, "desk/settings/person.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def staff(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """A colleague: name, address, role, and a role in each team. One's own role stands there, for another to change."""
    found = get_object_or_404(User.objects.visible_to(request.user), pk=pk) if pk else None
    appoints = found is None or can_appoint(request.user, found)
    form = StaffForm(request.POST or None, person=found, appoints=appoints)
    if kept_one := form.keep():
        return toast(request, redirect("desk:settings"), _said_of(kept_one, is_new=found is None))
    context = {"form": form, "title": found.name if found else _("New colleague")}
    return render(request, "desk/settings/form.html", context, status=422 if form.is_bound else 200)
