"""Do workers run every job once, each lane by itself, and lose none when they are stopped or killed?"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from threading import Event

import pytest
from django.conf import LazySettings
from django.db import connection, transaction
from django.utils import timezone

from sportello.kernel.jobs import LANES, Worker, enqueue_once, worker
from sportello.kernel.models import Job, State
from sportello.kernel.tests import tasks
from sportello.kernel.tests.running import Threads, wait_until

pytestmark = pytest.mark.django_db(transaction=True)
NEVER = 1000.0


@pytest.fixture(autouse=True)
def _fresh_notes_and_gates() -> None:
    tasks.NOTES.clear()
    tasks.GATES.clear()


@contextmanager
def working(*, lease: float = 60, drain: float = 8) -> Iterator[Event]:
    """A worker of this process; the event stops it, and so does the end of the block."""
    stop = Event()
    with Threads() as threads:
        threads.start(
            Worker(name="thread", stop=stop, lease=timedelta(seconds=lease), drain=timedelta(seconds=drain)).run
        )
        try:
            yield stop
        finally:
            stop.set()


@contextmanager
def worker_process(*, lease: float = 60) -> Iterator[subprocess.Popen[bytes]]:
    command = [sys.executable, "-m", "sportello.kernel.tests.worker_process"]
    process = subprocess.Popen([*command, str(connection.settings_dict["NAME"]), str(lease)])
    try:
        yield process
    finally:
        process.kill()
        process.wait()


def all_are(state: State) -> bool:
    return not Job.objects.exclude(state=state).exists()


def test_work_of_this_process_begins_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(worker, "POLL_SECONDS", NEVER)
    with working():
        tasks.note.enqueue("a")
        wait_until(lambda: tasks.NOTES == ["a"])
        with transaction.atomic():
            tasks.note.enqueue("b")
        wait_until(lambda: tasks.NOTES == ["a", "b"])
        enqueue_once(tasks.note, "key", "c")
        wait_until(lambda: tasks.NOTES == ["a", "b", "c"])


def test_work_that_nobody_rang_for_is_found_by_looking() -> None:
    with working():
        Job.objects.create(task=tasks.note.module_path, args=["a"], lane="default")
        wait_until(lambda: tasks.NOTES == ["a"])


def test_mail_never_waits_behind_bulk() -> None:
    with working():
        tasks.wait_for.using(queue_name="bulk").enqueue("bulk")
        wait_until(lambda: tasks.NOTES == ["waiting for bulk"])
        tasks.note.using(queue_name="mail").enqueue("mail")
        wait_until(lambda: "mail" in tasks.NOTES)
        assert "after bulk" not in tasks.NOTES
        tasks.GATES["bulk"].set()


def test_a_failing_job_does_not_take_its_lane_along() -> None:
    with working():
        tasks.leave_the_program.enqueue()
        tasks.fail.enqueue("boom")
        tasks.note.enqueue("a")
        wait_until(lambda: "a" in tasks.NOTES)
        wait_until(lambda: Job.objects.filter(state=State.FAILED).count() == 1)


def test_the_language_of_one_job_is_not_the_language_of_the_next() -> None:
    with working():
        for _ in range(2):
            tasks.speak.enqueue("it")
        wait_until(lambda: tasks.NOTES == ["en", "en"])


def test_stopping_lets_a_running_job_finish() -> None:
    with working() as stop:
        tasks.wait_for.enqueue("end")
        wait_until(lambda: tasks.NOTES == ["waiting for end"])
        tasks.note.enqueue("not any more")
        stop.set()
        tasks.GATES["end"].set()
    assert tasks.NOTES == ["waiting for end", "after end"]
    assert Job.objects.get(args=["end"]).state == State.DONE
    assert Job.objects.get(args=["not any more"]).state == State.READY


def test_stopping_gives_back_what_does_not_finish_in_time() -> None:
    with working(drain=0.1):
        tasks.wait_for.enqueue("end")
        wait_until(lambda: tasks.NOTES == ["waiting for end"])
    job = Job.objects.get()
    assert (job.state, job.attempts, job.lease_until) == (State.READY, 0, None)
    tasks.GATES["end"].set()
    wait_until(lambda: "after end" in tasks.NOTES)
    with working():
        wait_until(lambda: all_are(State.DONE))


def test_an_idle_worker_stops_at_once() -> None:
    with working():
        pass
    began = time.monotonic()
    with working():
        pass
    assert time.monotonic() - began < 5


def test_the_heart_renews_the_lease_of_a_long_job() -> None:
    with working(lease=0.4), working(lease=0.4):
        tasks.wait_for.enqueue("end")
        wait_until(lambda: tasks.NOTES == ["waiting for end"])
        first_lease = Job.objects.get().lease_until
        assert first_lease
        wait_until(lambda: timezone.now() > first_lease + timedelta(seconds=0.8))
        assert tasks.NOTES == ["waiting for end"]
        tasks.GATES["end"].set()
        wait_until(lambda: all_are(State.DONE))
    assert Job.objects.get().attempts == 1


def test_a_killed_worker_loses_no_job(tmp_path: Path) -> None:
    told = tmp_path / "told"
    tasks.hang_the_first_time.enqueue(str(told))
    with worker_process(lease=1) as process:
        wait_until(lambda: told.exists() and told.read_text().endswith("\n"))
        process.send_signal(signal.SIGKILL)
        process.wait()
    job = Job.objects.get()
    assert (job.state, job.attempts) == (State.RUNNING, 1)
    with working(lease=1):
        wait_until(lambda: all_are(State.DONE))
    assert told.read_text().split()[1:] == [str(os.getpid())]
    assert Job.objects.get().attempts == 2


def test_two_worker_processes_run_no_job_twice(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with worker_process(), worker_process():
        for number in range(60):
            lane = ("mail", "default", "bulk")[number % 3]
            tasks.append_to.using(queue_name=lane).enqueue(str(told), str(number))
        wait_until(lambda: all_are(State.DONE))
    assert sorted(told.read_text().split(), key=int) == [str(number) for number in range(60)]


def test_a_worker_process_ends_when_it_is_asked_to(tmp_path: Path) -> None:
    told = tmp_path / "told"
    with worker_process() as process:
        tasks.append_to.enqueue(str(told), "a")
        wait_until(lambda: all_are(State.DONE))
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0


@pytest.mark.only_postgresql
def test_a_worker_outlives_its_database_connections() -> None:
    with working():
        tasks.note.enqueue("before")
        wait_until(lambda: tasks.NOTES == ["before"])
        with connection.cursor() as cursor:
            cursor.execute(
                "select pg_terminate_backend(pid) from pg_stat_activity"
                " where datname = current_database() and pid <> pg_backend_pid()"
            )
        tasks.note.enqueue("after")
        wait_until(lambda: tasks.NOTES == ["before", "after"])


def test_every_lane_that_can_be_asked_for_is_served(settings: LazySettings) -> None:
    assert set(worker.THREADS) == set(LANES) == set(settings.TASKS["default"]["QUEUES"])
