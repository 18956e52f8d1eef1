"""The settings of the installation: firm, teams, mailboxes."""

from django.conf import settings
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from sportello.channels.email.mailbox_settings import try_servers
from sportello.channels.email.models import Mailbox
from sportello.desk.http import DeskRequest, administrators_only
from sportello.desk.settings.forms import FirmForm, MailboxForm, TeamForm
from sportello.kernel.networks import opens_here_only
from sportello.people.models import Team, User
from sportello.people.models.brand import Brand
from sportello.people.teams import keep_team, members_of
from sportello.ui.fragments import is_fragment, toast
from sportello.ui.keeping import kept


@require_GET
@administrators_only
def overview(request: DeskRequest) -> HttpResponse:
    """Everything that can be set, on one searchable page."""
    context = {
        "teams": Team.objects.all(),
        "mailboxes": Mailbox.objects.visible_to(request.user).select_related("team"),
        "staff": User.objects.everyone_of_staff(),
        "brand": Brand.current(),
    }
    return render(request, "desk/settings/overview.html", context)


@require_http_methods(["GET", "POST"])
@administrators_only
def firm(request: DeskRequest) -> HttpResponseBase:
    form = FirmForm(request.POST or None, instance=Brand.current())
    if kept(form, lambda: Brand.put(**form.cleaned_data)):
        return toast(request, redirect("desk:settings"), _("Saved"))
    return _form(request, form, _("The firm"))


def _form(request: DeskRequest, form: object, title: str, **more: object) -> HttpResponse:
    bound = bool(getattr(form, "is_bound", False))
    context = {"form": form, "title": title, **more}
    return render(request, "desk/settings/form.html", context, status=422 if bound else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def team(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    found = get_object_or_404(Team, pk=pk) if pk else None
    form = TeamForm(request.POST or None, instance=found)
    if kept(form, lambda: keep_team(found, **form.cleaned_data)):
        return toast(request, redirect("desk:settings"), _("Saved"))
    context = {"form": form, "title": found.name if found else _("New team"), "members": found and members_of(found)}
    return render(request, "desk/settings/team.html", context, status=422 if form.is_bound else 200)


@require_http_methods(["GET", "POST"])
@administrators_only
def mailbox(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    found = get_object_or_404(Mailbox.objects.visible_to(request.user), pk=pk) if pk else None
    form = MailboxForm(request.POST or None, instance=found)
    if saved := kept(form, form.save):
        forgotten = _("Saved. The password for the server before was forgotten: write the new one.")
        said = forgotten if form.has_forgotten else _("Saved")
        return toast(request, redirect("desk:mailbox_settings", saved.pk), said)
    return _mailbox_page(request, form, found)


def _mailbox_page(request: DeskRequest, form: MailboxForm, found: Mailbox | None) -> HttpResponse:
    # the form has put what was typed into the other
    before = Mailbox.objects.get(pk=found.pk) if found else None
    context = {"form": form, "mailbox": before, "title": before.address if before else _("New mailbox")}
    if opens_here_only(settings.SPORTELLO_URL):
        context["opens_here_only"] = settings.SPORTELLO_URL
    return render(request, "desk/settings/mailbox.html", context, status=422 if form.is_bound else 200)


@require_POST
@administrators_only
def test_mailbox(request: DeskRequest, pk: int | None = None) -> HttpResponseBase:
    """Sign in to both servers, as they are typed and not yet kept, and say which step failed."""
    found = get_object_or_404(Mailbox.objects.visible_to(request.user), pk=pk) if pk else None
    form = MailboxForm(request.POST, instance=found).for_trial()
    if not form.is_valid() and not is_fragment(request):
        return _mailbox_page(request, form, found)
    names = {"imap": _("Reading by IMAP"), "smtp": _("Sending by SMTP")}
    tried = try_servers(form.as_typed()) if form.is_valid() else []
    context = {
        "form": form,
        "mailbox": found,
        "tested": True,
        "steps": [(names[step.protocol], step.error) for step in tried],
    }
    template = "_mailbox_test.html" if is_fragment(request) else "mailbox_test.html"
    return render(request, f"desk/settings/{template}", context)
