"""What does the ticket page show? Gathered in few queries, the same number for one message as for fifty."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils.translation import get_language_info, ngettext
from django.utils.translation import gettext as _

from sportello.desk.http import DeskRequest
from sportello.desk.tickets.thread import (
    DeskTicket,
    Line,
    deliveries_version,
    lines_of,
    mark_new,
    on_their_way,
    travelling,
    version_of,
)
from sportello.kernel.numbers import row_number
from sportello.people.models import User
from sportello.tickets import policy
from sportello.tickets.models import Message, Ticket
from sportello.tickets.models.submission import new_token
from sportello.tickets.reading import HISTORY, Stretch
from sportello.tickets.words import ALLOWED_FROM, SETTABLE, Priority, Status, TicketType

Context = dict[str, Any]
EARLIER_SHOWN = 3
DECISIONS_SHOWN = 5


def ticket_of(request: DeskRequest, number: int) -> Ticket:
    """Raises Http404 for one that does not exist or is not visible."""
    return get_object_or_404(Ticket.objects.visible_to(request.user).select_related("requester"), pk=number)


def open_ticket(request: DeskRequest, number: int) -> DeskTicket:
    """The same, with all that can be read of it. Raises Http404."""
    found = DeskTicket.find(number, request.user)
    if found is None:
        raise Http404
    return found


def rights(user: User, ticket: Ticket) -> dict[str, bool]:
    return {
        "note": policy.can_note(user, ticket),
        "reply": policy.can_reply(user, ticket),
        "change": policy.can_change(user, ticket),
        "assign": policy.can_assign(user, ticket),
    }


def shared_context(request: DeskRequest, opened: DeskTicket) -> Context:
    return {"ticket": opened.ticket, "may": rights(request.user, opened.ticket)}


def header_context(request: DeskRequest, opened: DeskTicket) -> Context:
    ticket = opened.ticket
    may = rights(request.user, ticket)
    shown = (ticket.status, ticket.priority, ticket.type, ticket.team_id, ticket.assignee_id, ticket.subject, may)
    return {
        "ticket": ticket,
        "may": may,
        "statuses": [s for s in SETTABLE if ticket.status in ALLOWED_FROM[s] and s != Status.SOLVED],
        "can_be_solved": ticket.status in ALLOWED_FROM[Status.SOLVED],
        "priorities": sorted(Priority, reverse=True),
        "types": list(TicketType),
        "header_version": version_of(shown),
    }


def timeline_context(request: DeskRequest, opened: DeskTicket) -> Context:
    """The end of the conversation, or the stretch before `?before=`."""
    before = number_in(request, "before")
    stretch = opened.before(before) if before else opened.newest
    lines = lines_of(opened, stretch)
    if not before:
        mark_new(lines, opened.seen_at)
    return {
        **shared_context(request, opened),
        **tail_context(stretch, lines),
        "lines": lines,
        "earlier": stretch.messages[0].pk if stretch.has_earlier else None,
        "before": before,
    }


def tail_context(stretch: Stretch, lines: list[Line]) -> Context:
    """From where a screen asks for what comes next."""
    known = {line.message.pk: line.delivery for line in lines if line.message and line.delivery}
    ours = travelling(stretch.messages, known)
    return {
        "last_entry": stretch.entries[-1].pk if stretch.entries else 0,
        "last_message": stretch.messages[-1].pk if stretch.messages else 0,
        "deliveries_version": deliveries_version(ours, [line.notice for line in lines if line.notice]),
    }


def news_context(request: DeskRequest, opened: DeskTicket, after: int) -> Context:
    """What was added to the conversation after an entry, and how far our messages are on their way."""
    stretch, messages = opened.after(after), _with_what_is_shown(opened.travelling())
    ours, notices = on_their_way(opened.ticket, messages)
    return {
        **shared_context(request, opened),
        **tail_context(stretch, []),
        "lines": lines_of(opened, stretch, after=after),
        "ours": ours,
        "notices": notices,
        "deliveries_version": deliveries_version(ours, notices),
    }


def _with_what_is_shown(ours: list[Message]) -> list[Message]:
    """Oldest first. One that was taken back is drawn anew on every screen, so it comes with its files."""
    back = [message.pk for message in ours if message.withdrawn_at]
    whole = Message.objects.for_thread().in_bulk(back)
    return [whole.get(message.pk, message) for message in reversed(ours)]


def composer_context(request: DeskRequest, opened: DeskTicket, **more: Any) -> Context:
    """The form to answer with, empty unless `more` says otherwise."""
    messages = opened.newest.messages
    then = request.session.get("then", Status.WAITING)
    return {
        **shared_context(request, opened),
        "to": opened.ticket.requester.address,
        "cc": ", ".join(person.address for person in opened.participants),
        "limit": settings.UPLOAD_LIMIT_BYTES,
        "then": then if then in dict(then_choices()) else Status.WAITING,
        "then_choices": then_choices(),
        "kind": request.GET.get("kind", "reply"),
        "mail_can_leave": opened.mail_can_leave,
        "last_message": messages[-1].pk if messages else 0,
        "token": new_token(),
        **more,
    }


def taken_back(message: Message) -> Context:
    """The words and files of a reply that was taken back, for the composer."""
    addressed = {name: ", ".join(message.recipients[name]) for name in ("to", "cc") if name in message.recipients}
    return {"text": message.text, "again": list(message.attachments.all()), "kind": "reply", **addressed}


def then_choices() -> list[tuple[str, str]]:
    """What becomes of a ticket once a reply is sent, as the button says it."""
    return [
        (Status.WAITING.value, _("Send and set waiting")),
        (Status.SOLVED.value, _("Send and solve")),
        (Status.ON_HOLD.value, _("Send and put on hold")),
        (Status.OPEN.value, _("Send and keep open")),
    ]


def panel_context(request: DeskRequest, opened: DeskTicket) -> Context:
    """The column about requester, participants, tags and why it is here."""
    ticket, facts = opened.ticket, opened.telling_facts
    shown: Context = {
        "participants": opened.participants,
        "tags": opened.tags,
        "others": opened.history[:EARLIER_SHOWN],
        "earlier_tickets": _how_many_earlier(opened),
        "follow_ups": [e.data["follow_up_id"] for e in facts if e.kind == "FollowUpOpened"],
        "causes": [_(text).removesuffix(".") for reason in opened.first_reasons if (text := reason.get("text"))],
        "decisions": opened.decisions(DECISIONS_SHOWN),
    }
    who = (ticket.requester_id, ticket.organisation_id, ticket.team_id, [(t.pk, t.status) for t in shown["others"]])
    version = version_of(who, shown["tags"], shown["participants"], shown["follow_ups"], shown["decisions"])
    language = get_language_info_of(ticket.requester.language)
    return {**shared_context(request, opened), **shown, "language_name": language, "context_version": version}


def _how_many_earlier(opened: DeskTicket) -> str:
    """ "9 earlier tickets, 2 open at Hotel Carpatica": what else there is, in one line."""
    number = len(opened.history)
    count = f"{HISTORY}+" if number > HISTORY else str(number)
    parts = [ngettext("%(n)s other ticket", "%(n)s other tickets", number) % {"n": count}]
    here = int(opened.ticket.active)
    elsewhere = opened.open_at_organisation - here
    if opened.ticket.organisation and elsewhere > 0:
        said = ngettext("%(n)s open at %(where)s", "%(n)s open at %(where)s", elsewhere)
        parts.append(said % {"n": elsewhere, "where": opened.ticket.organisation.name})
    return ", ".join(parts)


def get_language_info_of(code: str) -> str:
    """The language by its name in the reader's language, or the code that nobody knows."""
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code.upper()


def presence_context(request: DeskRequest, opened: DeskTicket) -> Context:
    present = opened.others_here
    shown = [(here.person.pk, here.types) for here in present]
    return {**shared_context(request, opened), "present": present, "presence_version": version_of(shown)}


def number_in(request: DeskRequest, name: str) -> int | None:
    """A number out of the address; None when it is none."""
    return row_number(request.GET.get(name, ""))


PARTS: dict[str, Callable[[DeskRequest, DeskTicket], Context]] = {
    "header": header_context,
    "timeline": timeline_context,
    "context": panel_context,
    "presence": presence_context,
}


def whole_context(request: DeskRequest, opened: DeskTicket, **composer: Any) -> Context:
    """All parts of the page at once."""
    context: Context = {}
    for part in PARTS.values():
        context |= part(request, opened)
    return context | composer_context(request, opened, **composer)
