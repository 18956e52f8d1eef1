"""Which queue does a person look at, what stands on its next page, and how long is each?"""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from sportello.kernel.numbers import row_number
from sportello.kernel.rows import counts_of
from sportello.people.models import Team, User
from sportello.people.roles import Right
from sportello.tickets import conditions
from sportello.tickets.condition_fields import unread_by
from sportello.tickets.conditions import Query
from sportello.tickets.models import SavedView, Ticket
from sportello.tickets.paging import ORDERS, Order, cursor_of, following, place_in
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.words import Sort

PAGE = 50
CAP = 10_000


@dataclass(frozen=True)
class Queue:
    """`where` and `query` narrow the visible tickets; `key` is its name in addresses."""

    key: str
    title: str
    query: Query = field(default_factory=Query)
    where: Q = field(default_factory=Q)
    sort: str = Sort.URGENCY
    view: SavedView | None = None


@dataclass(frozen=True)
class Page:
    """`next` is the cursor of the page after, empty on the last one; `problems` are sentences about what was typed."""

    tickets: list[Ticket]
    next: str
    problems: tuple[str, ...]


def queue(user: User, key: str) -> Queue | None:
    """The built-in or saved queue of that name; None where the person has no such queue."""
    if key in _BUILT_IN:
        return _built_in(key, user)
    kind, _dash, text = key.partition("-")
    number = row_number(text)
    if number is None:
        return None
    if kind == "team":
        team = teams_of(user).filter(pk=number).first()
        return Queue(key, team.name, where=Q(team_id=team.pk)) if team else None
    if kind == "saved":
        view = SavedView.objects.visible_to(user).filter(pk=number).first()
        return _of_view(view, user) if view else None
    return None


_BUILT_IN = ("mine", "unassigned", "all", "recent", "solved")


def _built_in(key: str, user: User) -> Queue:
    return {
        "mine": Queue("mine", _("Mine"), where=Q(assignee_id=user.pk)),
        "unassigned": Queue("unassigned", _("Unassigned"), where=Q(assignee=None)),
        "all": Queue("all", _("All active")),
        "recent": Queue("recent", _("Recently updated"), query=_typed("status:any", user), sort=Sort.UPDATED),
        "solved": Queue(
            "solved", pgettext("tickets", "Solved"), query=_typed("status:solved,closed", user), sort=Sort.UPDATED
        ),
    }[key]


def all_of(user: User) -> list[Queue]:
    """Every queue that the person has: the built-in ones, one a team, and the saved views."""
    teams = [Queue(f"team-{team.pk}", team.name, where=Q(team_id=team.pk)) for team in teams_of(user)]
    saved = [_of_view(view, user) for view in SavedView.objects.visible_to(user)]
    return [*(_built_in(key, user) for key in _BUILT_IN), *teams, *saved]


def _typed(text: str, user: User) -> Query:
    return conditions.parse(text, user)


def _of_view(view: SavedView, user: User) -> Queue:
    return Queue(f"saved-{view.pk}", view.name, _typed(view.query, user), sort=view.sort, view=view)


def teams_of(user: User, right: Right = Right.VIEW) -> QuerySet[Team]:
    """The teams whose tickets the person sees, or has that right over."""
    ids = user.teams_with(right)
    return Team.objects.active() if ids is None else Team.objects.active().filter(pk__in=ids)


def tickets_in(user: User, chosen: Queue, text: str = "") -> tuple[TicketQuerySet, Query]:
    """The tickets of a queue, narrowed by what is typed. Only active ones, unless a status is asked for."""
    typed = _typed(text, user)
    tickets = Ticket.objects.visible_to(user).filter(chosen.where)
    if not (typed.names_status or chosen.query.names_status):
        tickets = tickets.active()
    return conditions.apply(conditions.apply(tickets, chosen.query, user), typed, user), typed


def order_of(chosen: Queue, sort: str = "") -> Order:
    """What is asked for, or what the queue has of its own."""
    return ORDERS.get(sort) or ORDERS.get(chosen.sort) or ORDERS[Sort.URGENCY]


def page(user: User, chosen: Queue, *, text: str = "", sort: str = "", after: str = "") -> Page:
    """Fifty tickets in the queue's order, after the cursor of the page before."""
    order = order_of(chosen, sort)
    tickets, typed = tickets_in(user, chosen, text)
    numbers = following(tickets, order, place_in(after, order), PAGE + 1)
    rows = Ticket.objects.filter(pk__in=numbers[:PAGE]).for_list()
    rows.sort(key=lambda ticket: numbers.index(ticket.pk))
    more = len(numbers) > PAGE and rows
    problems = dict.fromkeys((*chosen.query.problems, *typed.problems))
    return Page(rows, cursor_of(rows[-1], order) if more else "", tuple(problems))


def neighbours(
    user: User, chosen: Queue, ticket: Ticket, *, text: str = "", sort: str = ""
) -> tuple[int | None, int | None]:
    """The numbers before and after a ticket in its queue, also where the ticket has just left it."""
    order = order_of(chosen, sort)
    tickets, _typed = tickets_in(user, chosen, text)
    place = order.place_of(ticket)
    before = following(tickets, order.backwards(), place, 1)
    after = following(tickets, order, place, 1)
    return before[0] if before else None, after[0] if after else None


def counts(user: User, saved: Iterable[SavedView] = ()) -> dict[str, int]:
    """How many active tickets each queue holds: one grouped query for the built-in ones, one for all saved views."""
    found = {"mine": 0, "unassigned": 0, "all": 0}
    groups = Ticket.objects.visible_to(user).active().order_by().values_list("team_id", "assignee_id")
    for team, assignee, number in groups.annotate(n=Count("*")):
        keys = ["all", f"team-{team}"]
        keys += ["unassigned"] if assignee is None else ["mine"] if assignee == user.pk else []
        for key in keys:
            found[key] = found.get(key, 0) + number
    views = {f"saved-{view.pk}": tickets_in(user, _of_view(view, user))[0] for view in saved}
    capped = (tickets.order_by().values("pk")[:CAP] for tickets in views.values())
    found |= dict(zip(views, counts_of(capped), strict=True))
    return {key: min(number, CAP) for key, number in found.items()}


def unread_ids(user: User, tickets: Collection[Ticket]) -> set[int]:
    """Which of these are unread, as the condition `is:unread` means it. One query."""
    shown = Ticket.objects.filter(pk__in=[ticket.pk for ticket in tickets])
    return set(shown.filter(unread_by(user)).values_list("pk", flat=True))
