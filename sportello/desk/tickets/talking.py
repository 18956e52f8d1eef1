"""What is said on a ticket? Replies and notes, taking one back, sending one again, and that somebody is typing."""

from typing import Any

from django.http import HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from sportello.channels.delivery import states_of
from sportello.channels.email.deliveries import try_again
from sportello.channels.email.models import OutgoingMail
from sportello.desk.http import DeskRequest, desk_only, remember
from sportello.desk.tickets import page
from sportello.desk.tickets.answers import act, changed, refused, shown, taken_back
from sportello.desk.tickets.forms import SayForm
from sportello.kernel.live import publish as tell
from sportello.people.policy import authorize
from sportello.tickets import conversation, policy
from sportello.tickets.conversation import UNDO_SECONDS, Overtaken, TooLate
from sportello.tickets.files import FilesRefused
from sportello.tickets.models import Message, Presence, Ticket
from sportello.tickets.models.ticket import TransitionRefused
from sportello.ui.fragments import toast

TYPED = ("text", "to", "cc", "then", "solution", "kind")


@require_POST
@desk_only
def say(request: DeskRequest, number: int) -> HttpResponseBase:
    """A reply leaves after the undo time; a note stays here. Nothing that was typed is lost."""
    ticket = page.ticket_of(request, number)
    note = request.POST.get("kind") == "note"
    authorize(policy.can_note(request.user, ticket) if note else policy.can_reply(request.user, ticket))
    form = SayForm(request.POST, request.FILES, ticket=ticket, user=request.user)
    if not form.is_valid():
        return _not_said(request, ticket, status=422, errors=form.errors)
    authorize(note or policy.can_reply(request.user, ticket, form.cleaned_data["then"]))
    try:
        return _noted(request, ticket, form) if note else _replied(request, ticket, form)
    except Overtaken as overtaken:
        return _not_said(request, ticket, status=409, overtaken=overtaken.said)
    except FilesRefused as refusal:
        return _not_said(request, ticket, status=413, errors={"files": [str(refusal)]})
    except TransitionRefused:
        return _not_said(
            request, ticket, status=409, errors={"then": [_("The ticket has been closed in the meantime.")]}
        )


def _noted(request: DeskRequest, ticket: Ticket, form: SayForm) -> HttpResponse:
    form.say_once(lambda words: conversation.note(ticket, words, by=request.user))
    return changed(request, ticket, composer={})


def _replied(request: DeskRequest, ticket: Ticket, form: SayForm) -> HttpResponse:
    data = form.cleaned_data
    more = {"then": data["then"], "solution": data["solution"], "seen": None if data["anyway"] else data["seen"]}
    message = form.say_once(lambda words: conversation.reply(ticket, words, by=request.user, **more))
    remember(request, "then", data["then"] or "open")
    undo = reverse("desk:withdrawal", args=[message.pk])
    response = changed(request, ticket, composer={})
    mail = states_of([message]).get(message.pk)
    if mail is None or not mail.leaves:
        text = _("Reply to %(number)s waits here until a mailbox is connected") % {"number": ticket.pk}
        return toast(request, response, text, undo_url=undo, seconds=UNDO_SECONDS)
    text, last = _goes_out(ticket, UNDO_SECONDS), _goes_out(ticket, 1)
    return toast(request, response, text, undo_url=undo, seconds=UNDO_SECONDS, tone="leaving", last_second=last)


def _goes_out(ticket: Ticket, seconds: int) -> str:
    text = ngettext(
        "Reply to %(number)s goes out in %(seconds)s second",
        "Reply to %(number)s goes out in %(seconds)s seconds",
        seconds,
    )
    return text % {"number": ticket.pk, "seconds": seconds}


def _not_said(request: DeskRequest, ticket: Ticket, *, status: int, **more: Any) -> HttpResponse:
    """What is in the way. The composer stays as it is, or comes again with all that was typed."""
    opened = page.open_ticket(request, ticket.pk)
    if request.htmx:
        context = page.composer_context(request, opened, **more)
        response = render(request, "desk/tickets/_warnings.html", context, status=status)
        response["HX-Retarget"], response["HX-Reswap"] = "#warnings", "outerHTML"
        return response
    typed = {name: request.POST[name] for name in TYPED if name in request.POST}
    return render(
        request, "desk/tickets/detail.html", page.whole_context(request, opened, **typed, **more), status=status
    )


@require_POST
@desk_only
def withdrawal(request: DeskRequest, pk: int) -> HttpResponse:
    """Take a reply back, and put its words and files into the composer again."""
    message = get_object_or_404(Message.objects.visible_to(request.user).select_related("ticket"), pk=pk)
    authorize(policy.can_withdraw(request.user, message))
    try:
        conversation.withdraw(message, by=request.user)
    except TooLate:
        return refused(request, _("That reply has already been sent."))
    return taken_back(request, message.ticket, pk, page.taken_back(message))


@require_POST
@desk_only
def delivery(request: DeskRequest, pk: int) -> HttpResponse:
    """Send a mail again that did not arrive."""
    message = get_object_or_404(Message.objects.visible_to(request.user).select_related("ticket"), pk=pk)
    authorize(policy.can_reply(request.user, message.ticket))
    mail = get_object_or_404(OutgoingMail.objects.visible_to(request.user).stuck(), message=message)
    try_again(mail, by=request.user)
    return shown(request, message.ticket)


@act(policy.can_note)
def typing(request: DeskRequest, ticket: Ticket) -> HttpResponse:
    """Somebody writes; the others see it for a few seconds."""
    Presence.type(ticket.pk, request.user.pk, note=request.POST.get("kind") == "note")
    tell("presence", ticket=ticket.pk)
    return HttpResponse(status=204)
