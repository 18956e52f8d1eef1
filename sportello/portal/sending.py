"""How do a customer's words reach us through a form? Once, however often they are sent."""

from typing import Any

from django.utils.translation import get_language, gettext_noop

from sportello.people.models import User
from sportello.portal import guard
from sportello.portal.access import Way
from sportello.portal.forms import RequestForm, SentOnceForm
from sportello.tickets import intake
from sportello.tickets.conversation import Words
from sportello.tickets.intake import NewTicket
from sportello.tickets.models import Message, Submission
from sportello.tickets.models.message import HELD
from sportello.tickets.models.submission import digest
from sportello.tickets.words import Channel


def open_by_person(form: RequestForm, person: User) -> Message:
    """Somebody who is signed in asks."""
    token = form.cleaned_data["token"] or guard.dated_token()
    return Submission.once(token, _digest(form, str(person.pk)), lambda: _open(form, person, Channel.PORTAL))


def open_by_guest(form: RequestForm) -> Message:
    """Anybody may write under any address: it shows them nothing, and what looks like a machine is marked."""
    data = form.cleaned_data
    token = data["token"] or guard.dated_token()
    content = _digest(form, data["address"])
    code = guard.suspicion(data["token"], trap=data["website"])

    def make() -> Message:
        person = User.objects.at_address_or_new(data["address"], data["name"], get_language() or "")
        message = _open(form, person, Channel.FORM, reasons=_reasons(code))
        if code:
            guard.mark(message.ticket, code)
        return message

    return Submission.once(token, content, make)


def answer(way: Way, form: SentOnceForm) -> Message:
    """It joins the request, or opens a linked new one when the follow-up window has passed."""
    token = form.cleaned_data["token"] or guard.dated_token()

    def make() -> Message:
        return intake.answer(way.ticket, _words(form), by=way.reader, channel=Channel.PORTAL)

    return Submission.once(token, _digest(form, f"{way.ticket.pk} {way.reader.pk}"), make)


def _open(form: RequestForm, person: User, channel: str, **more: Any) -> Message:
    new = NewTicket(
        subject=form.cleaned_data["subject"],
        requester=person,
        team=form.cleaned_data["topic"],
        words=_words(form, **more),
        channel=channel,
        priority=form.priority,
    )
    return intake.open_ticket(new).messages.latest("id")


def _words(form: SentOnceForm, **more: Any) -> Words:
    data = form.cleaned_data
    return Words(text=data["body"], files=data["attachments"], language=get_language() or "", **more)


def _reasons(code: str) -> list[dict[str, Any]]:
    """Agents read them beside the message."""
    found = [{"code": "form", "text": gettext_noop("The address was typed into a form, nobody has confirmed it")}]
    if code:
        found.append({"code": HELD, "text": guard.SIGNS[code], "sign": code})
    return found


def _digest(form: SentOnceForm, whose: str) -> str:
    data = form.cleaned_data
    files = [part for file in data["attachments"] for part in (file.name, file.content)]
    return digest([whose, str(data.get("subject", "")), str(data.get("topic", "")), data["body"], *files])
