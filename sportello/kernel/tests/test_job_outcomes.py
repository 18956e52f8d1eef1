"""What becomes of a job that fails, asks for later, loses its worker, or is long done?"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import structlog
import time_machine
from django.utils import timezone

from sportello.kernel.jobs import LANES, oldest_waiting_seconds, testing
from sportello.kernel.jobs.attempts import attempt, backoff
from sportello.kernel.jobs.leases import claim, extend, give_back, reap
from sportello.kernel.jobs.pruning import prune_finished_jobs
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Job, State
from sportello.kernel.tests import tasks

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture(autouse=True)
def _no_notes() -> None:
    tasks.NOTES.clear()


def begin(worker: str = "w") -> Job:
    job = claim("default", worker)
    assert job is not None
    return job


def the_job() -> Job:
    return Job.objects.get()


def test_a_job_that_ends_well_is_done() -> None:
    with time_machine.travel(NOON, tick=False):
        tasks.note.enqueue("a")
        assert attempt(begin()) is None
    job = the_job()
    assert (job.state, job.finished_at, job.lease_until, job.last_error) == (State.DONE, NOON, None, "")


def test_a_job_that_raises_is_retried_twice_as_late_each_time_and_then_fails() -> None:
    with time_machine.travel(NOON, tick=False) as clock, structlog.testing.capture_logs() as logs:
        tasks.fail.enqueue("boom")
        attempt(begin())
        job = the_job()
        assert (job.state, job.attempts, job.last_error) == (State.READY, 1, "ValueError: boom")
        assert timedelta(seconds=48) <= job.run_after - NOON <= timedelta(seconds=72)

        clock.move_to(job.run_after - timedelta(seconds=1))
        assert claim("default", "w") is None
        clock.move_to(job.run_after)
        attempt(begin())
        again = the_job()
        assert timedelta(seconds=96) <= again.run_after - job.run_after <= timedelta(seconds=144)

        clock.move_to(again.run_after)
        attempt(begin())
        failed = the_job()
    assert (failed.state, failed.attempts, failed.finished_at) == (State.FAILED, 3, again.run_after)
    assert [entry["event"] for entry in logs] == ["job_will_be_retried", "job_will_be_retried", "job_failed"]
    assert logs[-1]["log_level"] == "error"
    assert tasks.NOTES == ["boom"] * 3


def test_eight_attempts_are_the_rule() -> None:
    tasks.fail_as_usual.enqueue()
    for _ in range(8):
        Job.objects.update(run_after=timezone.now())
        attempt(begin())
    assert (the_job().state, the_job().attempts) == (State.FAILED, 8)


def test_the_delay_is_spread_and_has_an_upper_bound() -> None:
    delays = {backoff(timedelta(seconds=10), 3).total_seconds() for _ in range(50)}
    assert len(delays) > 10
    assert 32 <= min(delays) <= max(delays) <= 48
    assert backoff(timedelta(seconds=10), 30_000) <= timedelta(hours=7.2)


def test_later_is_no_failure_and_costs_no_attempt() -> None:
    with time_machine.travel(NOON, tick=False):
        tasks.come_back_in.enqueue(90)
        assert attempt(begin()) is None
    job = the_job()
    assert (job.state, job.attempts, job.last_error) == (State.READY, 0, "")
    assert job.run_after == NOON + timedelta(seconds=90)


def test_a_job_that_leaves_the_program_has_failed() -> None:
    tasks.leave_the_program.enqueue()
    assert isinstance(attempt(begin()), SystemExit)
    assert (the_job().state, the_job().last_error) == (State.FAILED, "SystemExit: enough")


def test_a_task_that_the_program_no_longer_has_is_retried_like_any_failure() -> None:
    Job.objects.create(task="sportello.kernel.tests.tasks.gone", lane="default")
    attempt(begin())
    assert the_job().state == State.READY
    assert the_job().last_error.startswith("ImportError")


@pytest.mark.parametrize(
    ("said", "kept"),
    [("x" * 1000, "x" * 288), ("a\0b", "ab"), ("a\n  b", "a b"), ("caf\udce9", "caf?"), ("", "")],
)
def test_an_error_text_is_kept_as_far_as_a_database_takes_it(said: str, kept: str) -> None:
    tasks.fail.enqueue("ascii")
    job = begin()
    job.args = [said]
    attempt(job)
    assert the_job().last_error == f"ValueError: {kept}"


def test_a_failed_job_can_be_retried_by_hand_once() -> None:
    tasks.leave_the_program.enqueue()
    attempt(begin())
    failed = Job.objects.failed().get()
    assert failed.retry()
    assert not failed.retry()
    job = the_job()
    assert (job.state, job.attempts, job.finished_at) == (State.READY, 0, None)


def test_only_a_job_that_failed_can_be_discarded() -> None:
    tasks.leave_the_program.enqueue()
    assert not the_job().discard()
    attempt(begin())
    assert the_job().discard()
    assert not Job.objects.exists()


def test_a_job_that_is_not_renewed_goes_to_another_worker() -> None:
    with time_machine.travel(NOON, tick=False) as clock, structlog.testing.capture_logs() as logs:
        tasks.note.enqueue("a")
        lost = begin("first")
        clock.shift(timedelta(seconds=60))
        assert reap() == 0
        clock.shift(timedelta(seconds=1))
        assert reap() == 1
        second = begin("second")
        assert second.attempts == 2
        attempt(lost)
        assert the_job().state == State.RUNNING
        attempt(second)
        assert the_job().state == State.DONE
    assert [entry["event"] for entry in logs] == ["job_abandoned", "job_outcome_ignored"]


def test_a_renewed_lease_is_left_alone() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        tasks.note.enqueue("a")
        job = begin("first")
        clock.shift(timedelta(seconds=59))
        assert extend([job.pk], "first") == 1
        assert extend([job.pk], "another") == 0
        clock.shift(timedelta(seconds=59))
        assert reap() == 0


def test_a_job_that_kills_every_worker_fails_in_the_end() -> None:
    tasks.leave_the_program.enqueue()
    begin("victim")
    with time_machine.travel(timezone.now() + timedelta(minutes=2)), structlog.testing.capture_logs():
        assert reap() == 1
    assert the_job().state == State.FAILED
    assert the_job().last_error == "The worker victim vanished"


def test_a_job_given_back_is_as_if_it_had_not_begun() -> None:
    tasks.note.enqueue("a")
    job = begin("first")
    assert give_back([job.pk], "another") == 0
    assert give_back([job.pk], "first") == 1
    assert (the_job().state, the_job().attempts, the_job().lease_until) == (State.READY, 0, None)


def test_tests_run_what_is_due_and_what_that_enqueues() -> None:
    tasks.chain.enqueue(3)
    tasks.note.using(queue_name="mail").enqueue("mail")
    assert run_jobs("mail") == 1
    assert run_jobs() == 3
    assert tasks.NOTES == ["mail", "3", "2", "1"]


def test_tests_see_the_error_of_a_job() -> None:
    tasks.fail.enqueue("boom")
    with pytest.raises(ValueError, match="boom"), structlog.testing.capture_logs():
        run_jobs()


def test_tests_run_the_future_only_when_asked() -> None:
    tasks.note.using(run_after=timezone.now() + timedelta(days=400)).enqueue("later")
    assert run_jobs() == 0
    assert run_jobs(including_future=True) == 1


def test_tests_are_told_of_jobs_without_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(testing, "ENOUGH", 20)
    tasks.come_back_in.enqueue(1)
    with pytest.raises(AssertionError, match="keep coming"):
        run_jobs(including_future=True)


def test_done_jobs_are_forgotten_after_a_week_and_failed_ones_after_three_months() -> None:
    def finished(state: State, days: int) -> Job:
        return Job.objects.create(task=str(days), state=state, finished_at=timezone.now() - timedelta(days=days))

    finished(State.DONE, 8)
    finished(State.FAILED, 91)
    kept = {finished(State.DONE, 6), finished(State.FAILED, 8), Job.objects.create(task="waits")}
    prune_finished_jobs.call()
    assert set(Job.objects.all()) == kept


def test_health_says_how_long_work_waits_and_how_much_failed() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        tasks.note.using(queue_name="mail").enqueue("a")
        clock.shift(timedelta(seconds=90))
        tasks.note.using(queue_name="mail").enqueue("b")
        tasks.note.using(queue_name="bulk", run_after=NOON + timedelta(days=1)).enqueue("c")
        Job.objects.create(task="d", lane="bulk", state=State.FAILED)
        assert oldest_waiting_seconds() == dict.fromkeys(LANES, 0.0) | {"mail": 90.0}
