"""What does a person see after an act? The part that it changed, the page again, or why it was refused."""

from collections.abc import Callable
from functools import wraps

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.desk.tickets.thread import DeskTicket
from sportello.people.models import User
from sportello.people.policy import authorize
from sportello.tickets.models import Ticket, TicketSeen
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.words import Status
from sportello.ui.errors import problem_page
from sportello.ui.fragments import fragments, toast

CHANGED = "ticket-changed"  # what the other parts of the page listen for
Policy = Callable[[User, Ticket], bool]
Act = Callable[[DeskRequest, Ticket], HttpResponse]
View = Callable[[DeskRequest, int], HttpResponseBase]


def act(allowed: Policy) -> Callable[[Act], View]:
    """POST only. The ticket must be visible (404) and the act allowed (403); a refused change of status is a 409."""

    def decorate(view: Act) -> View:
        @require_POST
        @desk_only
        @wraps(view)
        def guarded(request: DeskRequest, number: int) -> HttpResponseBase:
            ticket = page.ticket_of(request, number)
            authorize(allowed(request.user, ticket))
            try:
                return view(request, ticket)
            except TransitionRefused as refusal:
                return refused(request, sentence_of(refusal))

        return guarded

    return decorate


def shown(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    """The header, while other parts look for themselves; without htmx the page; the queue when it left one's sight."""
    opened = DeskTicket.find(ticket.pk, request.user)
    if opened is None:
        response = HttpResponse(headers={"HX-Redirect": "/desk/"}) if request.htmx else redirect("desk:home")
        return toast(request, response, _("Ticket %(number)s went to another team") % {"number": ticket.pk})
    TicketSeen.mark(ticket.pk, request.user.pk)
    if not request.htmx:
        return redirect("desk:ticket", ticket.pk)
    context = page.header_context(request, opened) | page.presence_context(request, opened)
    response = fragments(request, "desk/tickets/_header.html", **context)
    response["HX-Trigger"] = CHANGED
    return response


def refused(request: HttpRequest, text: str | Promise, status: int = 409) -> HttpResponse:
    """Say why nothing changed."""
    return problem_page(request, status, _("That did not work"), text)


def sentence_of(refusal: TransitionRefused) -> str:
    names = {"now": Status(refusal.current).label, "wanted": Status(refusal.wanted).label}
    return _("This ticket is %(now)s and cannot become %(wanted)s.") % names
