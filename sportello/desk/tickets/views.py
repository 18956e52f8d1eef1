"""The ticket page, and its parts for screens that heard of a change."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.tickets import queues
from sportello.tickets.queues import Queue


@require_GET
@desk_only
def ticket_page(request: DeskRequest, number: int) -> HttpResponse:
    opened = page.open_ticket(request, number)
    back = opened.taken_back(page.number_in(request, "again") or 0) if "again" in request.GET else None
    context = page.whole_context(request, opened, **(page.taken_back(back) if back else {}))
    context["queue"] = chosen_queue(request)
    return render(request, "desk/tickets/detail.html", context)


def chosen_queue(request: DeskRequest) -> Queue | None:
    """The queue that the ticket was opened from."""
    return queues.queue(request.user, request.GET.get("queue", "") or request.session.get("queue", "mine"))


@require_GET
@desk_only
def place(request: DeskRequest, number: int) -> HttpResponse:
    """Which tickets stand before and after it in the queue. Asked for once the page is there."""
    ticket = page.ticket_of(request, number)
    chosen = chosen_queue(request)
    before, after = queues.neighbours(request.user, chosen, ticket) if chosen else (None, None)
    context = {"queue": chosen, "before": before, "after": after}
    return render(request, "desk/tickets/_place.html", context)


@require_GET
@desk_only
def part(request: DeskRequest, number: int, name: str) -> HttpResponse:
    """One partial; nothing when the screen has its `?version=` already."""
    context = page.PARTS[name](request, page.open_ticket(request, number))
    if _is_known(request, "version", context[f"{name}_version"]):
        return HttpResponse(status=204)
    return render(request, f"desk/tickets/_{name}.html", context)


@require_GET
@desk_only
def timeline(request: DeskRequest, number: int) -> HttpResponse:
    """The whole of it; with `?after=` an entry what is new since; with `?before=` a message what stands above it."""
    opened = page.open_ticket(request, number)
    after = page.number_in(request, "after")
    if after is None:
        context = page.timeline_context(request, opened)
        name = "earlier" if context["before"] else "_timeline"
        return render(request, f"desk/tickets/{name}.html", context)
    context = page.news_context(request, opened, after)
    if not context["lines"] and _is_known(request, "deliveries", context["deliveries_version"]):
        return HttpResponse(status=204)
    return render(request, "desk/tickets/news.html", context)


def _is_known(request: DeskRequest, name: str, version: int) -> bool:
    return page.number_in(request, name) == version
