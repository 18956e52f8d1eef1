"""Which tickets wait, and in which order? The queue page, its parts, and search."""

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sportello.desk.http import DeskRequest, desk_only, remember
from sportello.desk.queue.bulk import job_context
from sportello.desk.queue.chips import filter_bar
from sportello.desk.queue.next_steps import next_steps
from sportello.kernel.numbers import row_number
from sportello.people.models import User
from sportello.tickets import conditions, policy, queues
from sportello.tickets.finding import find_tickets
from sportello.tickets.models import BulkJob, Message, SavedView, Ticket
from sportello.tickets.paging import ORDERS
from sportello.tickets.queues import Queue
from sportello.tickets.words import SETTABLE

PREVIEWED = 3
STRIP = 20
FOUND = 50


@require_GET
@desk_only
def home(request: DeskRequest) -> HttpResponseBase:
    """The queue that the person looked at last, or what is theirs."""
    key = request.session.get("queue", "mine")
    return redirect("desk:queue", key if queues.queue(request.user, key) else "mine")


def chosen_queue(request: DeskRequest, key: str) -> Queue:
    found = queues.queue(request.user, key)
    if found is None:
        raise Http404
    return found


def list_context(request: DeskRequest, chosen: Queue) -> dict[str, Any]:
    text = " ".join(filter(None, request.GET.getlist("q")))[:500]  # the chips, and what is typed beside them
    sort = request.GET.get("sort", "")
    page = queues.page(request.user, chosen, text=text, sort=sort, after=request.GET.get("after", ""))
    asked, problems = text, tuple[str, ...]()
    if page.problems and (typed := conditions.parse(text, request.user)).problems:
        asked, problems = str(typed.readable), typed.problems  # the list stays what the rest asks for
        page = queues.page(request.user, chosen, text=asked, sort=sort, after=request.GET.get("after", ""))
    return {
        "queue": chosen,
        "page": page,
        "asked": asked,
        "problems": problems,
        "is_first_page": "after" not in request.GET,
        "tickets": page.tickets,
        "unread": queues.unread_ids(request.user, page.tickets),
        "q": text,
        "sort": sort if sort in ORDERS else chosen.sort,
    }


def sidebar_context(user: User, chosen: Queue) -> dict[str, Any]:
    saved = list(SavedView.objects.visible_to(user))
    counts = queues.counts(user, saved)
    items = [("mine", _("Mine"), "user"), ("unassigned", _("Unassigned"), "inbox"), ("all", _("All active"), "mail")]
    return {
        "queue": chosen,
        "items": [(key, label, icon, counts.get(key, 0)) for key, label, icon in items],
        "teams": [(f"team-{team.pk}", team, counts.get(f"team-{team.pk}", 0)) for team in queues.teams_of(user)],
        "saved": [(f"saved-{view.pk}", view, counts.get(f"saved-{view.pk}", 0)) for view in saved],
        **counted(chosen, counts.get(chosen.key)),
    }


def counted(chosen: Queue, count: int | None) -> dict[str, Any]:
    """How many tickets the view's head and the page's title name."""
    return {"count": count, "page_title": chosen.title if count is None else f"{chosen.title} ({count})"}


@require_GET
@desk_only
def queue_page(request: DeskRequest, key: str) -> HttpResponse:
    chosen = chosen_queue(request, key)
    remember(request, "queue", key)
    context = list_context(request, chosen) | sidebar_context(request.user, chosen) | {"statuses": SETTABLE}
    context |= filter_context(request.user, chosen, context)
    context |= job_context(BulkJob.objects.shown_to(request.user))
    context["next_steps"] = next_steps(request.user)
    return render(request, "desk/queue/queue.html", context)


def filter_context(user: User, chosen: Queue, shown: dict[str, Any]) -> dict[str, Any]:
    """The bar, what may be done with the view, and how many tickets stand below: no number where nothing is read."""
    page, text, count = shown["page"], shown["asked"], shown["count"]
    if page.problems:
        count = None
    elif text:
        tickets, _typed = queues.tickets_in(user, chosen, text)
        whole = shown["is_first_page"] and not page.next
        count = len(page.tickets) if whole else tickets.order_by()[: queues.CAP].count()
    may_edit = chosen.view is not None and policy.can_edit_view(user, chosen.view)
    return {"bar": filter_bar(user, chosen, shown["q"]), "may_edit_view": may_edit, **counted(chosen, count)}


@require_GET
@desk_only
def queue_list(request: DeskRequest, key: str) -> HttpResponse:
    """The rows alone, for a screen that heard of a change."""
    context = list_context(request, chosen_queue(request, key))
    beside = row_number(request.GET.get("strip", ""))
    if beside is not None:
        context |= {"tickets": context["tickets"][:STRIP], "strip": True, "current": beside}
    return render(request, "desk/queue/_list.html", context)


@require_GET
@desk_only
def completions(request: DeskRequest) -> HttpResponse:
    """How the conditions that somebody types could go on, as options."""
    return render(
        request, "desk/queue/completions.html", {"found": conditions.suggest(request.GET.get("q", ""), request.user)}
    )


@require_GET
@desk_only
def sidebar(request: DeskRequest, key: str) -> HttpResponse:
    """Its counts, with the one that the page says in its head and its title."""
    chosen, text = chosen_queue(request, key), request.GET.get("q", "")
    context = sidebar_context(request.user, chosen) | {"searching": "searching" in request.GET, "q": text}
    if text:
        tickets, typed = queues.tickets_in(request.user, chosen, text)
        if typed.problems:
            tickets, typed = queues.tickets_in(request.user, chosen, str(typed.readable))
        context |= counted(chosen, None if typed.problems else tickets.order_by()[: queues.CAP].count())
    return render(request, "desk/queue/sidebar.html", context)


@require_GET
@desk_only
def preview(request: DeskRequest, key: str, number: int) -> HttpResponse:
    ticket = get_object_or_404(Ticket.objects.visible_to(request.user).with_people(), pk=number)
    context = {
        "ticket": ticket,
        "messages": Message.objects.visible_to(request.user).of_ticket(ticket).newest(PREVIEWED),
        "queue": chosen_queue(request, key),
        "unread": queues.unread_ids(request.user, [ticket]),
        "may_reply": policy.can_reply(request.user, ticket),
    }
    return render(request, "desk/queue/_preview.html", context)


@require_GET
@desk_only
def search(request: DeskRequest) -> HttpResponse:
    """By number, words, name and address. A number goes to its ticket, conditions to the list that reads them."""
    text = request.GET.get("q", "").strip()[:500]
    asked = conditions.parse(text, request.user)
    if not asked.problems and any(condition.field != "number" for condition in asked.conditions):
        return redirect(f"{reverse('desk:queue', args=['all'])}?{urlencode({'q': text})}")
    found = find_tickets(request.user, text, limit=FOUND + 1)
    if text.startswith("#") and len(found) == 1:
        return HttpResponseRedirect(reverse("desk:ticket", args=[found[0].ticket.pk]))
    context = {
        "found": found[:FOUND],
        "more": len(found) > FOUND,
        "q": text,
        **sidebar_context(request.user, chosen_queue(request, "all")),
        "searching": True,
    }
    return render(request, "desk/queue/search.html", context)
