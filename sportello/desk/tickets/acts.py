"""What is done to a ticket? Each act calls one verb; what may be chosen for it is asked of the same address."""

from django.core.exceptions import ValidationError
from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.desk.tickets.answers import act, refused, shown, taken_back
from sportello.kernel.addresses import usable_address
from sportello.kernel.numbers import row_number
from sportello.people.models import Team, User
from sportello.people.policy import authorize
from sportello.people.roles import Right
from sportello.tickets import conversation, policy
from sportello.tickets.conversation import UNDO_SECONDS, TooLate
from sportello.tickets.copies import OUR_OWN, is_ours
from sportello.tickets.models import Ticket
from sportello.tickets.models.tag import LONGEST_TAG
from sportello.tickets.words import SETTABLE, Priority, Status, TicketType
from sportello.ui.fragments import toast


@act(policy.can_solve)
def solution(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    return _solved(request, ticket, request.POST.get("note", "").strip())


def _solved(request: DeskRequest, ticket: Ticket, note: str = "") -> HttpResponse:
    """With a way back as long as the customer has not heard of it."""
    authorize(policy.can_solve(request.user, ticket, note))
    solved = conversation.solve(ticket, by=request.user, note=note)
    response = shown(request, ticket)
    if not solved:
        return response
    undo = reverse("desk:solution_withdrawal", args=[ticket.pk])
    text = _("%(number)s is solved") % {"number": ticket.pk}
    return toast(request, response, text, undo_url=undo, seconds=UNDO_SECONDS)


@act(policy.can_unsolve)
def solution_withdrawal(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    """Before the customer hears of it. How it was solved comes back into its field."""
    note = ticket.solution
    try:
        conversation.take_solution_back(ticket, by=request.user)
    except TooLate:
        return refused(request, _("The customer has been told already. You can open the ticket again."))
    return taken_back(request, ticket, "solution", solution_again=note)


@act(policy.can_view)
def status(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    wanted = request.POST.get("status", "")
    if wanted not in SETTABLE:
        return refused(request, _("There is no such status."), 422)
    authorize(policy.can_set(request.user, ticket, wanted))
    if wanted == Status.SOLVED:
        return _solved(request, ticket)
    ticket.set_status(wanted, by=request.user)
    return shown(request, ticket)


@require_http_methods(["GET", "POST"])
@desk_only
def assignment(request: DeskRequest, number: int) -> HttpResponseBase:
    """POST makes it somebody's, or nobody's; GET says whose it can be."""
    ticket = page.ticket_of(request, number)
    if request.method == "GET":
        authorize(policy.can_assign(request.user, ticket))
        colleagues = User.objects.who_may(Right.REPLY, ticket.team_id).order_by("name")
        return render(request, "desk/tickets/assignees.html", {"ticket": ticket, "colleagues": colleagues})
    wanted = request.POST.get("assignee", "")
    assignee = get_object_or_404(User.objects.staff(), pk=row_number(wanted)) if wanted else None
    authorize(policy.can_assign(request.user, ticket))
    try:
        ticket.check_assignee(assignee)
    except ValidationError as refusal:
        return refused(request, refusal.messages[0], 422)
    ticket.assign_to(assignee, by=request.user)
    return shown(request, ticket)


@require_http_methods(["GET", "POST"])
@desk_only
def team(request: DeskRequest, number: int) -> HttpResponseBase:
    """POST hands it to another team; GET says to which it can go."""
    ticket = page.ticket_of(request, number)
    authorize(policy.can_move(request.user, ticket))
    if request.method == "GET":
        return render(request, "desk/tickets/teams.html", {"ticket": ticket, "teams": Team.objects.active()})
    ticket.move_to(
        get_object_or_404(Team.objects.active(), pk=row_number(request.POST.get("team", ""))), by=request.user
    )
    return shown(request, ticket)


@act(policy.can_change)
def priority(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    wanted = row_number(request.POST.get("priority", ""))
    if wanted not in Priority.values:
        return refused(request, _("There is no such priority."), 422)
    ticket.prioritise(wanted, by=request.user)
    return shown(request, ticket)


@act(policy.can_change)
def kind(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    wanted = request.POST.get("type", "")
    if wanted not in TicketType.values:
        return refused(request, _("There is no such type."), 422)
    ticket.retype(wanted, by=request.user)
    return shown(request, ticket)


@act(policy.can_change)
def subject(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    wanted = request.POST.get("subject", "").strip()
    if not wanted:
        return refused(request, _("A ticket needs a subject."), 422)
    ticket.rename(wanted, by=request.user)
    return shown(request, ticket)


@act(policy.can_change)
def tags(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    added = request.POST.getlist("add")[:20]
    if any(len(name.strip()) > LONGEST_TAG for name in added):
        return refused(request, _("A tag has at most %(most)s characters.") % {"most": LONGEST_TAG}, 422)
    ticket.tag(by=request.user, add=added, remove=request.POST.getlist("remove")[:20])
    return shown(request, ticket)


@act(policy.can_change)
def participants(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    if request.POST.get("remove"):
        gone = get_object_or_404(ticket.participants.all(), pk=row_number(request.POST["remove"]))
        ticket.remove_participant(gone, by=request.user)
        return shown(request, ticket)
    person = _person_at(request.POST.get("address", ""))
    if person is None:
        return refused(request, _why_nobody(request.POST.get("address", "")), 422)
    ticket.add_participant(person, by=request.user)
    return shown(request, ticket)


@act(policy.can_change)
def requester(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    person = _person_at(request.POST.get("address", ""))
    if person is None:
        return refused(request, _why_nobody(request.POST.get("address", "")), 422)
    ticket.change_requester(person, by=request.user)
    return shown(request, ticket)


def _person_at(text: str) -> User | None:
    """Who owns the address, a new customer where nobody does; None where it is no address, or one of ours."""
    address = usable_address(text)
    return User.objects.at_address_or_new(address) if address and not is_ours(address) else None


def _why_nobody(text: str) -> str:
    address = usable_address(text)
    return str(OUR_OWN) if address and is_ours(address) else _("Write the address like name@example.com.")
