"""Which tickets does a typed question mean? One condition language for saved views, the filter bar, search and the API.

`status:open team:billing -tag:spam updated:<2d "exact words"`: fields narrow, commas are or, a minus excludes, and
what is no field is searched for. Nonsense becomes a problem in words, never an exception.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sportello.kernel.search import find
from sportello.people.models import Team, User
from sportello.people.roles import Right
from sportello.tickets.models import Attachment, TicketTag
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.words import ACTIVE, Channel, Priority, Status, TicketType

LONGEST = 500
MOST_CONDITIONS = 20
MOST_HITS = 2000
_PART = re.compile(r'(-?)(?:(\w+):)?(?:"([^"]*)"?|(\S+))')
_AGE = re.compile(r"^([<>])(\d{1,4})([hdwm])$")
_DATE = re.compile(r"^([<>]?)(\d{4}-\d{2}-\d{2})$")
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1), "m": timedelta(days=30)}


@dataclass(frozen=True)
class Condition:
    field: str
    values: tuple[str, ...]
    negated: bool = False

    def __str__(self) -> str:
        values = ",".join(f'"{value}"' if " " in value else value for value in self.values)
        return f"{'-' if self.negated else ''}{self.field}:{values}"


@dataclass(frozen=True)
class Query:
    """`words` is what is left to search for; `problems` are sentences for people."""

    conditions: tuple[Condition, ...] = ()
    words: str = ""
    problems: tuple[str, ...] = ()
    _wheres: tuple[Q, ...] = field(default=(), repr=False)

    @property
    def names_status(self) -> bool:
        return any(condition.field == "status" for condition in self.conditions)

    def __str__(self) -> str:
        return " ".join([*(str(condition) for condition in self.conditions), self.words]).strip()


class _Unknown(ValueError):  # noqa: N818  reads as a fact
    """A value that the field does not know; the text says what exists."""


def parse(text: str, user: User) -> Query:
    """Read what a person typed. Everything that is understood counts; the rest is named in `problems`."""
    conditions: list[Condition] = []
    wheres: list[Q] = []
    words: list[str] = []
    problems: list[str] = []
    for minus, name, quoted, plain in _PART.findall(text.replace("\0", "")[:LONGEST]):
        value = quoted or plain
        if not name or (name.lower() not in _FIELDS and re.match(r"^https?$", name, re.IGNORECASE)):
            words.append(f'{minus}"{quoted}"' if quoted else f"{minus}{name}{':' if name else ''}{plain}")
            continue
        if len(conditions) == MOST_CONDITIONS:
            problems.append(_("Only the first %(most)s conditions count.") % {"most": MOST_CONDITIONS})
            break
        condition = Condition(
            name.lower(), (quoted,) if quoted else tuple(v for v in value.split(",") if v), bool(minus)
        )
        _understand(condition, user, conditions, wheres, problems)
    return Query(tuple(conditions), " ".join(words), tuple(dict.fromkeys(problems)), tuple(wheres))


def _understand(
    condition: Condition, user: User, conditions: list[Condition], wheres: list[Q], problems: list[str]
) -> None:
    reader = _FIELDS.get(condition.field)
    if reader is None:
        known = ", ".join(sorted(_FIELDS))
        problems.append(
            _("There is no field %(name)s. There are: %(known)s.") % {"name": condition.field, "known": known}
        )
        return
    where = Q(pk__in=[])
    try:
        for value in condition.values:
            where |= reader(value, user)
    except _Unknown as unknown:
        problems.append(str(unknown))
        return
    conditions.append(condition)
    wheres.append(~where if condition.negated else where)


def apply(tickets: TicketQuerySet, query: Query, user: User) -> TicketQuerySet:
    """Narrow the tickets by the query. Words are looked up within what the person may see."""
    for where in query._wheres:
        tickets = tickets.filter(where)
    if query.words:
        scopes = user.teams_with(Right.VIEW) if user.is_staff else None
        hits = find(query.words, scopes=scopes, limit=MOST_HITS)
        tickets = tickets.filter(pk__in={hit.container for hit in hits})
    return tickets


def _choice(column: str, choices: Any) -> Callable[[str, User], Q]:
    def read(value: str, user: User) -> Q:
        wanted = value.lower().replace("-", "_")
        if wanted not in choices.values:
            raise _Unknown(
                _("%(value)s is no %(field)s. There are: %(known)s.")
                % {"value": value, "field": column, "known": ", ".join(choices.values)}
            )
        return Q(**{column: wanted})

    return read


def _status(value: str, user: User) -> Q:
    if value.lower() == "active":
        return Q(active=1)
    if value.lower() == "any":
        return Q(active__in=(0, 1))
    where = _choice("status", Status)(value, user)
    return where & Q(active=int(value.lower().replace("-", "_") in ACTIVE))


def _priority(value: str, user: User) -> Q:
    sign, name = (value[0], value[1:]) if value[:1] in "<>" else ("", value)
    levels = {level.name.lower(): level.value for level in Priority}
    if name.lower() not in levels:
        raise _Unknown(
            _("%(value)s is no %(field)s. There are: %(known)s.")
            % {"value": name, "field": "priority", "known": ", ".join(levels)}
        )
    return Q(**{{"": "priority", "<": "priority__lt", ">": "priority__gt"}[sign]: levels[name.lower()]})


def _team(value: str, user: User) -> Q:
    teams = Team.objects.filter(pk=int(value)) if value.isdecimal() and len(value) < 18 else None
    teams = teams if teams is not None else Team.objects.filter(name__iexact=value)
    found = list(teams.values_list("pk", flat=True))
    if not found:
        known = ", ".join(Team.objects.active().values_list("name", flat=True)[:20])
        raise _Unknown(_("There is no team %(value)s. There are: %(known)s.") % {"value": value, "known": known})
    return Q(team_id__in=found)


def _person(column: str) -> Callable[[str, User], Q]:
    def read(value: str, user: User) -> Q:
        if value.lower() == "me":
            return Q(**{column: user})
        if value.lower() == "none":
            return Q(**{column: None})
        people = User.objects.visible_to(user).matching(value).values_list("pk", flat=True)[:200]
        return Q(**{f"{column}__in": list(people)})

    return read


def _tag(value: str, user: User) -> Q:
    return Q(Exists(TicketTag.objects.filter(ticket=OuterRef("pk"), tag__name=value.lower())))


def _organisation(value: str, user: User) -> Q:
    return Q(organisation__name__icontains=value)


def _has(value: str, user: User) -> Q:
    if value.lower() != "attachment":
        raise _Unknown(_("%(value)s cannot be asked for with has. Ask for attachment.") % {"value": value})
    return Q(Exists(Attachment.objects.filter(message__ticket=OuterRef("pk"), inline=False)))


def _number(value: str, user: User) -> Q:
    digits = value.lstrip("#")
    if not digits.isdecimal() or len(digits) > 18:
        raise _Unknown(_("%(value)s is no ticket number.") % {"value": value})
    return Q(pk=int(digits))


def _moment(column: str) -> Callable[[str, User], Q]:
    """`<2d`: younger than two days; `>2d`: older; a date with < or > means before or after it, alone that day."""

    def read(value: str, user: User) -> Q:
        age = _AGE.match(value)
        if age:
            moment = timezone.now() - int(age[2]) * _UNITS[age[3]]
            return Q(**{f"{column}__{'gte' if age[1] == '<' else 'lt'}": moment})
        date = _DATE.match(value)
        try:
            day = datetime.fromisoformat(date[2]).replace(tzinfo=timezone.get_current_timezone()) if date else None
        except ValueError:
            day = None
        if date is None or day is None:
            raise _Unknown(_("%(value)s is no time. Write <2d, >12h or 2026-11-01.") % {"value": value})
        after = day + timedelta(days=1)
        if date[1] == "<":
            return Q(**{f"{column}__lt": day})
        return (
            Q(**{f"{column}__gte": after}) if date[1] == ">" else Q(**{f"{column}__gte": day, f"{column}__lt": after})
        )

    return read


def _language(value: str, user: User) -> Q:
    return Q(language=value.lower()[:10])


_FIELDS: dict[str, Callable[[str, User], Q]] = {
    "status": _status,
    "team": _team,
    "assignee": _person("assignee"),
    "requester": _person("requester"),
    "organisation": _organisation,
    "priority": _priority,
    "type": _choice("type", TicketType),
    "channel": _choice("channel", Channel),
    "tag": _tag,
    "language": _language,
    "has": _has,
    "number": _number,
    "created": _moment("created_at"),
    "updated": _moment("updated_at"),
    "solved": _moment("solved_at"),
}


@dataclass(frozen=True)
class Suggestion:
    insert: str
    label: str


def suggest(text: str, user: User) -> list[Suggestion]:
    """How the last word could go on."""
    last = text.rsplit(" ", 1)[-1].lower().lstrip("-")
    name, colon, begun = last.partition(":")
    if not colon:
        return [Suggestion(f"{known}:", known) for known in _FIELDS if known.startswith(name)]
    values = _values(name, user)
    return [Suggestion(f"{name}:{_shown(value)}", value) for value in values if value.lower().startswith(begun)][:20]


def _shown(value: str) -> str:
    return f'"{value}"' if " " in value else value


def _values(name: str, user: User) -> list[str]:
    fixed: dict[str, list[str]] = {
        "status": ["active", "any", *Status.values],
        "priority": [level.name.lower() for level in Priority],
        "type": list(TicketType.values),
        "channel": list(Channel.values),
        "has": ["attachment"],
        "assignee": ["me", "none"],
        "requester": ["me"],
    }
    if name == "team":
        return list(Team.objects.active().values_list("name", flat=True))
    if name == "tag":
        return list(TicketTag.objects.values_list("tag__name", flat=True).distinct().order_by("tag__name")[:200])
    return fixed.get(name, [])
