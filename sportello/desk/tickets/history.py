"""What happened to a ticket, and what was it at a moment in the past?"""

from datetime import datetime
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from sportello.desk.http import DeskRequest, desk_only
from sportello.desk.tickets import page
from sportello.desk.tickets.sentences import Names, sentences
from sportello.people.models import Organisation, Team, User
from sportello.tickets import replay
from sportello.tickets.models import Ticket
from sportello.tickets.words import Channel, Priority, Status, TicketType

State = dict[str, Any]
CHOICES: dict[str, Any] = {"status": Status, "priority": Priority, "type": TicketType, "channel": Channel}


@require_GET
@desk_only
def history(request: DeskRequest, number: int) -> HttpResponse:
    """The facts, the newest first, and with `?at=` the ticket as it was beside how it is."""
    opened = page.open_ticket(request, number)
    entries, has_earlier = opened.timeline(page.number_in(request, "before"))
    told = sentences(entries, opened.known_people(entries))
    asked = request.GET.get("at", "")
    at = moment(asked)
    context = {
        "ticket": opened.ticket,
        "lines": [told[entry.pk] for entry in reversed(entries)],
        "earlier": entries[0].pk if has_earlier else None,
        "at": at,
        "wrong": bool(asked) and at is None,
        **(_then_and_now(opened.ticket, at) if at else {}),
    }
    return render(request, "desk/tickets/history.html", context, status=422 if context["wrong"] else 200)


def moment(text: str) -> datetime | None:
    """A time as an address or a form gives it, in the reader's zone unless it says its own; None for nonsense."""
    try:
        at = parse_datetime(text[:40])
        at = timezone.make_aware(at) if at and timezone.is_naive(at) else at
    except (ValueError, OverflowError):
        return None
    return at if at and at.year in replay.YEARS else None


def _then_and_now(ticket: Ticket, at: datetime) -> dict[str, Any]:
    then = replay.as_it_was(ticket, at)
    if not then:
        return {"unborn": True}
    now = replay.as_it_is(ticket)
    names = _names(then, now)
    labels = _labels()
    rows = [
        (labels[name], _shown(name, then.get(name), names), _shown(name, now[name], names), then.get(name) != now[name])
        for name in labels
    ]
    return {"rows": rows, "differs": any(changed for *_row, changed in rows)}


def _labels() -> dict[str, str]:
    return {
        "subject": _("Subject"),
        "status": _("Status"),
        "priority": _("Priority"),
        "type": _("Type"),
        "team_id": _("Team"),
        "assignee_id": _("Assignee"),
        "requester_id": _("Requester"),
        "organisation_id": _("Organisation"),
        "participants": _("In copy"),
        "tags": _("Tags"),
        "channel": _("Channel"),
        "language": _("Language"),
        "solved_at": _("Solved at"),
        "closed_at": _("Closed at"),
        "follow_up_of_id": _("Follows"),
    }


def _names(*states: State) -> Names:
    """The people and teams of both states: two queries."""
    people = {state[name] for state in states for name in ("assignee_id", "requester_id") if state[name]}
    people |= {pk for state in states for pk in state["participants"]}
    teams = Team.objects.in_bulk({state["team_id"] for state in states})
    found = User.objects.in_bulk(people)
    return Names({pk: str(user) for pk, user in found.items()}, {pk: str(team) for pk, team in teams.items()})


def _shown(name: str, value: Any, names: Names) -> str:
    if value in (None, "", []):
        return "–"
    if name in CHOICES:
        return str(CHOICES[name](value).label)
    if name == "team_id":
        return names.team(value)
    if name in ("assignee_id", "requester_id"):
        return names.person(value)
    if name == "organisation_id":
        return str(Organisation.objects.in_bulk([value]).get(value, _("somewhere")))
    if name == "participants":
        return ", ".join(names.person(pk) for pk in value)
    if name == "tags":
        return ", ".join(value)
    return str(timezone.localtime(value).strftime("%Y-%m-%d %H:%M")) if isinstance(value, datetime) else str(value)
