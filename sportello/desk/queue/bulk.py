"""How are many tickets changed at once? Started here, done by a worker, watched, stopped and undone here."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sportello.desk.http import DeskRequest, desk_only
from sportello.kernel.numbers import row_number
from sportello.people.models import User
from sportello.people.roles import Right
from sportello.tickets import bulk, queues
from sportello.tickets.bulk import ChangeRefused
from sportello.tickets.models import BulkJob, Ticket
from sportello.tickets.words import Status
from sportello.ui.fragments import toast


@require_POST
@desk_only
def start_bulk(request: DeskRequest) -> HttpResponseBase:
    """Change the picked tickets. A wrong value changes nothing and says so."""
    try:
        job = bulk.start(request.user, _picked(request, request.POST), change_in(request))
    except ChangeRefused as refused:
        came_from = request.POST.get("back", "")
        back = redirect(came_from if _is_local(came_from) else "desk:home")
        return toast(request, back, str(refused), tone="bad")
    return _shown(request, job)


def _picked(request: DeskRequest, data: QueryDict) -> list[int]:
    """The rows that were ticked; or, beyond those that the page shows, the whole view with what it is filtered by."""
    if whole := data.get("whole", ""):
        return _all_of(request.user, whole, data.get("q", ""))
    numbers = map(row_number, data.getlist("ticket")[: bulk.MOST])
    return [number for number in numbers if number is not None]


def _all_of(user: User, key: str, text: str) -> list[int]:
    """One more than can be changed at once where there are more."""
    chosen = queues.queue(user, key)
    if chosen is None:
        return []
    tickets, _typed = queues.tickets_in(user, chosen, text)
    return tickets.numbers(most=bulk.MOST + 1)


@require_GET
@desk_only
def assignees(request: DeskRequest) -> HttpResponse:
    """Who may answer in the teams of all picked tickets."""
    teams = Ticket.objects.visible_to(request.user).teams_of(_picked(request, request.GET))
    colleagues = User.objects.who_may_in_all(Right.REPLY, teams)
    return render(request, "desk/queue/bulk_assignees.html", {"colleagues": colleagues})


def _is_local(path: str) -> bool:
    return path.startswith("/desk/") and "//" not in path and "\\" not in path


def change_in(request: HttpRequest) -> dict[str, Any]:
    """The change that the bar asks for; empty fields change nothing. A tag that was typed waits for its own button."""
    data = request.POST
    change: dict[str, Any] = {}
    for name in ("status", "priority", "team", "assignee"):
        if data.get(name):
            change[name] = data[name]
    if data.get("tag", "").strip() and (data.get("tag_act") or not change):
        change["remove_tags" if data.get("tag_act") == "remove" else "add_tags"] = [data["tag"].strip()]
    return change


def _shown(request: DeskRequest, job: BulkJob) -> HttpResponseBase:
    if request.htmx:
        return render(request, "desk/queue/_bulk_job.html", job_context(job))
    text = ngettext("%(n)s ticket is being changed", "%(n)s tickets are being changed", job.total)
    return toast(request, redirect("desk:home"), text % {"n": job.total})


def job_context(job: BulkJob | None) -> dict[str, Any]:
    return {"job": job, "what": what_it_does(job) if job else ""}


def what_it_does(job: BulkJob) -> str:
    """The change in one sentence, true before and after it is done."""
    known: dict[str, Any] = {"n": job.total}
    text = ngettext("Change %(n)s ticket", "Change %(n)s tickets", job.total)
    match list(job.change.items()):
        case [("status", status)]:
            known["status"] = Status(status).label
            text = ngettext("Set %(n)s ticket to “%(status)s”", "Set %(n)s tickets to “%(status)s”", job.total)
        case [("assignee", None)]:
            text = ngettext("Take %(n)s ticket from its assignee", "Take %(n)s tickets from their assignees", job.total)
        case [("assignee", number)]:
            known["who"] = User.objects.filter(pk=number).first() or _("somebody")
            text = ngettext("Assign %(n)s ticket to %(who)s", "Assign %(n)s tickets to %(who)s", job.total)
        case [("add_tags", tags)]:
            known["tags"] = ", ".join(tags)
            text = ngettext("Add “%(tags)s” to %(n)s ticket", "Add “%(tags)s” to %(n)s tickets", job.total)
        case [("remove_tags", tags)]:
            known["tags"] = ", ".join(tags)
            text = ngettext("Remove “%(tags)s” from %(n)s ticket", "Remove “%(tags)s” from %(n)s tickets", job.total)
    return text % known


def _job(request: DeskRequest, pk: int) -> BulkJob:
    return get_object_or_404(BulkJob.objects.of(request.user), pk=pk)


@require_GET
@desk_only
def bulk_job(request: DeskRequest, pk: int) -> HttpResponse:
    return render(request, "desk/queue/_bulk_job.html", job_context(_job(request, pk)))


@require_POST
@desk_only
def stop_bulk(request: DeskRequest, pk: int) -> HttpResponseBase:
    job = _job(request, pk)
    bulk.cancel(job)
    return _shown(request, job)


@require_POST
@desk_only
def undo_bulk(request: DeskRequest, pk: int) -> HttpResponseBase:
    job = _job(request, pk)
    bulk.undo(job)
    return _shown(request, job)


@require_POST
@desk_only
def put_away(request: DeskRequest, pk: int) -> HttpResponseBase:
    job = _job(request, pk)
    bulk.put_away(job)
    return _shown(request, job) if request.htmx else redirect("desk:home")
