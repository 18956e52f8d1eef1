"""What does a person see after an act? The part that it changed, the page again, or why it was refused."""

from collections.abc import Callable
from functools import wraps
from urllib.parse import urlsplit

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.people.models import User
from sportello.people.policy import authorize
from sportello.tickets.models import Ticket, TicketSeen
from sportello.tickets.models.ticket import TransitionRefused
from sportello.tickets.policy import can_view
from sportello.tickets.words import Status
from sportello.ui.errors import problem_page
from sportello.ui.fragments import fragments, toast
from sportello.ui.undoing import forget

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
    """What an act changed, for one who has seen the ticket by acting on it."""
    if can_view(request.user, ticket):
        TicketSeen.mark(ticket.pk, request.user.pk)
    return changed(request, ticket)


def changed(
    request: DeskRequest, ticket: Ticket, composer: page.Context | None = None, **header: object
) -> HttpResponse:
    """The header, while other parts look for themselves; without htmx the page; the queue when it left one's sight.

    With `composer`, even an empty one, a composer that holds it comes along. `header` is more for the header to show.
    """
    if not can_view(request.user, ticket):
        response = HttpResponse(headers={"HX-Redirect": "/desk/"}) if request.htmx else redirect("desk:home")
        return toast(request, response, _("Ticket %(number)s went to another team") % {"number": ticket.pk})
    if not request.htmx:
        return redirect("desk:ticket", ticket.pk)
    opened = page.open_ticket(request, ticket.pk)
    context = page.header_context(request, opened) | page.presence_context(request, opened)
    response = fragments(request, "desk/tickets/_header.html", **context, **header)
    response["HX-Trigger"] = CHANGED
    if composer is not None:
        context = page.composer_context(request, opened, **composer) | {"oob": True}
        response.write(render_to_string("desk/tickets/_composer.html", context, request))
    return response


def taken_back(
    request: DeskRequest, ticket: Ticket, again: object, composer: page.Context | None = None, **header: object
) -> HttpResponse:
    """What was said, to say it anew: in the page that shows the ticket, or else by leading there with `?again=`."""
    own = reverse("desk:ticket", args=[ticket.pk])
    asking = urlsplit(request.htmx.current_url or own).path if request.htmx else ""
    if asking == own or not can_view(request.user, ticket):
        response = changed(request, ticket, composer, **header)
    else:
        address = f"{own}?again={again}{'' if composer is None else '#composer'}"
        response = HttpResponse(headers={"HX-Redirect": address}) if request.htmx else redirect(address)
    forget(request, response, request.path)
    return response


def refused(request: HttpRequest, text: str | Promise, status: int = 409) -> HttpResponse:
    """Say why nothing changed."""
    return problem_page(request, status, _("That did not work"), text)


def sentence_of(refusal: TransitionRefused) -> str:
    names = {"now": Status(refusal.current).label, "wanted": Status(refusal.wanted).label}
    return _("This ticket is %(now)s and cannot become %(wanted)s.") % names
