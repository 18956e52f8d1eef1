"""Which fields may a condition name, which values does each know, and which rows do they mean?"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db.models import Exists, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from sportello.kernel.addresses import address_key
from sportello.kernel.numbers import row_number
from sportello.kernel.rows import in_any_case
from sportello.people.models import Organisation, Team, User
from sportello.tickets.models import Attachment, Tag, TicketSeen, TicketTag
from sportello.tickets.policy import can_see_inside
from sportello.tickets.words import ACTIVE, Channel, Priority, Status, TicketType

MOST_MATCHES = 200
MOST_NAMED = 20
Values = Sequence[str]
Choice = tuple[str, str]  # as it is written, as people call it


class Unknown(ValueError):
    """A value that the field does not know; the text says so, and what exists."""


@dataclass(frozen=True)
class Field:
    """`read` gives the rows that have one of the values; `known` the values to choose from, given what is typed.

    Customers do not have those that are `inside`: they ask about what the desk knows for itself.
    """

    read: Callable[[Values, User], Q]
    known: Callable[[User, str], Iterable[Choice]] = lambda user, begun: ()
    inside: bool = False


def quoted(value: str) -> str:
    """As it can be typed."""
    return f'"{value}"' if re.search(r"[\s,]", value) else value


def no_such(value: str, name: str, known: Iterable[str]) -> Unknown:
    named = list(known)[:MOST_NAMED]
    if not named:
        return Unknown(_("%(value)s is not a known %(field)s.") % {"value": value, "field": name})
    text = _("%(value)s is not a known %(field)s. Choose from: %(known)s.")
    return Unknown(text % {"value": value, "field": name, "known": ", ".join(named)})


def _as_written(value: str) -> str:
    return value.lower().replace("-", "_")


# words from a fixed list


def _choice(column: str, choices: Any) -> Field:
    def read(values: Values, user: User) -> Q:
        for value in values:
            if _as_written(value) not in choices.values:
                raise no_such(value, column, map(quoted, map(str, choices.labels)))
        return Q(**{f"{column}__in": [_as_written(value) for value in values]})

    return Field(read, lambda user, begun: [(value, str(label)) for value, label in choices.choices])


def _read_status(values: Values, user: User) -> Q:
    """`active` stands beside the status where it can, since the indexes begin with it."""
    wanted: set[str] = set()
    for value in map(_as_written, values):
        if value not in ("active", "any", *Status.values):
            raise no_such(value, "status", (quoted(label) for _value, label in _known_statuses(user, "")))
        wanted.update({"active": ACTIVE, "any": Status.values}.get(value, [value]))
    if wanted == set(Status.values):
        return Q()
    active = {status in ACTIVE for status in wanted}
    if len(active) == 2:
        return Q(status__in=sorted(wanted))
    side = Q(active=int(active.pop()))
    whole = wanted in (set(ACTIVE), set(Status.values) - set(ACTIVE))
    return side if whole else side & Q(status__in=sorted(wanted))


def _known_statuses(user: User, begun: str) -> list[Choice]:
    return [("active", _("Not solved")), ("any", _("Any")), *((s.value, str(s.label)) for s in Status)]


def _read_priority(values: Values, user: User) -> Q:
    levels = {level.name.lower(): level.value for level in Priority}
    where = Q()
    for value in values:
        sign, name = (value[0], value[1:]) if value[0] in "<>" else ("", value)
        if name.lower() not in levels:
            raise no_such(name or value, "priority", map(quoted, map(str, Priority.labels)))
        column = {"": "priority", "<": "priority__lt", ">": "priority__gt"}[sign]
        where |= Q(**{column: levels[name.lower()]})
    return where


def _known_priorities(user: User, begun: str) -> list[Choice]:
    sign = begun[:1] if begun[:1] in ("<", ">") else ""
    return [(sign + level.name.lower(), f"{sign}{level.label}") for level in Priority]


# teams, people, organisations, tags


def _teams(user: User) -> list[Team]:
    return list(Team.objects.visible_to(user))


def _read_team(values: Values, user: User) -> Q:
    teams = _teams(user)
    wanted = []
    for value in values:
        found = [t.pk for t in teams if t.name.casefold() == value.casefold() or str(t.pk) == value]
        if not found:
            raise no_such(value, "team", [t.name for t in teams if t.is_active])
        wanted += found
    return Q(team_id__in=wanted)


def _known_teams(user: User, begun: str) -> list[Choice]:
    return [(team.name, team.name) for team in _teams(user) if team.is_active]


def _read_person(column: str) -> Callable[[Values, User], Q]:
    def read(values: Values, user: User) -> Q:
        where = Q()
        wanted: list[int] = []
        for value in values:
            if value.lower() == "none" and column == "assignee":
                where |= Q(assignee=None)
            else:
                wanted += _people(value, user)
        return where | Q(**{f"{column}__in": wanted}) if wanted else where

    return read


def _people(value: str, user: User) -> list[int]:
    if value.lower() == "me":
        return [user.pk]
    visible = User.objects.visible_to(user)
    exact = visible.filter(addresses__address=address_key(value)) if "@" in value else visible.none()
    found = [person.pk for person in exact or visible.matching(value)[:MOST_MATCHES]]
    if not found:
        raise Unknown(_("Nobody here is called %(value)s.") % {"value": value})
    return found


def _known_colleagues(user: User, begun: str) -> list[Choice]:
    colleagues = User.objects.visible_to(user).staff().order_by("name")[:MOST_MATCHES]
    return [("me", _("Me")), ("none", _("Nobody")), *((c.address, str(c)) for c in colleagues)]


def _known_people(user: User, begun: str) -> list[Choice]:
    found = User.objects.visible_to(user).matching(begun)[:MOST_NAMED] if len(begun) > 1 else []
    return [("me", _("Me")), *((person.address, str(person)) for person in found)]


def _organisations(user: User) -> Any:
    """Customers know their own."""
    return Organisation.objects.visible_to(user) if can_see_inside(user) else Organisation.objects.filter(people=user)


def _read_organisation(values: Values, user: User) -> Q:
    where = Q()
    for value in values:
        if value.lower() == "none":
            where |= Q(organisation=None)
            continue
        found = list(
            _organisations(user)
            .filter(in_any_case("name__icontains", value))
            .values_list("pk", flat=True)[:MOST_MATCHES]
        )
        if not found:
            raise Unknown(_("No organisation is called %(value)s.") % {"value": value})
        where |= Q(organisation_id__in=found)
    return where


def _known_organisations(user: User, begun: str) -> list[Choice]:
    names = (
        _organisations(user).filter(in_any_case("name__istartswith", begun)).values_list("name", flat=True)[:MOST_NAMED]
    )
    return [("none", _("None")), *((name, name) for name in names)]


def _read_tag(values: Values, user: User) -> Q:
    tags = dict(Tag.objects.filter(name__in=map(Tag.clean_name, values)).values_list("name", "pk"))
    for value in values:
        if Tag.clean_name(value) not in tags:
            raise Unknown(_("There is no tag %(value)s.") % {"value": value})
    return Q(pk__in=TicketTag.objects.filter(tag__in=list(tags.values())).values("ticket_id"))


def _known_tags(user: User, begun: str) -> list[Choice]:
    names = Tag.objects.filter(name__startswith=Tag.clean_name(begun)).values_list("name", flat=True)[:MOST_NAMED]
    return [(name, name) for name in names]


# the rest


def _read_number(values: Values, user: User) -> Q:
    digits = [value.removeprefix("#") for value in values]
    for value in digits:
        if row_number(value) is None:
            raise Unknown(_("%(value)s is not a ticket number.") % {"value": value})
    return Q(pk__in=map(int, digits))


def _read_language(values: Values, user: User) -> Q:
    for value in values:
        if not re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,6})?", value, re.IGNORECASE):
            raise no_such(value, "language", [code for code, _name in settings.LANGUAGES])
    return Q(language__in=[value.lower() for value in values])


def _read_has(values: Values, user: User) -> Q:
    for value in values:
        if value.lower() != "attachment":
            raise no_such(value, "has", ["attachment"])
    files = Attachment.objects.all() if can_see_inside(user) else Attachment.objects.visible_to(user)
    return Q(Exists(files.filter(message__ticket=OuterRef("pk"), inline=False)))


def unread_by(user: User) -> Q:
    """A customer spoke since the person looked, and the ticket is theirs or still nobody's."""
    seen = TicketSeen.objects.filter(user=user, ticket=OuterRef("pk"), at__gte=OuterRef("last_customer_at"))
    theirs = Q(assignee=user) | Q(assignee=None)
    return theirs & Q(last_customer_at__isnull=False) & ~Q(Exists(seen))


def _read_is(values: Values, user: User) -> Q:
    for value in values:
        if value.lower() != "unread":
            raise no_such(value, "is", ["unread"])
    return unread_by(user)


_AGE = re.compile(r"([<>])(\d{1,4})([hdw])", re.ASCII)
_DATE = re.compile(r"([<>]?)(\d{4}-\d{2}-\d{2})", re.ASCII)
_UNITS = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}


def _moment(column: str) -> Field:
    """`<2d`: less than two days ago; `>2d`: more; a date with < or > means before or after that day, alone on it."""

    def read(values: Values, user: User) -> Q:
        where = Q()
        for value in values:
            where |= _since(column, value) or _day(column, value)
        return where

    return Field(read, lambda user, begun: [("<1d", _("in the last day")), ("<1w", _("in the last week"))])


def _since(column: str, value: str) -> Q | None:
    age = _AGE.fullmatch(value)
    if age is None:
        return None
    moment = timezone.now() - int(age[2]) * _UNITS[age[3]]
    return Q(**{f"{column}__{'gte' if age[1] == '<' else 'lt'}": moment})


def _day(column: str, value: str) -> Q:
    date = _DATE.fullmatch(value)
    try:
        begins = datetime.fromisoformat(date[2] if date else "").replace(tzinfo=timezone.get_current_timezone())
    except ValueError:
        begins = None
    if date is None or begins is None or not 1900 <= begins.year <= 2999:
        raise Unknown(_("%(value)s is not a date. Write <2d, >12h, 2026-11-01 or >2026-11-01.") % {"value": value})
    ends = begins + timedelta(days=1)
    within = {"<": {"lt": begins}, ">": {"gte": ends}, "": {"gte": begins, "lt": ends}}[date[1]]
    return Q(**{f"{column}__{lookup}": moment for lookup, moment in within.items()})


FIELDS: dict[str, Field] = {
    "status": Field(_read_status, _known_statuses),
    "team": Field(_read_team, _known_teams),
    "assignee": Field(_read_person("assignee"), _known_colleagues, inside=True),
    "requester": Field(_read_person("requester"), _known_people),
    "organisation": Field(_read_organisation, _known_organisations),
    "priority": Field(_read_priority, _known_priorities),
    "type": _choice("type", TicketType),
    "channel": _choice("channel", Channel),
    "tag": Field(_read_tag, _known_tags, inside=True),
    "language": Field(_read_language, lambda user, begun: [(code, str(name)) for code, name in settings.LANGUAGES]),
    "created": _moment("created_at"),
    "updated": _moment("updated_at"),
    "solved": _moment("solved_at"),
    "has": Field(_read_has, lambda user, begun: [("attachment", _("an attachment"))]),
    "is": Field(_read_is, lambda user, begun: [("unread", _("unread"))], inside=True),
    "number": Field(_read_number),
}


def fields_of(user: User) -> dict[str, Field]:
    """Those that the person may name in a condition."""
    inside = can_see_inside(user)
    return {name: field for name, field in FIELDS.items() if inside or not field.inside}
