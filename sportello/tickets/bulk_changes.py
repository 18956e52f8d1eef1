"""Which change of many tickets makes sense, what does it do to one of them, and how is that put back?"""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from sportello.kernel.numbers import row_number
from sportello.people.models import Team, User
from sportello.tickets import policy
from sportello.tickets.models import Tag, Ticket
from sportello.tickets.models.tag import LONGEST_TAG
from sportello.tickets.models.ticket import Cause, TransitionRefused
from sportello.tickets.words import MOST_TAGS, SETTABLE, Priority, Status, TicketType

Change = dict[str, Any]
Picture = dict[str, Any]


class ChangeRefused(ValueError):
    """The change makes no sense; the text says why. `field` is what of it is wrong, where it is one thing."""

    field = ""


class Refused(Exception):
    """This ticket is left alone; the text says why."""


# what is asked for


def checked(change: Change, owner: User) -> Change:
    """The change with values as the verbs take them. Raises ChangeRefused."""
    if not change:
        raise ChangeRefused(_("Choose what to change."))
    for name in change:
        if name not in _READERS:
            known = ", ".join(_READERS)
            raise ChangeRefused(_("Tickets have no %(name)s. Choose from: %(known)s.") % {"name": name, "known": known})
    return {name: _read(name, value, owner) for name, value in change.items()}


def _read(name: str, value: Any, owner: User) -> Any:
    try:
        return _READERS[name](value, owner)
    except ChangeRefused as refused:
        refused.field = name
        raise


def _status(value: Any, owner: User) -> str:
    if str(value) not in SETTABLE:
        raise ChangeRefused(_("Tickets cannot be set to that status."))
    return str(value)


def _type(value: Any, owner: User) -> str:
    if str(value) not in TicketType.values:
        raise ChangeRefused(_("There is no such type."))
    return str(value)


def _priority(value: Any, owner: User) -> int:
    if _number(value) not in Priority.values:
        raise ChangeRefused(_("There is no such priority."))
    return _number(value)


def _team(value: Any, owner: User) -> int:
    if not Team.objects.active().filter(pk=_number(value)).exists():
        raise ChangeRefused(_("There is no such team."))
    return _number(value)


def _assignee(value: Any, owner: User) -> int | None:
    if value in (None, "", "none"):
        return None
    number = owner.pk if value == "me" else _number(value)
    if not User.objects.staff().filter(pk=number).exists():
        raise ChangeRefused(_("There is no such colleague."))
    return number


def _tags(value: Any, owner: User) -> list[str]:
    names = [Tag.clean_name(name) for name in value if isinstance(name, str)] if isinstance(value, list | tuple) else []
    if not names or not all(names) or len(names) > MOST_TAGS:
        raise ChangeRefused(_("Say which tags."))
    if any(len(str(name).strip()) > LONGEST_TAG for name in value):
        raise ChangeRefused(_("A tag has at most %(most)s characters.") % {"most": LONGEST_TAG})
    return names


def _number(value: Any) -> int:
    """Of a row, or 0, which no row has."""
    return row_number(str(value)) or 0


_READERS: dict[str, Callable[[Any, User], Any]] = {
    "status": _status,
    "priority": _priority,
    "type": _type,
    "team": _team,
    "assignee": _assignee,
    "add_tags": _tags,
    "remove_tags": _tags,
}


def may_carry_out(user: User, ticket: Ticket, change: Change) -> bool:
    """Whether the person may do all of it, whoever it is to be assigned to."""
    return all(_may(user, ticket, name, value) for name, value in change.items())


def _may(user: User, ticket: Ticket, name: str, value: Any) -> bool:
    if name == "assignee":
        return policy.can_assign(user, ticket)
    if name == "team":
        return policy.can_move(user, ticket)
    return policy.can_change(user, ticket) and (name != "status" or policy.can_set(user, ticket, value))


# what it does


def picture(ticket: Ticket) -> Picture:
    return {
        "status": ticket.status,
        "priority": ticket.priority,
        "type": ticket.type,
        "team": ticket.team_id,
        "assignee": ticket.assignee_id,
        "tags": sorted(ticket.tags.values_list("name", flat=True)),
    }


def carry_out(
    ticket: Ticket, change: Change, *, by: User, cause: Cause | None = None, tell_at: datetime | None = None
) -> None:
    """Change one ticket; its requester is told at `tell_at`. Raises Refused, and then nothing of it may stay."""
    _check_sight_and_right(by, ticket, change)
    who: dict[str, Any] = {"by": by, "cause": cause}
    ticket.tag(add=change.get("add_tags", ()), remove=change.get("remove_tags", ()), **who)
    if "priority" in change:
        ticket.prioritise(change["priority"], **who)
    if "type" in change:
        ticket.retype(change["type"], **who)
    if "team" in change:
        ticket.move_to(_active_team(change["team"]), **who)
    if "assignee" in change:
        if not policy.can_assign(by, ticket):  # in the team where it is by now
            raise Refused(_("You may not change it."))
        ticket.assign_to(_assignee_of(change["assignee"], ticket), **who)
    if "status" in change:
        _set_status(ticket, change["status"], tell_at, **who)


def _check_sight_and_right(by: User, ticket: Ticket, change: Change | None = None) -> None:
    """Without a change: the right to change anything of it."""
    if not Ticket.objects.visible_to(by).filter(pk=ticket.pk).exists():
        raise Refused(_("You can no longer see it."))
    if not (may_carry_out(by, ticket, change) if change else policy.can_change(by, ticket)):
        raise Refused(_("You may not change it."))


def _assignee_of(assignee_id: int | None, ticket: Ticket) -> User | None:
    assignee: User | None = User.objects.filter(pk=assignee_id).first()
    try:
        ticket.check_assignee(assignee)
    except ValidationError as refusal:
        raise Refused(refusal.messages[0]) from refusal
    return assignee


def _active_team(team_id: int) -> Team:
    team = Team.objects.active().filter(pk=team_id).first()
    if team is None:
        raise Refused(_("There is no such team."))
    return team


def _set_status(ticket: Ticket, status: str, tell_at: datetime | None, **who: Any) -> None:
    how = who | {"tell_at": tell_at} if status == Status.SOLVED else who
    try:
        ticket.set_status(status, **how)
    except TransitionRefused as refused:
        raise Refused(_("It is %(status)s.") % {"status": Status(refused.current).label}) from refused


def put_back(ticket: Ticket, before: Picture, after: Picture, *, by: User, cause: Cause | None = None) -> None:
    """What the change did and nobody has changed since, as further facts. Raises Refused, and then nothing may stay.

    Rights count as they are now, where the ticket is now.
    """
    now = picture(ticket)
    back = {name: before[name] for name in before if before[name] != after[name] and now[name] == after[name]}
    added, removed = set(after["tags"]) - set(before["tags"]), set(before["tags"]) - set(after["tags"])
    if "team" not in back or not policy.can_put_back(by, ticket, back["team"]):
        _check_sight_and_right(by, ticket)
    who: dict[str, Any] = {"by": by, "cause": cause}
    ticket.tag(add=removed, remove=added, **who)
    if "team" in back:
        ticket.move_to(_active_team(back["team"]), **who)
    if "priority" in back:
        ticket.prioritise(back["priority"], **who)
    if "type" in back:
        ticket.retype(back["type"], **who)
    if "assignee" in back and not policy.can_assign(by, ticket):
        raise Refused(_("You may not change it."))
    if "assignee" in back:
        ticket.assign_to(_assignee_of(back["assignee"], ticket), **who)
    if "status" in back:
        ticket.restore_status(back["status"], **who)
