"""What can be reached or done from here? Tickets, people, views and acts, ranked by what is typed."""

import re
from dataclasses import dataclass

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET

from sportello.desk.http import DeskRequest, desk_only
from sportello.people.models import User
from sportello.people.policy import can_administer
from sportello.tickets import policy, queues
from sportello.tickets.finding import find_tickets
from sportello.tickets.models import SavedView, Ticket
from sportello.tickets.words import Status

MOST = 6
_ON_A_TICKET = re.compile(r"/desk/tickets/([0-9]{1,18})/(?:\?.*)?", re.ASCII | re.DOTALL)


@dataclass(frozen=True)
class Option:
    """With `status`, a ticket's, its glyph stands in the place of the icon."""

    label: str
    icon: str
    url: str = ""
    keys: str = ""
    hint: str = ""
    status: str = ""


@require_GET
@desk_only
def palette(request: DeskRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:200]
    groups = [(_("Go to"), _matching([*_places(request.user), *_looks()], text))]
    if text:
        tickets = [
            Option(
                f"{found.pk} {found.subject}", "mail", _ticket(found), hint=str(found.requester), status=found.status
            )
            for found in (hit.ticket for hit in find_tickets(request.user, text, limit=MOST))
        ]
        people = [
            Option(str(p), "user", reverse("desk:person", args=[p.pk]), hint=p.address)
            for p in User.objects.visible_to(request.user).matching(text)[:MOST]
        ]
        groups = [(_("Tickets"), tickets), *groups, (_("People"), people)]
    before = _ticket_before(request)
    if before:
        groups.insert(0, (_("This ticket"), _matching(_acts(request.user, before), text)))
    return render(request, "desk/queue/_palette_options.html", {"groups": groups, "q": text})


def _ticket(ticket: Ticket) -> str:
    return reverse("desk:ticket", args=[ticket.pk])


def _ticket_before(request: DeskRequest) -> Ticket | None:
    """The one whose page the person looks at."""
    number = _ON_A_TICKET.fullmatch(request.GET.get("at", ""))
    return Ticket.objects.visible_to(request.user).filter(pk=number[1]).first() if number else None


def _places(user: User) -> list[Option]:
    options = [
        Option(_("Mine"), "user", reverse("desk:queue", args=["mine"]), "g m"),
        Option(_("Unassigned"), "inbox", reverse("desk:queue", args=["unassigned"]), "g u"),
        Option(_("All active"), "mail", reverse("desk:queue", args=["all"])),
        Option(_("Recently updated"), "clock", reverse("desk:queue", args=["recent"])),
        Option(pgettext("tickets", "Solved"), "check", reverse("desk:queue", args=["solved"])),
        Option(_("People"), "team", reverse("desk:people")),
        Option(_("Your account"), "settings", reverse("account:me")),
    ]
    if policy.can_open_some(user):
        options.append(Option(_("New ticket"), "plus", reverse("desk:new_ticket"), "n"))
    options += [Option(t.name, "team", reverse("desk:queue", args=[f"team-{t.pk}"])) for t in queues.teams_of(user)]
    options += [
        Option(v.name, "filter", reverse("desk:queue", args=[f"saved-{v.pk}"]))
        for v in SavedView.objects.visible_to(user)
    ]
    if can_administer(user):
        options += [
            Option(_("Settings"), "settings", reverse("desk:settings")),
            Option(_("Mail"), "mail", reverse("desk:mail")),
        ]
    return options


def _looks() -> list[Option]:
    return [Option(_("Dark or light theme"), "moon", keys="d"), Option(_("All shortcuts"), "bolt", keys="?")]


def _acts(user: User, ticket: Ticket) -> list[Option]:
    """What the person may do to it and what is not done yet, by the key that does it."""
    may_change, is_closed = policy.can_change(user, ticket), ticket.status == Status.CLOSED
    not_mine = ticket.assignee_id != user.pk and policy.can_assign(user, ticket) and ticket.can_be_answered_by(user)
    acts = [
        (policy.can_reply(user, ticket), Option(_("Reply"), "reply", keys="r")),
        (policy.can_note(user, ticket), Option(_("Write a note"), "note", keys="c")),
        (not_mine, Option(_("Take it"), "assign", keys="i")),
        (policy.can_assign(user, ticket), Option(_("Assign"), "assign", keys="a")),
        (may_change and not is_closed, Option(_("Change the status"), "status-open", keys="s")),
        (may_change, Option(_("Change the priority"), "priority-high", keys="p")),
        (policy.can_move(user, ticket), Option(_("Change the team"), "team", keys="t")),
        (may_change, Option(_("Add a tag"), "tag", keys="l")),
    ]
    return [option for allowed, option in acts if allowed]


def _matching(options: list[Option], text: str) -> list[Option]:
    """Those that hold every word; the ones that begin with the text first."""
    words = text.lower().split()
    fitting = [o for o in options if all(word in o.label.lower() for word in words)]
    return sorted(fitting, key=lambda o: not o.label.lower().startswith(text.lower()))[: 30 if not text else MOST]
