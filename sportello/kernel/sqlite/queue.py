"""Whose turn is it to write? SQLite lets waiting writers poll and starve; here they are served in order of arrival."""

from collections import deque
from threading import Lock


class WriterQueue:
    """A lock that is handed over first come, first served. Any thread may release it."""

    def __init__(self) -> None:
        self._guard = Lock()
        self._taken = False
        self._waiting: deque[Lock] = deque()

    def acquire(self, *, timeout: float) -> bool:
        """True when it is our turn; False when `timeout` seconds were not enough."""
        with self._guard:
            if not self._taken:
                self._taken = True
                return True
            gate = Lock()
            gate.acquire()
            self._waiting.append(gate)
        if gate.acquire(timeout=timeout):
            return True
        with self._guard:
            if gate not in self._waiting:  # the turn came while we gave up
                return True
            self._waiting.remove(gate)
        return False

    def release(self) -> None:
        with self._guard:
            if self._waiting:
                self._waiting.popleft().release()
            else:
                self._taken = False


_QUEUES: dict[str, WriterQueue] = {}
_QUEUES_GUARD = Lock()


def queue_of(database: str) -> WriterQueue:
    """The one queue of this process for that file."""
    with _QUEUES_GUARD:
        return _QUEUES.setdefault(database, WriterQueue())
