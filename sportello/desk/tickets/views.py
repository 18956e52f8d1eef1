"""The ticket page, its parts for live updates, its history, and opening a ticket for somebody."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.desk.tickets.forms import NewTicketForm
from sportello.desk.tickets.sentences import sentences
from sportello.people.models import User
from sportello.people.policy import authorize
from sportello.tickets import policy, queues, replay
from sportello.tickets.models import Ticket
from sportello.ui.fragments import toast

STRIP = 20
PARTS: dict[str, Callable[[DeskRequest, Ticket], dict[str, Any]]] = {
    "header": page.header_context,
    "timeline": page.timeline_context,
    "context": page.context_context,
    "presence": page.presence_context,
}


@require_GET
@desk_only
def ticket_page(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    context: dict[str, Any] = {}
    for part in PARTS.values():
        context |= part(request, ticket)
    context |= page.composer_context(request, ticket)
    context |= _place(request, ticket)
    return render(request, "desk/tickets/detail.html", context)


def _place(request: DeskRequest, ticket: Ticket) -> dict[str, Any]:
    """Where the ticket stands in the queue that it was opened from."""
    chosen = queues.queue(request.user, request.GET.get("queue", "") or request.session.get("queue", "mine"))
    if chosen is None:
        return {}
    before, after = queues.neighbours(request.user, chosen, ticket)
    return {"queue": chosen, "before": before, "after": after, "current": ticket.pk, **strip(request.user, chosen)}


def strip(user: User, chosen: queues.Queue) -> dict[str, Any]:
    """The first rows of the queue, beside the ticket."""
    rows = queues.page(user, chosen)
    return {"tickets": rows.tickets[:STRIP], "page": rows, "unread": queues.unread_ids(user, rows.tickets[:STRIP])}


@require_GET
@desk_only
def part(request: DeskRequest, number: int, name: str) -> HttpResponse:
    """One partial, for a screen that heard of a change."""
    ticket = page.ticket_of(request, number)
    return render(request, f"desk/tickets/_{name}.html", PARTS[name](request, ticket))


@require_GET
@desk_only
def history(request: DeskRequest, number: int) -> HttpResponse:
    """Every fact, and the ticket as it was at a moment beside how it is now."""
    ticket = page.ticket_of(request, number)
    entries = list(ticket.timeline.select_related("actor"))
    told = sentences(entries)
    at = parse_datetime(request.GET.get("at", "")[:40]) if request.GET.get("at") else None
    if at and timezone.is_naive(at):
        at = timezone.make_aware(at)
    then = replay.as_it_was(ticket, at) if at else {}
    now = replay.as_it_is(ticket)
    rows = [(name, then.get(name), value) for name, value in now.items() if then and then.get(name) != value]
    lines = [told[entry.pk] for entry in entries]
    return render(
        request, "desk/tickets/history.html", {"ticket": ticket, "lines": lines, "at": at, "rows": rows, "then": then}
    )


@require_http_methods(["GET", "POST"])
@desk_only
def new_ticket(request: DeskRequest) -> HttpResponseBase:
    """Open a ticket for somebody: by phone, at the counter, by letter."""
    form = NewTicketForm(request.POST or None, request.FILES or None, user=request.user)
    if request.method == "POST" and form.is_valid():
        authorize(policy.can_open(request.user, form.cleaned_data["team"].pk))
        ticket = form.open()
        return toast(request, redirect("desk:ticket", ticket.pk), _("Ticket %(number)s opened") % {"number": ticket.pk})
    people = User.objects.visible_to(request.user).customers().newest()
    status = 422 if form.is_bound else 200
    return render(request, "desk/tickets/new.html", {"form": form, "people": people}, status=status)
