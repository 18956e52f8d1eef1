"""Does a job enter the queue with the transaction that asks for it, and once when that is asked?"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.db import connection, transaction
from django.utils import timezone
from django_tasks import task
from django_tasks.exceptions import InvalidTaskError
from pytest_django import DjangoAssertNumQueries

from sportello.kernel.jobs import enqueue_now, enqueue_once
from sportello.kernel.jobs.leases import claim
from sportello.kernel.jobs.testing import run_jobs
from sportello.kernel.models import Job, State
from sportello.kernel.sqlite.queue import queue_of
from sportello.kernel.tests import tasks
from sportello.kernel.tests.running import Threads, wait_until

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=ZoneInfo("UTC"))


@pytest.fixture(autouse=True)
def _no_notes() -> None:
    tasks.NOTES.clear()


@pytest.mark.django_db
def test_a_job_keeps_what_the_caller_said() -> None:
    with time_machine.travel(NOON, tick=False):
        result = tasks.append_to.using(queue_name="bulk", priority=7, run_after=NOON + timedelta(hours=1)).enqueue(
            "a", text="b"
        )
    job = Job.objects.get(pk=int(result.id))
    assert job.task == "sportello.kernel.tests.tasks.append_to"
    assert (job.args, job.kwargs, job.lane, job.priority) == (["a"], {"text": "b"}, "bulk", 7)
    assert (job.state, job.attempts, job.created_at) == (State.READY, 0, NOON)
    assert job.run_after == NOON + timedelta(hours=1)


@pytest.mark.django_db(transaction=True)
def test_a_job_of_a_transaction_that_fails_was_never_asked_for() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        tasks.note.enqueue("never")
        raise RuntimeError
    assert not Job.objects.exists()


@pytest.mark.django_db
def test_arguments_that_are_no_json_are_refused() -> None:
    with pytest.raises(TypeError):
        tasks.note.enqueue(object())  # type: ignore[arg-type]  # that is the point
    assert not Job.objects.exists()


def test_an_unknown_lane_is_refused() -> None:
    with pytest.raises(InvalidTaskError):
        tasks.note.using(queue_name="fast")


def wants_context(context: object) -> None: ...


def test_a_task_that_wants_a_context_is_refused() -> None:
    with pytest.raises(InvalidTaskError):
        task(takes_context=True)(wants_context)


@pytest.mark.django_db
def test_urgent_jobs_go_first_then_the_oldest() -> None:
    tasks.note.enqueue("first")
    tasks.note.enqueue("second")
    tasks.note.using(priority=10).enqueue("urgent")
    tasks.note.using(priority=-10).enqueue("whenever")
    assert run_jobs() == 4
    assert tasks.NOTES == ["urgent", "first", "second", "whenever"]


@pytest.mark.django_db
def test_a_job_for_later_waits_for_its_time() -> None:
    tasks.note.using(run_after=timezone.now() + timedelta(minutes=5)).enqueue("later")
    assert run_jobs() == 0
    with time_machine.travel(timezone.now() + timedelta(minutes=5)):
        assert run_jobs() == 1


@pytest.mark.django_db
def test_looking_at_an_empty_lane_is_one_reading_query(django_assert_num_queries: DjangoAssertNumQueries) -> None:
    tasks.note.using(run_after=timezone.now() + timedelta(minutes=5)).enqueue("later")
    with django_assert_num_queries(1) as captured:
        assert claim("default", "w") is None
    assert captured.captured_queries[0]["sql"].lower().startswith("select")


@pytest.mark.django_db
def test_the_next_job_is_found_by_index() -> None:
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("set local enable_seqscan = off")
    assert "job_next" in Job.objects.due("mail", timezone.now())[:1].explain()


@pytest.mark.django_db
def test_once_is_once_while_an_equal_job_waits() -> None:
    assert enqueue_once(tasks.note, "ticket 7", "a")
    assert not enqueue_once(tasks.note, "ticket 7", "b")
    assert enqueue_once(tasks.note, "ticket 8", "c")
    assert enqueue_once(tasks.chain, "ticket 7", 1)
    run_jobs()
    assert sorted(tasks.NOTES) == ["1", "a", "c"]


@pytest.mark.django_db
def test_once_is_asked_again_when_the_equal_job_has_begun_or_ended() -> None:
    enqueue_once(tasks.note, "ticket 7", "a")
    assert claim("default", "w") is not None
    assert enqueue_once(tasks.note, "ticket 7", "b")
    assert not enqueue_once(tasks.note, "ticket 7", "c")
    run_jobs()
    assert enqueue_once(tasks.note, "ticket 7", "d")


@pytest.mark.django_db
def test_once_for_later_keeps_the_time_of_the_first() -> None:
    with time_machine.travel(NOON, tick=False) as clock:
        enqueue_once(tasks.note.using(run_after=NOON + timedelta(minutes=5)), "digest", "a")
        clock.shift(timedelta(minutes=4))
        assert not enqueue_once(tasks.note.using(run_after=NOON + timedelta(minutes=9)), "digest", "b")
        clock.shift(timedelta(minutes=1))
        assert run_jobs() == 1


@pytest.mark.django_db(transaction=True)
def test_an_equal_job_does_not_begin_before_the_transaction_that_relies_on_it_ends() -> None:
    tries: list[str] = []

    def claim_it() -> None:
        while claim("default", "w") is None:
            tries.append("refused")
        tries.append("claimed")

    def kept_away() -> bool:
        if connection.vendor == "sqlite":
            return len(queue_of(str(connection.settings_dict["NAME"]))._waiting) == 1
        return len(tries) > 2

    enqueue_once(tasks.note, "ticket 7", "a")
    with Threads() as threads, transaction.atomic():
        assert not enqueue_once(tasks.note, "ticket 7", "b")
        threads.start(claim_it)
        wait_until(kept_away)
        assert "claimed" not in tries
    assert tries[-1] == "claimed"


@pytest.mark.only_postgresql
@pytest.mark.django_db(transaction=True)
def test_two_who_ask_for_the_same_at_once_do_not_wait_for_each_other() -> None:
    """A unique index would make the second wait for the first, and deadlock when the first waits for a row of its."""
    enqueue_once(tasks.note, "ticket 7", "a")
    with transaction.atomic():
        assert not enqueue_once(tasks.note, "ticket 7", "b")
        assert enqueue_once(tasks.note, "ticket 8", "c")
        with Threads() as threads:
            threads.start(enqueue_once, tasks.note, "ticket 7", "d")
            threads.start(enqueue_once, tasks.note, "ticket 8", "e")


@pytest.mark.django_db(transaction=True)
def test_eight_threads_claim_every_job_exactly_once() -> None:
    for number in range(60):
        tasks.note.enqueue(str(number))
    claimed: list[int] = []

    def claim_all(worker: int) -> None:
        while Job.objects.waiting().exists():
            if job := claim("default", str(worker)):
                claimed.append(job.pk)

    with Threads() as threads:
        for worker in range(8):
            threads.start(claim_all, worker)
    assert sorted(claimed) == sorted(Job.objects.values_list("pk", flat=True))


@pytest.mark.django_db
def test_a_waiting_job_is_hurried_and_not_doubled() -> None:
    later = timezone.now() + timedelta(hours=6)
    enqueue_once(tasks.note.using(run_after=later), "ticket 7", "a")
    enqueue_once(tasks.note.using(run_after=later), "ticket 8", "b")
    enqueue_now(tasks.note, "ticket 7", "a")
    enqueue_now(tasks.note, "ticket 9", "c")
    due = Job.objects.due("default", timezone.now())
    assert set(due.values_list("dedupe_key", flat=True)) == {"ticket 7", "ticket 9"} and Job.objects.count() == 3
