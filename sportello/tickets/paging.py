"""In which order does a list of tickets stand, and what comes after a place in it?

Each order ends in the number, so that no two tickets share a place, and an index walks it: a page costs the same
wherever it begins. The condition for "after this place" would be an OR, which no index serves; so the rest of the
list is taken step by step, first what is equal in the few-valued columns, then what is beyond.
"""

import base64
import binascii
import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Q

from sportello.tickets.models import Ticket
from sportello.tickets.querysets import TicketQuerySet
from sportello.tickets.words import Sort


@dataclass(frozen=True)
class Column:
    name: str
    descends: bool = False

    def beyond(self, value: Any) -> Q:
        return Q(**{f"{self.name}__{'lt' if self.descends else 'gt'}": value})

    def from_on(self, value: Any) -> Q:
        return Q(**{f"{self.name}__{'lte' if self.descends else 'gte'}": value})


@dataclass(frozen=True)
class Order:
    """`few` are columns of a handful of values, `line` is a moment and the number."""

    few: tuple[Column, ...]
    line: tuple[Column, Column]

    @property
    def columns(self) -> tuple[Column, ...]:
        return (*self.few, *self.line)

    def as_fields(self) -> list[str]:
        return [f"-{column.name}" if column.descends else column.name for column in self.columns]

    def backwards(self) -> "Order":
        few = tuple(Column(column.name, not column.descends) for column in self.few)
        moment, number = (Column(column.name, not column.descends) for column in self.line)
        return Order(few, (moment, number))

    def place_of(self, ticket: Ticket) -> list[Any]:
        return [getattr(ticket, column.name) for column in self.columns]


_ACTIVE_FIRST = Column("active", descends=True)
_OLDEST_FIRST = (Column("created_at"), Column("id"))
ORDERS: dict[str, Order] = {
    Sort.URGENCY: Order((_ACTIVE_FIRST, Column("priority", descends=True)), _OLDEST_FIRST),
    Sort.ARRIVAL: Order((_ACTIVE_FIRST,), _OLDEST_FIRST),
    Sort.UPDATED: Order((), (Column("updated_at", descends=True), Column("id", descends=True))),
}


def following(tickets: TicketQuerySet, order: Order, place: list[Any] | None, count: int) -> list[int]:
    """The numbers of the next tickets after this place, or of the first."""
    found: list[int] = []
    for step in [Q()] if place is None else _steps(order, place):
        rows = tickets.filter(step).order_by(*order.as_fields())
        found += rows.values_list("pk", flat=True)[: count - len(found)]
        if len(found) == count:
            break
    return found


def _steps(order: Order, place: list[Any]) -> Iterator[Q]:
    few, (moment, number) = place[: len(order.few)], place[len(order.few) :]
    same = [Q(**{column.name: value}) for column, value in zip(order.few, few, strict=True)]
    begin, end = order.line
    tie = begin.beyond(moment) | end.beyond(number)
    yield _all(same) & begin.from_on(moment) & tie
    for depth in reversed(range(len(order.few))):
        yield _all(same[:depth]) & order.few[depth].beyond(few[depth])


def _all(parts: list[Q]) -> Q:
    where = Q()
    for part in parts:
        where &= part
    return where


def cursor_of(ticket: Ticket, order: Order) -> str:
    plain = [value.isoformat() if isinstance(value, datetime) else value for value in order.place_of(ticket)]
    return base64.urlsafe_b64encode(json.dumps(plain).encode()).decode().rstrip("=")


def place_in(cursor: str, order: Order) -> list[Any] | None:
    """The place that a cursor names; one that is not ours begins at the top."""
    if not cursor or len(cursor) > 300:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        if not isinstance(values, list):
            return None
        return [_read(column.name, value) for column, value in zip(order.columns, values, strict=True)]
    except (binascii.Error, UnicodeError, ValueError, TypeError, RecursionError):
        return None


def _read(name: str, value: Any) -> Any:
    if name.endswith("_at"):
        moment = datetime.fromisoformat(value)
        if moment.tzinfo is None or not 1900 <= moment.year <= 2999:
            raise ValueError
        return moment
    if not isinstance(value, int) or not -(2**15) < value < (2**15 if name != "id" else 2**63):
        raise ValueError
    return value
