"""Is recurring work begun at its time, once, whoever ticks?"""

from datetime import UTC, datetime, timedelta
from threading import Event
from zoneinfo import ZoneInfo

import pytest
import time_machine
from cronsim import CronSimError

from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import ScheduleRun
from sportello.kernel.schedule import Recurring, Ticker, begin
from sportello.kernel.tests import tasks
from sportello.kernel.tests.running import Threads, wait_until

HOURLY = Recurring("hourly", "0 * * * *", tasks.do_nothing)
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


def rome(*when: int) -> datetime:
    return datetime(*when, tzinfo=ZoneInfo("Europe/Rome"))  # type: ignore[arg-type, misc]  # year, month, day, …


@pytest.mark.parametrize("seconds", [0, 0.4, 1, 3599])
def test_the_last_time_includes_this_very_second(seconds: float) -> None:
    assert HOURLY.last_until(NOON + timedelta(seconds=seconds)) == NOON
    assert HOURLY.next_after(NOON + timedelta(seconds=seconds)) == NOON + timedelta(hours=1)


@pytest.mark.parametrize(
    ("now", "last", "following"),
    [
        # Rome, 2026: clocks go forward on 29 March at 02:00, back on 25 October at 03:00.
        (rome(2026, 3, 28, 12), rome(2026, 3, 28, 8), rome(2026, 3, 29, 8)),
        (rome(2026, 3, 29, 12), rome(2026, 3, 29, 8), rome(2026, 3, 30, 8)),
        (rome(2026, 10, 25, 7), rome(2026, 10, 24, 8), rome(2026, 10, 25, 8)),
        (rome(2026, 10, 25, 8), rome(2026, 10, 25, 8), rome(2026, 10, 26, 8)),
    ],
)
def test_eight_in_rome_is_eight_in_rome_also_over_daylight_saving(
    now: datetime, last: datetime, following: datetime
) -> None:
    entry = Recurring("morning", "0 8 * * *", tasks.do_nothing, zone="Europe/Rome")
    assert entry.last_until(now) == last
    assert entry.next_after(now) == following


@pytest.mark.parametrize("cron", ["", "every day", "61 * * * *", "* * * * * * *"])
def test_nonsense_is_refused_at_start(cron: str) -> None:
    with pytest.raises(CronSimError):
        Recurring("nonsense", cron, tasks.do_nothing)


@pytest.mark.django_db
def test_work_is_begun_once_for_each_time() -> None:
    ticker, another = (Ticker([HOURLY], Event()) for _ in range(2))
    with time_machine.travel(NOON, tick=False) as clock:
        ticker.tick()
        another.tick()
        clock.shift(timedelta(minutes=59))
        ticker.tick()
        another.tick()
        assert run_jobs() == 1
        clock.shift(timedelta(minutes=1))
        another.tick()
        ticker.tick()
        assert run_jobs() == 1
    assert ScheduleRun.objects.get().due == NOON + timedelta(hours=1)


@pytest.mark.django_db
def test_what_was_missed_is_made_up_for_once() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        Ticker([HOURLY], Event()).tick()
        assert run_jobs() == 1
        clock.shift(timedelta(hours=5, minutes=20))
        Ticker([HOURLY], Event()).tick()
        assert run_jobs() == 1
    assert ScheduleRun.objects.get().due == NOON + timedelta(hours=5)


@pytest.mark.django_db
def test_a_clock_that_is_set_back_begins_nothing_again() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        Ticker([HOURLY], Event()).tick()
        assert run_jobs() == 1
        clock.shift(timedelta(hours=-2))
        Ticker([HOURLY], Event()).tick()
        assert run_jobs() == 0


@pytest.mark.django_db
def test_jobs_do_not_pile_up_while_no_worker_runs() -> None:
    ticker = Ticker([HOURLY], Event())
    with time_machine.travel(NOON, tick=False) as clock:
        for _ in range(12):
            ticker.tick()
            clock.shift(timedelta(hours=1))
        assert run_jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_eight_who_tick_at_the_same_moment_begin_it_once() -> None:
    with Threads() as threads:
        for _ in range(8):
            threads.start(begin, HOURLY, NOON)
    assert run_jobs() == 1
    with Threads() as threads:
        for _ in range(8):
            threads.start(begin, HOURLY, NOON + timedelta(hours=1))
    assert run_jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_a_ticker_ticks_until_it_is_stopped() -> None:
    stop = Event()
    every_second = Recurring("every second", "* * * * * *", tasks.do_nothing)
    with Threads() as threads:
        ticking = threads.start(Ticker([every_second], stop).run)
        for _ in range(2):
            wait_until(lambda: run_jobs() > 0)
        stop.set()
        ticking.join(5)
        assert not ticking.is_alive()
