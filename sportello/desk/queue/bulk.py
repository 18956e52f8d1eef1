"""How are many tickets changed at once? Started here, done by a worker, watched, stopped and undone here."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from sportello.desk.http import DeskRequest, desk_only
from sportello.kernel.numbers import row_number
from sportello.tickets import bulk
from sportello.tickets.bulk import ChangeRefused
from sportello.tickets.models import BulkJob
from sportello.ui.fragments import toast


@require_POST
@desk_only
def start_bulk(request: DeskRequest) -> HttpResponseBase:
    """Change the picked tickets. A wrong value changes nothing and says so."""
    picked = map(row_number, request.POST.getlist("ticket")[: bulk.MOST])
    numbers = [number for number in picked if number is not None]
    try:
        job = bulk.start(request.user, numbers, change_in(request))
    except ChangeRefused as refused:
        came_from = request.POST.get("back", "")
        back = redirect(came_from if _is_local(came_from) else "desk:home")
        return toast(request, back, str(refused), tone="bad")
    return _shown(request, job)


def _is_local(path: str) -> bool:
    return path.startswith("/desk/") and "//" not in path and "\\" not in path


def change_in(request: HttpRequest) -> dict[str, Any]:
    """The change that the bar asks for; empty fields change nothing."""
    data = request.POST
    change: dict[str, Any] = {}
    for name in ("status", "priority", "team", "assignee"):
        if data.get(name):
            change[name] = data[name]
    if data.get("tag", "").strip():
        change["remove_tags" if data.get("tag_act") == "remove" else "add_tags"] = [data["tag"].strip()]
    return change


def _shown(request: DeskRequest, job: BulkJob) -> HttpResponseBase:
    if request.htmx:
        return render(request, "desk/queue/_bulk_job.html", {"job": job})
    text = ngettext("%(n)s ticket is being changed", "%(n)s tickets are being changed", job.total)
    return toast(request, redirect("desk:home"), text % {"n": job.total})


def _job(request: DeskRequest, pk: int) -> BulkJob:
    return get_object_or_404(BulkJob.objects.of(request.user), pk=pk)


@require_GET
@desk_only
def bulk_job(request: DeskRequest, pk: int) -> HttpResponse:
    return render(request, "desk/queue/_bulk_job.html", {"job": _job(request, pk)})


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
