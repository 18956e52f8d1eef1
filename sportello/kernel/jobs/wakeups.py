"""Who in this process wants to know at once that a lane has work? Other processes find it by looking."""

from collections import defaultdict
from functools import partial
from threading import Event, Lock

from django.db import transaction

_guard = Lock()
_listeners: dict[str, set[Event]] = defaultdict(set)


def listen(lane: str, bell: Event) -> None:
    with _guard:
        _listeners[lane].add(bell)


def stop_listening(lane: str, bell: Event) -> None:
    with _guard:
        _listeners[lane].discard(bell)


def ring(lane: str) -> None:
    with _guard:
        bells = list(_listeners[lane])
    for bell in bells:
        bell.set()


def ring_on_commit(lane: str) -> None:
    transaction.on_commit(partial(ring, lane), robust=True)
