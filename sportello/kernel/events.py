"""How does one part tell the others what happened? Frozen facts; reactions run in the same transaction."""

from collections import defaultdict
from collections.abc import Callable
from dataclasses import asdict, dataclass
from typing import Any, ClassVar, TypeVar

from django.db import connection

_KINDS: dict[str, type["Event"]] = {}
_REACTIONS: dict[type["Event"], list["Reaction"]] = defaultdict(list)


@dataclass(frozen=True)
class Event:
    """A fact in the past tense. Its fields are JSON values only, so that it can be stored, replayed and sent."""

    kind: ClassVar[str]

    def __init_subclass__(cls, **kwargs: Any) -> None:
        super().__init_subclass__(**kwargs)
        cls.kind = cls.__name__
        if cls.kind in _KINDS:
            raise TypeError(f"Two events are called {cls.kind}")
        _KINDS[cls.kind] = cls

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


E = TypeVar("E", bound=Event)
R = TypeVar("R")
Reaction = Callable[[Any, Any], None]


def kind_named(kind: str) -> type[Event]:
    """The event class of a stored fact; KeyError for a kind that no installed context declares."""
    return _KINDS[kind]


def kinds() -> list[type[Event]]:
    """Every fact that can happen, as declared; what others are built on is none itself."""
    return [kind for kind in _KINDS.values() if not kind.__subclasses__()]


def reactions_to(kind: type[Event]) -> list[Reaction]:
    return list(_REACTIONS.get(kind, ()))


def on(*events: type[E]) -> Callable[[Callable[[E, R], None]], Callable[[E, R], None]]:
    """Run the decorated function in the transaction that records one of these facts, with the row that it is about."""

    def register(reaction: Callable[[E, R], None]) -> Callable[[E, R], None]:
        for event in events:
            _REACTIONS[event].append(reaction)
        return reaction

    return register


def publish(event: Event, about: Any) -> None:
    """Let every reaction see the fact, and the row as it is after it, so that none has to read it again.

    Errors are not swallowed: they undo the transaction that caused them.
    """
    if not connection.in_atomic_block:
        raise RuntimeError(f"{event.kind} was published outside a transaction")
    for reaction in _REACTIONS[type(event)]:
        reaction(event, about)
