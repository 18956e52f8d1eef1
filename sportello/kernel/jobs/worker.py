"""Who runs the jobs? Threads per lane, so that none waits behind another kind, and a heart that renews the leases.

What waits for the servers of others, sending and fetching, has several, and none of the rest waits behind it.
"""

import secrets
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import copy_context
from datetime import timedelta
from threading import Event, Lock, Thread

import structlog
from django.db import close_old_connections, connections

from sportello.kernel.jobs.attempts import attempt
from sportello.kernel.jobs.leases import LEASE, claim, extend, give_back, reap
from sportello.kernel.jobs.wakeups import listen, stop_listening
from sportello.kernel.models import Job

POLL_SECONDS = 0.5  # for jobs that other processes enqueue; those of this process ring
PAUSE_SECONDS = 2.0  # while the database does not answer
DRAIN = timedelta(seconds=6)  # the whole program stops within 10 s, and giving back takes time too
THREADS = ("mail", "default", "send", "send", "send", "fetch", "fetch", "fetch", "bulk")
log = structlog.get_logger(__name__)


class Worker:
    """Name a lane twice to run two of its jobs at a time."""

    def __init__(
        self,
        lanes: Sequence[str] = THREADS,
        *,
        name: str,
        stop: Event,
        lease: timedelta = LEASE,
        drain: timedelta = DRAIN,
    ) -> None:
        self._name = f"{name[:90]}-{secrets.token_hex(4)}"
        self._stop = stop
        self._lease = lease
        self._drain = drain
        self._held: set[int] = set()
        self._guard = Lock()
        self._drained = Event()
        self._bells = [(lane, Event()) for lane in lanes]

    def run(self) -> None:
        """Work until `stop` is set, then finish what runs, or give it back when `drain` was not enough."""
        threads = [self._start(f"{self._name}-{lane}", self._serve, lane, bell) for lane, bell in self._bells]
        heart = self._start(f"{self._name}-heart", self._beat_until_drained)
        self._stop.wait()
        for _, bell in self._bells:
            bell.set()
        deadline = time.monotonic() + self._drain.total_seconds()
        for thread in threads:
            thread.join(max(0.0, deadline - time.monotonic()))
        self._drained.set()
        heart.join(1)
        self._give_back_the_rest()

    def _start(self, name: str, target: Callable[..., None], *args: object) -> Thread:
        thread = Thread(target=target, args=args, name=name, daemon=True)
        thread.start()
        return thread

    def _serve(self, lane: str, bell: Event) -> None:
        listen(lane, bell)
        try:
            while not self._stop.is_set():
                bell.clear()
                if not self._run_next(lane) and not self._stop.is_set():
                    bell.wait(POLL_SECONDS)
        finally:
            stop_listening(lane, bell)
            connections.close_all()

    def _run_next(self, lane: str) -> bool:
        """False when there was nothing to do or the database could not say so: look again a little later."""
        with _surviving("worker_stumbled"):
            job = claim(lane, self._name, lease=self._lease)
            if job is None:
                return False
            with self._holding(job):
                copy_context().run(attempt, job)  # a language or log context set by one job is not the next one's
            return True
        self._stop.wait(PAUSE_SECONDS)
        return False

    @contextmanager
    def _holding(self, job: Job) -> Iterator[None]:
        with self._guard:
            self._held.add(job.pk)
        try:
            yield
        finally:
            with self._guard:
                self._held.discard(job.pk)

    def _beat_until_drained(self) -> None:
        while not self._drained.wait(self._lease.total_seconds() / 4):
            with _surviving("heart_stumbled"):
                if held := self._held_now():
                    extend(held, self._name, lease=self._lease)
                reap()
        connections.close_all()

    def _give_back_the_rest(self) -> None:
        if held := self._held_now():
            with _surviving("give_back_stumbled"):
                give_back(held, self._name)
            log.warning("jobs_given_back", worker=self._name, jobs=sorted(held))

    def _held_now(self) -> set[int]:
        with self._guard:
            return set(self._held)


@contextmanager
def _surviving(event: str) -> Iterator[None]:
    """The database may be away for a while: say so and carry on. Connections are not kept in between."""
    close_old_connections()
    try:
        yield
    except Exception:
        log.exception(event)
    finally:
        close_old_connections()
