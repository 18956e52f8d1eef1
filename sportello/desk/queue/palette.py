"""What can be reached or done from here? Tickets, people, views and acts, ranked by what is typed."""

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
from sportello.tickets import queues
from sportello.tickets.finding import find_tickets
from sportello.tickets.models import SavedView

MOST = 6


@dataclass(frozen=True)
class Option:
    label: str
    icon: str
    url: str = ""
    keys: str = ""
    hint: str = ""


@require_GET
@desk_only
def palette(request: DeskRequest) -> HttpResponse:
    text = request.GET.get("q", "").strip()[:200]
    groups = [(_("Go to"), _places(request.user, text))]
    if text:
        tickets = [
            Option(f"{f.ticket.pk} {f.ticket.subject}", "mail", _ticket(f.ticket.pk), hint=str(f.ticket.requester))
            for f in find_tickets(request.user, text, limit=MOST)
        ]
        people = [
            Option(str(p), "user", reverse("desk:person", args=[p.pk]), hint=p.address)
            for p in User.objects.visible_to(request.user).matching(text)[:MOST]
        ]
        groups = [(_("Tickets"), tickets), *groups, (_("People"), people)]
    if "/tickets/" in request.GET.get("at", ""):
        groups.insert(0, (_("This ticket"), _acts(text)))
    return render(request, "desk/queue/_palette_options.html", {"groups": groups, "q": text})


def _ticket(number: int) -> str:
    return reverse("desk:ticket", args=[number])


def _places(user: User, text: str) -> list[Option]:
    options = [
        Option(_("Mine"), "user", reverse("desk:queue", args=["mine"]), "g m"),
        Option(_("Unassigned"), "inbox", reverse("desk:queue", args=["unassigned"]), "g u"),
        Option(_("All active"), "mail", reverse("desk:queue", args=["all"])),
        Option(_("Recently updated"), "clock", reverse("desk:queue", args=["recent"])),
        Option(pgettext("tickets", "Solved"), "check", reverse("desk:queue", args=["solved"])),
        Option(_("New ticket"), "plus", reverse("desk:new_ticket"), "n"),
        Option(_("People"), "team", reverse("desk:people")),
        Option(_("My profile"), "settings", reverse("account:me")),
    ]
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
    return _matching(options, text)


def _acts(text: str) -> list[Option]:
    acts = [
        Option(_("Reply"), "reply", keys="r"),
        Option(_("Write a note"), "note", keys="c"),
        Option(_("Take it"), "assign", keys="i"),
        Option(_("Assign"), "assign", keys="a"),
        Option(_("Change the status"), "status-open", keys="s"),
        Option(_("Change the priority"), "priority-high", keys="p"),
        Option(_("Add a tag"), "tag", keys="l"),
    ]
    return _matching(acts, text)


def _matching(options: list[Option], text: str) -> list[Option]:
    """Those that hold every word; the ones that begin with the text first."""
    words = text.lower().split()
    fitting = [o for o in options if all(word in o.label.lower() for word in words)]
    return sorted(fitting, key=lambda o: not o.label.lower().startswith(text.lower()))[: 30 if not text else MOST]
