"""The ticket page, and its parts for screens that heard of a change."""

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.desk.tickets.thread import DeskTicket
from sportello.people.models import User
from sportello.tickets import queues
from sportello.tickets.models import Ticket
from sportello.tickets.queues import Queue


@require_GET
@desk_only
def ticket_page(request: DeskRequest, number: int) -> HttpResponse:
    opened = DeskTicket.find(number, request.user)
    if opened is None:
        return render(request, "desk/tickets/unknown.html", {"number": number}, status=404)
    context = page.whole_context(request, opened, **_again(request, opened))
    context["queue"] = chosen = chosen_queue(request)
    context["strip"] = chosen is not None and (
        "queue" in request.GET or _stands_in(request.user, chosen, opened.ticket)
    )
    return render(request, "desk/tickets/detail.html", context)


def _again(request: DeskRequest, opened: DeskTicket) -> page.Context:
    """What was taken back on another page, to say it anew: `?again=` a message, or the solution."""
    if request.GET.get("again") == "solution":
        return {"solution_again": opened.solution_taken_back}
    number = page.number_in(request, "again")
    back = opened.taken_back(number) if number else None
    return page.taken_back(back) if back else {}


def _stands_in(user: User, chosen: Queue, ticket: Ticket) -> bool:
    """Whether the view that is remembered has to do with a ticket that was reached by another way.

    Only a saved view has to be asked.
    """
    if chosen.view is not None:
        return queues.tickets_in(user, chosen)[0].filter(pk=ticket.pk).exists()
    active = bool(ticket.active)
    return {
        "mine": active and ticket.assignee_id == user.pk,
        "unassigned": active and ticket.assignee_id is None,
        "all": active,
        "recent": True,
        "solved": not active,
        f"team-{ticket.team_id}": active,
    }.get(chosen.key, False)


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
