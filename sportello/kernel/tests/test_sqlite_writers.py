"""Do the writers of one process queue fairly, does nobody ever keep the turn, and what is a damaged file?"""

from functools import partial
from pathlib import Path

import pytest
from django.db import IntegrityError, OperationalError, connection, transaction

from sportello.kernel.models import ScheduleRun
from sportello.kernel.sqlite.base import DatabaseWrapper
from sportello.kernel.sqlite.queue import WriterQueue, queue_of
from sportello.kernel.tests.running import Threads, wait_until

pytestmark = [pytest.mark.only_sqlite, pytest.mark.django_db(transaction=True)]
NOON = "2026-03-02T12:00:00Z"
ONE = "2026-03-02T13:00:00Z"


def the_queue() -> WriterQueue:
    return queue_of(str(connection.settings_dict["NAME"]))


def waiting_are(number: int) -> bool:
    return len(the_queue()._waiting) == number


def test_eight_threads_write_and_none_finds_the_database_locked() -> None:
    def write(writer: int) -> None:
        for number in range(25):
            with transaction.atomic():
                ScheduleRun.objects.create(name=f"{writer}/{number}", due=NOON)
            ScheduleRun.objects.filter(name=f"{writer}/{number}").update(due=ONE)

    with Threads() as threads:
        for writer in range(8):
            threads.start(write, writer)
    assert ScheduleRun.objects.filter(due=ONE).count() == 200


def test_writers_are_served_in_the_order_in_which_they_came() -> None:
    served: list[int] = []

    def write(writer: int) -> None:
        with transaction.atomic():
            served.append(writer)
            ScheduleRun.objects.create(name=str(writer), due=NOON)

    with Threads() as threads, transaction.atomic():
        for writer in range(8):
            threads.start(write, writer)
            wait_until(partial(waiting_are, writer + 1))
        assert served == []
    assert served == list(range(8))


def test_a_single_statement_waits_for_its_turn_too() -> None:
    ScheduleRun.objects.create(name="a", due=NOON)
    with Threads() as threads, transaction.atomic():
        threads.start(lambda: ScheduleRun.objects.filter(name="a").update(name="b"))
        wait_until(partial(waiting_are, 1))
        ScheduleRun.objects.create(name="c", due=NOON)
    assert ScheduleRun.objects.filter(name="b").exists()


def test_readers_do_not_wait() -> None:
    ScheduleRun.objects.create(name="a", due=NOON)
    seen: list[int] = []
    with transaction.atomic(), Threads() as threads:
        ScheduleRun.objects.create(name="b", due=NOON)
        threads.start(lambda: seen.append(ScheduleRun.objects.count()))
    assert seen == [1]


def test_nested_transactions_take_one_turn() -> None:
    with transaction.atomic(), transaction.atomic():
        ScheduleRun.objects.create(name="a", due=NOON)
        with transaction.atomic():
            ScheduleRun.objects.create(name="b", due=NOON)
    assert not the_queue()._taken


@pytest.mark.parametrize("where", ["outside", "inside"])
def test_a_failed_write_gives_the_turn_back(where: str) -> None:
    ScheduleRun.objects.create(name="a", due=NOON)
    with pytest.raises(IntegrityError):
        if where == "inside":
            with transaction.atomic():
                ScheduleRun.objects.create(name="a", due=NOON)
        else:
            ScheduleRun.objects.create(name="a", due=NOON)
    assert not the_queue()._taken


def test_closing_in_the_middle_of_a_transaction_gives_the_turn_back() -> None:
    with pytest.raises(RuntimeError), transaction.atomic():
        ScheduleRun.objects.create(name="a", due=NOON)
        connection.close()
        raise RuntimeError
    assert not the_queue()._taken
    assert not ScheduleRun.objects.exists()


def test_who_waits_too_long_leaves_the_queue() -> None:
    queue = WriterQueue()
    assert queue.acquire(timeout=1)
    assert not queue.acquire(timeout=0.01)
    queue.release()
    assert queue.acquire(timeout=0.01)


def test_a_writer_that_never_ends_is_reported_as_a_locked_database(monkeypatch: pytest.MonkeyPatch) -> None:
    def write() -> None:
        connection.ensure_connection()
        monkeypatch.setitem(connection.settings_dict["OPTIONS"], "timeout", 0.01)
        with pytest.raises(OperationalError, match="database is locked"):
            ScheduleRun.objects.create(name="b", due=NOON)

    with transaction.atomic(), Threads() as threads:
        threads.start(write)


def test_a_damaged_file_is_a_database_that_does_not_answer(tmp_path: Path) -> None:
    noise = tmp_path / "noise.sqlite3"
    noise.write_bytes(b"noise" * 20)
    with pytest.raises(OperationalError, match="file is not a database"):
        DatabaseWrapper(connection.settings_dict | {"NAME": noise}).ensure_connection()
