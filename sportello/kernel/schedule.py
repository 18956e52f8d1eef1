"""What happens again and again, and who begins it when several processes tick? The list is config/schedule.py."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from threading import Event
from typing import Any
from zoneinfo import ZoneInfo

import structlog
from cronsim import CronSim
from django.db import close_old_connections, connections, transaction
from django.db.models import Max
from django.utils import timezone
from django_tasks.base import Task

from sportello.kernel.jobs import enqueue_once
from sportello.kernel.models import ScheduleRun

LONGEST_NAP_SECONDS = 30  # so that a changed clock is noticed
log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Recurring:
    """`cron` has five fields (Debian's rules, also over daylight saving), read in `zone`."""

    name: str
    cron: str
    task: Task[[], Any]
    zone: str = "UTC"

    def __post_init__(self) -> None:
        self.next_after(datetime(2026, 1, 1, tzinfo=UTC))  # nonsense is refused at start

    def last_until(self, at: datetime) -> datetime:
        """The latest moment, `at` included, for which this was due."""
        return self._walk(at + timedelta(seconds=1), reverse=True)

    def next_after(self, at: datetime) -> datetime:
        return self._walk(at, reverse=False)

    def _walk(self, at: datetime, *, reverse: bool) -> datetime:
        start = at.replace(microsecond=0).astimezone(ZoneInfo(self.zone))
        return next(CronSim(self.cron, start, reverse=reverse)).astimezone(UTC)


class Ticker:
    """Any number may run at once. What was missed while none ran is made up for once, not once per missed time."""

    def __init__(self, entries: Sequence[Recurring], stop: Event) -> None:
        self._entries = entries
        self._stop = stop
        self._begun: dict[str, datetime] = {}

    def run(self) -> None:
        try:
            while not self._stop.is_set():
                self._stop.wait(self._tick_and_nap())
        finally:
            connections.close_all()

    def tick(self) -> None:
        """Begin what is due. Writes only when something is."""
        now = timezone.now()
        for entry in self._entries:
            due = entry.last_until(now)
            if self._begun.get(entry.name) == due:
                continue
            if begin(entry, due):
                log.debug("recurring_begun", name=entry.name, due=due.isoformat())
            self._begun[entry.name] = due

    def _tick_and_nap(self) -> float:
        close_old_connections()
        try:
            self.tick()
        except Exception:
            log.exception("ticker_stumbled")
            return 1.0
        finally:
            close_old_connections()
        now = timezone.now()
        naps = [(entry.next_after(now) - now).total_seconds() for entry in self._entries]
        return min([*naps, LONGEST_NAP_SECONDS])


def last_begun() -> datetime | None:
    """The latest moment for which anything was begun; None where nothing ever was."""
    newest: datetime | None = ScheduleRun.objects.aggregate(newest=Max("due"))["newest"]
    return newest


def begin(entry: Recurring, due: datetime) -> bool:
    """Enqueue the entry's task for that moment, in one transaction with the claim. False when somebody else has.

    While no worker runs, the job of the last time waits for all the times after it.
    """
    with transaction.atomic():
        run, first = ScheduleRun.objects.get_or_create(name=entry.name, defaults={"due": due})
        if not first and not ScheduleRun.objects.filter(pk=run.pk, due__lt=due).update(due=due):
            return False
        enqueue_once(entry.task, entry.name)
        return True
