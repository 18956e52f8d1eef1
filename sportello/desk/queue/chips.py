"""Which conditions stand in the filter bar as chips, and what is left there to type?"""

from dataclasses import dataclass

from sportello.people.models import User
from sportello.tickets import conditions
from sportello.tickets.conditions import Condition, Query
from sportello.tickets.queues import Queue

_BY_KEY = {"mine": Condition("assignee", ("me",)), "unassigned": Condition("assignee", ("none",))}


@dataclass(frozen=True)
class Chip:
    """One condition; `without` is what stays typed when it goes."""

    name: str
    values: str
    without: str = ""


@dataclass(frozen=True)
class FilterBar:
    """`fixed` come from the view, `kept` is the text of `chips`, `typed` stands in the field, `whole` is all of it."""

    fixed: list[Chip]
    chips: list[Chip]
    kept: str
    typed: str
    whole: str


def filter_bar(user: User, chosen: Queue, text: str) -> FilterBar:
    """What cannot be read stays in the field, so that it can be mended there."""
    query = conditions.parse(text, user)
    left = query.misread
    unread = bool(query.problems) and not query.misread  # too many of them, or of words
    kept = () if unread else tuple(condition for condition in query.conditions if condition not in left)
    fixed = _fixed(chosen)
    return FilterBar(
        fixed=[_chip(condition) for condition in fixed.conditions] + ([Chip("", fixed.words)] if fixed.words else []),
        chips=[_chip(condition, _without(query, condition)) for condition in kept],
        kept=" ".join(map(str, kept)),
        typed=text if unread else " ".join([*map(str, left), query.words]).strip(),
        whole=f"{fixed} {text}".strip(),
    )


def _fixed(chosen: Queue) -> Query:
    if chosen.key in _BY_KEY:
        return Query((_BY_KEY[chosen.key],))
    if chosen.key.startswith("team-"):
        return Query((Condition("team", (chosen.title,)),))
    return chosen.query


def _chip(condition: Condition, without: str = "") -> Chip:
    return Chip(f"{'-' if condition.negated else ''}{condition.field}", ", ".join(condition.values), without)


def _without(query: Query, gone: Condition) -> str:
    return str(Query(tuple(condition for condition in query.conditions if condition is not gone), query.words))
