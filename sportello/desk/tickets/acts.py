"""What is done to a ticket? Each act: fetch, ask the policy, call the verb, show what changed."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.channels.email.addresses import normalise
from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.people.models import Team, User
from sportello.people.policy import authorize
from sportello.tickets import policy
from sportello.tickets.models import Ticket
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.words import Priority, Status, TicketType
from sportello.ui.fragments import fragments, toast

STATUS_VERBS: dict[str, Callable[..., bool]] = {
    Status.OPEN: Ticket.start,
    Status.WAITING: Ticket.wait,
    Status.ON_HOLD: Ticket.hold,
    Status.SOLVED: Ticket.solve,
}


def shown(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    """The parts that an act may have changed; without htmx the page; the queue when it left the person's sight."""
    fresh = Ticket.objects.visible_to(request.user).with_people().filter(pk=ticket.pk).first()
    if fresh is None:
        response = HttpResponse(headers={"HX-Redirect": "/desk/"}) if request.htmx else redirect("desk:home")
        return toast(request, response, _("Ticket %(number)s went to another team") % {"number": ticket.pk})
    if not request.htmx:
        return redirect("desk:ticket", ticket.pk)
    context: dict[str, Any] = {
        **page.header_context(request, fresh),
        **page.timeline_context(request, fresh),
        **page.context_context(request, fresh),
        **page.presence_context(request, fresh),
    }
    return fragments(
        request, "desk/tickets/_header.html", "desk/tickets/_timeline.html", "desk/tickets/_context.html", **context
    )


def refused(request: DeskRequest, text: str, status: int = 409) -> HttpResponse:
    """Say why nothing changed."""
    if request.htmx:
        response = HttpResponse(status=200, headers={"HX-Reswap": "none"})
        return toast(request, response, text, tone="bad")
    from sportello.ui.errors import problem_page

    return problem_page(request, status, _("That did not work"), text)


@require_POST
@desk_only
def solution(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_solve(request.user, ticket))
    try:
        ticket.solve(by=request.user, note=request.POST.get("note", ""))
    except TransitionRefused as refusal:
        return refused(request, _refusal(refusal))
    return shown(request, ticket)


@require_POST
@desk_only
def status(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    verb = STATUS_VERBS.get(request.POST.get("status", ""))
    if verb is None:
        return refused(request, _("There is no such status."), 422)
    try:
        verb(ticket, by=request.user)
    except TransitionRefused as refusal:
        return refused(request, _refusal(refusal))
    return shown(request, ticket)


def _refusal(refusal: TransitionRefused) -> str:
    names = {"now": Status(refusal.current).label, "wanted": Status(refusal.wanted).label}
    return _("This ticket is %(now)s and cannot become %(wanted)s.") % names


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 18 else 0


@require_POST
@desk_only
def assignment(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    wanted = request.POST.get("assignee", "")
    assignee = get_object_or_404(User.objects.staff(), pk=_number(wanted)) if wanted else None
    authorize(policy.can_assign(request.user, ticket, assignee))
    ticket.assign_to(assignee, by=request.user)
    return shown(request, ticket)


@require_POST
@desk_only
def team(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_move(request.user, ticket))
    ticket.move_to(get_object_or_404(Team.objects.active(), pk=_number(request.POST.get("team", ""))), by=request.user)
    return shown(request, ticket)


@require_POST
@desk_only
def priority(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    wanted = _number(request.POST.get("priority", ""))
    if wanted not in Priority.values:
        return refused(request, _("There is no such priority."), 422)
    ticket.prioritise(wanted, by=request.user)
    return shown(request, ticket)


@require_POST
@desk_only
def kind(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    if request.POST.get("type") not in TicketType.values:
        return refused(request, _("There is no such type."), 422)
    ticket.retype(request.POST["type"], by=request.user)
    return shown(request, ticket)


@require_POST
@desk_only
def subject(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    wanted = " ".join(request.POST.get("subject", "").split())[:5000]
    if not wanted:
        return refused(request, _("A ticket needs a subject."), 422)
    ticket.rename(wanted, by=request.user)
    return shown(request, ticket)


@require_POST
@desk_only
def tags(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    ticket.tag(by=request.user, add=request.POST.getlist("add")[:20], remove=request.POST.getlist("remove")[:20])
    return shown(request, ticket)


@require_POST
@desk_only
def participants(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    if request.POST.get("remove"):
        person = get_object_or_404(ticket.participants.all(), pk=_number(request.POST["remove"]))
        ticket.remove_participant(person, by=request.user)
        return shown(request, ticket)
    address = normalise(request.POST.get("address", ""))
    if address is None:
        return refused(request, _("That is no mail address. It looks like name@example.com."), 422)
    ticket.add_participant(User.objects.at_address_or_new(address), by=request.user)
    return shown(request, ticket)


@require_POST
@desk_only
def requester(request: DeskRequest, number: int) -> HttpResponse:
    ticket = page.ticket_of(request, number)
    authorize(policy.can_change(request.user, ticket))
    address = normalise(request.POST.get("address", ""))
    if address is None:
        return refused(request, _("That is no mail address. It looks like name@example.com."), 422)
    ticket.change_requester(User.objects.at_address_or_new(address), by=request.user)
    return shown(request, ticket)
