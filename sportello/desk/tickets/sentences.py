"""How does a fact read? One sentence for each kind, in the reader's language."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from sportello.people.models import Team, User
from sportello.tickets.models import TimelineEntry
from sportello.tickets.words import Priority, Status, TicketType


@dataclass(frozen=True)
class Sentence:
    at: datetime
    text: str
    why: str = ""


@dataclass(frozen=True)
class Names:
    """Who and what the facts name by id, looked up once."""

    people: dict[int, str]
    teams: dict[int, str]

    def person(self, pk: int | None) -> str:
        return self.people.get(pk or 0, _("somebody"))

    def team(self, pk: int) -> str:
        return self.teams.get(pk, _("a team"))


def sentences(entries: Iterable[TimelineEntry]) -> dict[int, Sentence]:
    """By entry id. Two queries for all of them."""
    entries = list(entries)
    names = Names(
        people={
            u.pk: str(u) for u in User.objects.filter(pk__in=_ids(entries, ("assignee_id", "user_id", "requester_id")))
        },
        teams=dict(Team.objects.values_list("pk", "name")),
    )
    return {entry.pk: Sentence(entry.at, _text(entry, names), _why(entry)) for entry in entries}


def _ids(entries: list[TimelineEntry], fields: tuple[str, ...]) -> set[int]:
    return {entry.data[name] for entry in entries for name in fields if entry.data.get(name)}


def _text(entry: TimelineEntry, names: Names) -> str:
    tell = _TOLD.get(entry.kind)
    return tell(entry.data, str(entry.actor), names) if tell else entry.kind


def _why(entry: TimelineEntry) -> str:
    cause = entry.cause or {}
    return ", ".join(f"{name}: {value}" for name, value in cause.items())


def _status(entry_status: str) -> Callable[[dict[str, Any], str, Names], str]:
    def tell(data: dict[str, Any], who: str, names: Names) -> str:
        return _("%(who)s set the status to %(status)s") % {"who": who, "status": Status(entry_status).label}

    return tell


def _solved(data: dict[str, Any], who: str, names: Names) -> str:
    if data.get("note"):
        return _("%(who)s solved it: %(note)s") % {"who": who, "note": data["note"]}
    return _("%(who)s solved it") % {"who": who}


def _assigned(data: dict[str, Any], who: str, names: Names) -> str:
    if data["assignee_id"] is None:
        return _("%(who)s let the ticket go") % {"who": who}
    return _("%(who)s assigned it to %(to)s") % {"who": who, "to": names.person(data["assignee_id"])}


def _tagged(data: dict[str, Any], who: str, names: Names) -> str:
    parts = []
    if data["added"]:
        parts.append(_("%(who)s added the tag %(tags)s") % {"who": who, "tags": ", ".join(data["added"])})
    if data["removed"]:
        parts.append(_("%(who)s took off the tag %(tags)s") % {"who": who, "tags": ", ".join(data["removed"])})
    return "; ".join(parts)


_TOLD: dict[str, Callable[[dict[str, Any], str, Names], str]] = {
    "TicketOpened": lambda d, who, n: _("%(who)s opened the ticket") % {"who": who},
    "TicketAssigned": _assigned,
    "TicketMoved": lambda d, who, n: _("%(who)s moved it to %(team)s") % {"who": who, "team": n.team(d["team_id"])},
    "TicketPrioritised": lambda d, who, n: (
        _("%(who)s set the priority to %(priority)s") % {"who": who, "priority": Priority(d["priority"]).label}
    ),
    "TicketRetyped": lambda d, who, n: (
        _("%(who)s set the type to %(type)s") % {"who": who, "type": TicketType(d["type"]).label}
    ),
    "TicketRenamed": lambda d, who, n: (
        _("%(who)s changed the subject, before: %(old)s") % {"who": who, "old": d["previous"]}
    ),
    "RequesterChanged": lambda d, who, n: (
        _("%(who)s made %(person)s the requester") % {"who": who, "person": n.person(d["requester_id"])}
    ),
    "TicketTagged": _tagged,
    "ParticipantAdded": lambda d, who, n: (
        _("%(who)s added %(person)s in copy") % {"who": who, "person": n.person(d["user_id"])}
    ),
    "ParticipantRemoved": lambda d, who, n: (
        _("%(who)s removed %(person)s from the copies") % {"who": who, "person": n.person(d["user_id"])}
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
    "FollowUpOpened": lambda d, who, n: _("A late answer opened ticket %(number)s") % {"number": d["follow_up_id"]},
}
