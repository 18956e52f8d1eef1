"""What is said on a ticket? Replies and notes, taking one back, sending one again, and that somebody is typing."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from sportello.channels.email.deliveries import try_again
from sportello.channels.email.models import OutgoingMail
from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.desk.tickets.acts import refused, shown
from sportello.desk.tickets.forms import SayForm
from sportello.kernel.live import publish as tell
from sportello.people.policy import authorize
from sportello.tickets import conversation, policy
from sportello.tickets.conversation import UNDO_SECONDS, TooLate
from sportello.tickets.files import FilesRefused
from sportello.tickets.models import Message, Presence, Ticket, TicketSeen
from sportello.tickets.models.ticket import TransitionRefused
from sportello.ui.fragments import toast


@require_POST
@desk_only
def say(request: DeskRequest, number: int) -> HttpResponse:
    """A reply leaves after the undo time; a note stays here. Nothing that was typed is lost."""
    ticket = page.ticket_of(request, number)
    form = SayForm(request.POST, request.FILES)
    note = request.POST.get("kind") == "note"
    authorize(policy.can_note(request.user, ticket) if note else policy.can_reply(request.user, ticket))
    if not form.is_valid():
        return _again(request, ticket, errors=form.errors, status=422)
    if not note and not form.cleaned_data["anyway"] and _was_overtaken(ticket, form.cleaned_data["seen"]):
        return _again(request, ticket, overtaken=True, status=409)
    try:
        return _said(request, ticket, form)
    except FilesRefused as refusal:
        return _again(request, ticket, errors={"files": [str(refusal)]}, status=413)
    except TransitionRefused:
        return _again(request, ticket, errors={"then": [_("The ticket is closed meanwhile.")]}, status=409)


def _said(request: DeskRequest, ticket: Ticket, form: SayForm) -> HttpResponse:
    data = form.cleaned_data
    TicketSeen.mark(ticket.pk, request.user.pk)
    if data["kind"] == "note":
        conversation.note(ticket, form.words(), by=request.user)
        return _shown_empty(request, ticket)
    request.session["then"] = data["then"] or "open"
    message = conversation.reply(ticket, form.words(), by=request.user, then=data["then"], solution=data["solution"])
    undo = reverse("desk:withdrawal", args=[message.pk])
    text = _("Reply to %(number)s goes out in %(seconds)s seconds") % {"number": ticket.pk, "seconds": UNDO_SECONDS}
    return toast(request, _shown_empty(request, ticket), text, undo_url=undo, seconds=UNDO_SECONDS)


def _was_overtaken(ticket: Ticket, seen: int | None) -> bool:
    """Whether a customer wrote since the page was loaded."""
    return seen is not None and Message.objects.of_ticket(ticket).incoming_after(seen).exists()


def _shown_empty(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    response = shown(request, ticket)
    if request.htmx and response.status_code == 200:
        fresh = page.ticket_of(request, ticket.pk)
        html = render(request, "desk/tickets/_composer.html", page.composer_context(request, fresh) | {"oob": True})
        response.write(html.content.decode())
    return response


def _again(request: DeskRequest, ticket: Ticket, *, status: int, **more: Any) -> HttpResponse:
    """The composer as it was, with what is in the way."""
    typed = {name: request.POST.get(name, "") for name in ("text", "to", "cc", "then", "solution", "kind")}
    context = page.composer_context(request, ticket) | typed | more
    if request.htmx:
        response = render(request, "desk/tickets/_composer.html", context | {"oob": False})
        response["HX-Retarget"], response["HX-Reswap"] = "#composer", "outerHTML"
        return response
    everything = {**page.header_context(request, ticket), **page.timeline_context(request, ticket)}
    everything |= {**page.context_context(request, ticket), **page.presence_context(request, ticket), **context}
    return render(request, "desk/tickets/detail.html", everything, status=status)


@require_POST
@desk_only
def withdrawal(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a reply back, and put its words into the composer again."""
    message = get_object_or_404(Message.objects.visible_to(request.user).select_related("ticket"), pk=pk)
    authorize(message.author_id == request.user.pk and policy.can_reply(request.user, message.ticket))
    try:
        conversation.withdraw(message, by=request.user)
    except TooLate:
        return refused(request, _("That reply has left already."))
    if not request.htmx:
        return redirect("desk:ticket", message.ticket_id)
    response = shown(request, message.ticket)
    context = page.composer_context(request, page.ticket_of(request, message.ticket_id), text=message.text, oob=True)
    response.write(render(request, "desk/tickets/_composer.html", context).content.decode())
    return response


@require_POST
@desk_only
def delivery(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a mail again that did not arrive."""
    message = get_object_or_404(Message.objects.visible_to(request.user).select_related("ticket"), pk=pk)
    authorize(policy.can_reply(request.user, message.ticket))
    mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user).stuck(), message=message)
    try_again(mail)
    return shown(request, message.ticket)


@require_POST
@desk_only
def typing(request: DeskRequest, number: int) -> HttpResponse:
    """Somebody writes; the others see it for a few seconds."""
    ticket = page.ticket_of(request, number)
    Presence.type(ticket.pk, request.user.pk, note=request.POST.get("kind") == "note")
    tell("presence", ticket=ticket.pk)
    return HttpResponse(status=204)
