"""Which queue does a person look at, in which order, page by page, and how long is each?"""

import base64
import binascii
import json
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from sportello.people.models import Team, User
from sportello.people.roles import Right
from sportello.tickets import conditions
from sportello.tickets.conditions import Query
from sportello.tickets.models import SavedView, Ticket, TicketSeen
from sportello.tickets.querysets import TicketQuerySet

PAGE = 50
CAP = 10_000

# sort: (column, descending) pairs ending in the number, each served by an index that begins with `active`
SORTS: dict[str, tuple[tuple[str, bool], ...]] = {
    "urgency": (("priority", True), ("created_at", False), ("id", False)),
    "arrival": (("created_at", False), ("id", False)),
    "updated": (("updated_at", True), ("id", True)),
}


@dataclass(frozen=True)
class Queue:
    """`where` and `query` narrow the visible tickets; `key` is its name in addresses."""

    key: str
    title: str
    query: Query = field(default_factory=Query)
    where: Q = field(default_factory=Q)
    sort: str = "urgency"
    view: SavedView | None = None


@dataclass(frozen=True)
class Page:
    tickets: list[Ticket]
    next: str
    problems: tuple[str, ...]


def queue(user: User, key: str) -> Queue | None:
    """The built-in or saved queue of that name; None where the person has no such queue."""
    built_in = {
        "mine": Queue("mine", _("Mine"), where=Q(assignee=user)),
        "unassigned": Queue("unassigned", _("Unassigned"), where=Q(assignee=None)),
        "all": Queue("all", _("All open")),
        "recent": Queue("recent", _("Recently updated"), sort="updated"),
        "solved": Queue("solved", _("Solved"), query=conditions.parse("status:solved,closed", user), sort="updated"),
    }
    if key in built_in:
        return built_in[key]
    kind, _dash, number = key.partition("-")
    if not number.isdecimal() or len(number) > 18:
        return None
    if kind == "team":
        team = teams_of(user).filter(pk=int(number)).first()
        return Queue(key, team.name, where=Q(team_id=team.pk)) if team else None
    if kind == "saved":
        view = SavedView.objects.visible_to(user).filter(pk=int(number)).first()
        return Queue(key, view.name, conditions.parse(view.query, user), sort=view.sort, view=view) if view else None
    return None


def teams_of(user: User) -> Any:
    """The teams whose tickets the person sees."""
    ids = user.teams_with(Right.VIEW)
    return Team.objects.active() if ids is None else Team.objects.active().filter(pk__in=ids)


def tickets_in(user: User, chosen: Queue, text: str = "") -> tuple[TicketQuerySet, Query]:
    """The tickets of a queue, narrowed by what is typed. Only active ones, unless a status is asked for."""
    typed = conditions.parse(text, user)
    tickets = Ticket.objects.visible_to(user).filter(chosen.where)
    if not (typed.names_status or chosen.query.names_status):
        tickets = tickets.active()
    return conditions.apply(conditions.apply(tickets, chosen.query, user), typed, user), typed


def page(user: User, chosen: Queue, *, text: str = "", sort: str = "", after: str = "") -> Page:
    """Fifty rows in the queue's order, after the cursor of the page before."""
    order = SORTS.get(sort) or SORTS.get(chosen.sort) or SORTS["urgency"]
    tickets, typed = tickets_in(user, chosen, text)
    place = _read_cursor(after, order)
    if place:
        tickets = tickets.filter(_beyond(order, place))
    rows = list(tickets.order_by(*(f"-{c}" if down else c for c, down in order)).for_list()[: PAGE + 1])
    more = len(rows) > PAGE
    rows = rows[:PAGE]
    return Page(rows, _cursor(rows[-1], order) if more else "", typed.problems)


def _beyond(order: Iterable[tuple[str, bool]], place: list[Any]) -> Q:
    """Rows after this place: a range on the first column, so that the index is walked from there, then the ties."""
    pairs = list(zip(order, place, strict=True))
    where = Q(pk__in=[])
    for depth in range(len(pairs)):
        step = Q(**{column: value for (column, _down), value in pairs[:depth]})
        (column, down), value = pairs[depth]
        where |= step & Q(**{f"{column}__{'lt' if down else 'gt'}": value})
    (first, down), value = pairs[0]
    return where & Q(**{f"{first}__{'lte' if down else 'gte'}": value})


def _cursor(ticket: Ticket, order: Iterable[tuple[str, bool]]) -> str:
    values = [getattr(ticket, column) for column, _down in order]
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def _read_cursor(cursor: str, order: tuple[tuple[str, bool], ...]) -> list[Any] | None:
    """A cursor that is not ours begins at the top."""
    if not cursor or len(cursor) > 300:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list) or len(values) != len(order):
            return None
        return [
            datetime.fromisoformat(value) if column.endswith("_at") else int(value)
            for value, (column, _down) in zip(values, order, strict=True)
        ]
    except (binascii.Error, UnicodeDecodeError, ValueError, TypeError, RecursionError):
        return None


def counts(user: User, saved: Iterable[SavedView] = ()) -> dict[str, int]:
    """How many active tickets each queue holds: one grouped query for the built-in ones, a capped one a saved view."""
    grouped = (
        Ticket.objects.visible_to(user)
        .active()
        .order_by()
        .values("team_id")
        .annotate(n=Count("pk"), free=Count("pk", filter=Q(assignee=None)), mine=Count("pk", filter=Q(assignee=user)))
    )
    found = {"mine": 0, "unassigned": 0, "all": 0}
    for row in grouped:
        found[f"team-{row['team_id']}"] = row["n"]
        found["all"] += row["n"]
        found["mine"] += row["mine"]
        found["unassigned"] += row["free"]
    for view in saved:
        chosen = Queue(f"saved-{view.pk}", view.name, conditions.parse(view.query, user))
        tickets, _typed = tickets_in(user, chosen)
        found[chosen.key] = tickets.order_by()[: CAP + 1].count()
    return {key: min(n, CAP) for key, n in found.items()}


def unread_ids(user: User, tickets: Collection[Ticket]) -> set[int]:
    """A customer spoke since the person looked, and the ticket is theirs or still nobody's."""
    concerned = {t.pk: t for t in tickets if t.last_customer_at and t.assignee_id in (user.pk, None)}
    seen = dict(TicketSeen.objects.filter(user=user, ticket__in=list(concerned)).values_list("ticket_id", "at"))
    return {
        pk for pk, t in concerned.items() if t.last_customer_at and (pk not in seen or t.last_customer_at > seen[pk])
    }


def neighbours(user: User, chosen: Queue, ticket: Ticket, sort: str = "") -> tuple[int | None, int | None]:
    """The numbers before and after a ticket in its queue."""
    order = SORTS.get(sort) or SORTS.get(chosen.sort) or SORTS["urgency"]
    tickets, _typed = tickets_in(user, chosen)
    place = [getattr(ticket, column) for column, _down in order]
    back = tuple((column, not down) for column, down in order)
    following = tickets.filter(_beyond(order, place)).order_by(*(f"-{c}" if down else c for c, down in order))
    before = tickets.filter(_beyond(back, place)).order_by(*(f"-{c}" if down else c for c, down in back))
    ids = [rows.values_list("pk", flat=True).first() for rows in (before, following)]
    return ids[0], ids[1]
