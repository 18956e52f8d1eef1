"""How does a fact read? One sentence for each kind, in the reader's language, with the reason where a program acted."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from sportello.channels.email.fault_words import told
from sportello.people.models import Team, User
from sportello.tickets.models import TimelineEntry
from sportello.tickets.words import Channel, Priority, Status, TicketType

Data = dict[str, Any]
PEOPLE = ("assignee_id", "user_id", "requester_id")


@dataclass(frozen=True)
class Sentence:
    at: datetime
    text: str
    why: str = ""


@dataclass(frozen=True)
class Names:
    """Who and what the facts name by id, looked up once."""

    people: Mapping[int, str]
    teams: Mapping[int, str]

    def person(self, pk: int | None) -> str:
        return self.people.get(pk or 0, _("somebody"))

    def team(self, pk: int) -> str:
        return self.teams.get(pk, _("a team"))


def sentences(entries: Iterable[TimelineEntry], people: Mapping[int, str] | None = None) -> dict[int, Sentence]:
    """By entry id. `people` are names that are known already; at most two queries for the others and the teams."""
    entries = list(entries)
    known = people or {}
    missing = {pk for entry in entries for pk in _people(entry)} - set(known)
    found = User.objects.in_bulk(missing) if missing else {}
    names = Names({**known, **{pk: str(user) for pk, user in found.items()}}, _teams(entries))
    return {entry.pk: Sentence(entry.at, _text(entry, names), why(entry.cause)) for entry in entries}


def _people(entry: TimelineEntry) -> list[int]:
    told = [*PEOPLE, "previous_id"] if entry.kind == "TicketAssigned" else PEOPLE
    return [entry.data[name] for name in told if entry.data.get(name)]


def _teams(entries: Collection[TimelineEntry]) -> dict[int, str]:
    named = {entry.data["team_id"] for entry in entries if entry.kind == "TicketMoved"}
    return {pk: team.name for pk, team in Team.objects.in_bulk(named).items()} if named else {}


def _text(entry: TimelineEntry, names: Names) -> str:
    tell = _TOLD.get(entry.kind)
    return tell(entry.data, str(entry.actor), names) if tell else entry.kind


def why(cause: Data | None) -> str:
    """The reason that a program gave, in words."""
    if not cause:
        return ""
    tell = _CAUSES.get(str(cause.get("by")))
    return tell(cause) if tell else ", ".join(str(value) for value in cause.values())


def _window(cause: Data) -> str:
    days = int(cause.get("days", 0))
    return ngettext("solved for longer than %(n)s day", "solved for longer than %(n)s days", days) % {"n": days}


_AFTER: dict[str, Callable[[], str]] = {
    "TicketMoved": lambda: _("by handing it to the other team"),
    "TicketAssigned": lambda: _("by assigning it"),
    "TicketSolved": lambda: _("by solving it"),
    "MessageAdded": lambda: _("by writing"),
    "MessageWithdrawn": lambda: _("by taking the reply back"),
    "TicketStatusRestored": lambda: _("by taking the solution back"),
}
_CAUSES: dict[str, Callable[[Data], str]] = {
    "follow-up window": _window,
    "mail": lambda cause: _("by mail"),
    "import": lambda cause: _("by an import of old mail"),
    "bulk": lambda cause: _("by changing many tickets at once"),
    "bulk-undo": lambda cause: _("by putting a change of many tickets back"),
    "delivery": lambda cause: told(str(cause.get("answer", ""))) or _("it had not left yet"),
    "fact": lambda cause: _AFTER.get(cause["fact"], str)(),
    "form guard": lambda cause: _("by the form, held until somebody looks at it"),
}


def _status(entry_status: str) -> Callable[[Data, str, Names], str]:
    def tell(data: Data, who: str, names: Names) -> str:
        return _("%(who)s set the status to %(status)s") % {"who": who, "status": Status(entry_status).label}

    return tell


def _opened(data: Data, who: str, names: Names) -> str:
    return _("%(who)s opened the ticket (%(channel)s)") % {"who": who, "channel": Channel(data["channel"]).label}


def _solved(data: Data, who: str, names: Names) -> str:
    if data.get("note"):
        return _("%(who)s solved it: %(note)s") % {"who": who, "note": data["note"]}
    return _("%(who)s solved it") % {"who": who}


def _assigned(data: Data, who: str, names: Names) -> str:
    if data["assignee_id"] is None:
        held = names.person(data.get("previous_id"))
        if held == who:
            return _("%(who)s gave the ticket up") % {"who": who}
        return _("%(who)s took it from %(person)s") % {"who": who, "person": held}
    to = names.person(data["assignee_id"])
    return (
        _("%(who)s took it") % {"who": who}
        if to == who
        else _("%(who)s assigned it to %(to)s") % {"who": who, "to": to}
    )


def _tagged(data: Data, who: str, names: Names) -> str:
    parts = []
    if data["added"]:
        parts.append(_("%(who)s added the tag %(tags)s") % {"who": who, "tags": ", ".join(data["added"])})
    if data["removed"]:
        parts.append(_("%(who)s removed the tag %(tags)s") % {"who": who, "tags": ", ".join(data["removed"])})
    return "; ".join(parts)


_TOLD: dict[str, Callable[[Data, str, Names], str]] = {
    "TicketOpened": _opened,
    "TicketAssigned": _assigned,
    "TicketMoved": lambda d, who, n: _("%(who)s moved it to %(team)s") % {"who": who, "team": n.team(d["team_id"])},
    "TicketPrioritised": lambda d, who, n: (
        _("%(who)s set the priority to %(priority)s") % {"who": who, "priority": Priority(d["priority"]).label}
    ),
    "TicketRetyped": lambda d, who, n: (
        _("%(who)s set the type to %(type)s") % {"who": who, "type": TicketType(d["type"]).label}
    ),
    "TicketRenamed": lambda d, who, n: (
        _("%(who)s changed the subject; it was: %(old)s") % {"who": who, "old": d["previous"]}
    ),
    "RequesterChanged": lambda d, who, n: (
        _("%(who)s made %(person)s the requester") % {"who": who, "person": n.person(d["requester_id"])}
    ),
    "TicketTagged": _tagged,
    "ParticipantAdded": lambda d, who, n: (
        _("%(who)s added %(person)s to Cc") % {"who": who, "person": n.person(d["user_id"])}
    ),
    "ParticipantRemoved": lambda d, who, n: (
        _("%(who)s removed %(person)s from Cc") % {"who": who, "person": n.person(d["user_id"])}
    ),
    "TicketStarted": _status(Status.OPEN),
    "TicketSetWaiting": _status(Status.WAITING),
    "TicketPutOnHold": _status(Status.ON_HOLD),
    "TicketSolved": _solved,
    "TicketReopened": lambda d, who, n: _("%(who)s opened it again") % {"who": who},
    "TicketClosed": _status(Status.CLOSED),
    "TicketStatusRestored": lambda d, who, n: (
        _("%(who)s took the status back to %(status)s") % {"who": who, "status": Status(d["restored"]).label}
    ),
    "MessageAdded": lambda d, who, n: _("%(who)s wrote") % {"who": who},
    "MessageWithdrawn": lambda d, who, n: _("%(who)s took a reply back") % {"who": who},
    "DeliveryFailed": lambda d, who, n: _("The mail to %(to)s was not delivered") % {"to": ", ".join(d["recipients"])},
    "DeliveryRetried": lambda d, who, n: (
        _("%(who)s sent the mail to %(to)s again") % {"who": who, "to": ", ".join(d["recipients"])}
    ),
    "DeliveryGivenUp": lambda d, who, n: (
        _("%(who)s stopped the mail to %(to)s") % {"who": who, "to": ", ".join(d["recipients"])}
    ),
    "FollowUpOpened": lambda d, who, n: _("A late answer opened ticket %(number)s") % {"number": d["follow_up_id"]},
}
